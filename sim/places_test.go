package sim

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// places is a node with few places for connections, and strangers who want them: of a few addresses, some with the peer id of another,
// or the node's own.
type places struct {
	world    *World
	torrents []*Torrent
	node     *Node
	raws     []*Raw
	joined   [2]bool
}

func drawPlaces(t *rapid.T) *places {
	w := NewWorld(Options{Seed: rapid.Uint64Range(1, 1000).Draw(t, "seed"), Tight: rapid.Bool().Draw(t, "tight")})
	p := &places{world: w}
	g := bt.Geometry{PieceLength: bt.BlockSize, Total: 3 * bt.BlockSize}
	p.torrents = []*Torrent{w.AddTorrent("T", g), w.AddTorrent("U", g)}
	p.torrents[1].Private = rapid.Bool().Draw(t, "private")
	cfg := bt.DefaultConfig()
	cfg.MaxConns, cfg.MaxHalfOpen = rapid.IntRange(0, 20).Draw(t, "places"), rapid.IntRange(0, 4).Draw(t, "half-open")
	cfg.UploadSlots = rapid.IntRange(0, 3).Draw(t, "slots")
	p.node = w.AddNode(NodeSpec{Name: "A", Config: cfg})
	w.SetLine(Line{Latency: time.Duration(rapid.IntRange(0, 1).Draw(t, "latency")) * time.Second})
	for i := range 24 {
		r := w.AddRaw(fmt.Sprintf("X%d", i), p.address(i))
		r.Refuses, r.Silent = i%7 == 1, i%7 == 2
		switch i % 8 {
		case 4, 5:
			r.ID = p.raws[i-i%8+3].ID
		case 6:
			r.ID = PeerIDOf("A")
		}
		p.raws = append(p.raws, r)
	}
	p.join(t, 0)
	p.join(t, 1)
	return p
}

// address is one of three addresses, or in one network of IPv6, with a port that nobody else has.
func (p *places) address(i int) netip.AddrPort {
	ip := netip.AddrFrom4([4]byte{10, 0, 9, byte(i % 3)})
	if i%2 == 0 {
		ip = netip.AddrFrom16([16]byte{0x20, 1, 0x0d, 0xb8, 15: byte(i)})
	}
	return netip.AddrPortFrom(ip, uint16(7000+i))
}

func (p *places) join(t *rapid.T, i int) {
	spec := bt.TorrentSpec{MaxConns: rapid.SampledFrom([]int{0, 0, 1, 3, 7}).Draw(t, "torrent's places")}
	p.node.JoinWith(p.torrents[i], func(piece uint32) bool { return piece == 0 }, spec)
	p.joined[i] = true
}

// steps are the things that can happen, some more often than others.
var steps = []string{"learn", "learn", "call", "call", "rush", "say", "say", "say", "leave", "wait", "wait", "torrent", "sleep"}

// step lets one thing happen.
func (p *places) step(t *rapid.T) {
	r := p.raws[rapid.IntRange(0, len(p.raws)-1).Draw(t, "who")]
	torrent := p.torrents[rapid.IntRange(0, 1).Draw(t, "torrent")]
	switch rapid.SampledFrom(steps).Draw(t, "step") {
	case "learn":
		if !r.Connected() && len(r.unsent) == 0 {
			r.Begin(p.greeting(t, r, torrent))
		}
		p.node.Learn(torrent, r.addr, bt.Source(rapid.IntRange(0, 3).Draw(t, "source")))
	case "call":
		p.call(t, r, torrent)
	case "rush":
		for _, r := range p.raws[:rapid.IntRange(1, len(p.raws)).Draw(t, "who")] {
			p.call(t, r, torrent)
		}
	case "say":
		p.say(t, r, torrent)
	case "leave":
		r.Close(rapid.SampledFrom([]bt.Fault{bt.EOF, bt.Reset}).Draw(t, "how"))
	case "wait":
		d := rapid.SampledFrom([]time.Duration{0, 1, time.Second, 10*time.Second - 1, 10 * time.Second, 15 * time.Second, time.Minute, 100 * time.Second,
			300 * time.Second}).Draw(t, "wait")
		p.world.RunTo(p.world.now.Add(d))
	case "torrent":
		i := int(torrent.ID) - 1
		if p.joined[i] {
			p.node.Quit(torrent)
			p.joined[i] = false
		} else {
			p.join(t, i)
		}
	case "sleep":
		p.node.Sleep(p.world.now.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "sleep")) * time.Second))
	}
}

// call lets one connect.
func (p *places) call(t *rapid.T, r *Raw, torrent *Torrent) {
	if !r.Connected() {
		r.unsent = nil
		r.Begin(p.greeting(t, r, torrent))
		r.Connect(p.node)
	}
}

// greeting is a handshake, or the beginning of one.
func (p *places) greeting(t *rapid.T, r *Raw, torrent *Torrent) []byte {
	b := wire.AppendHandshake(nil, wire.NewHandshake(torrent.InfoHash, r.ID))
	return b[:rapid.SampledFrom([]int{0, 20, 48, 67, 68, 68, 68, 68}).Draw(t, "so much of a handshake")]
}

// say says something that an open connection may say, or a handshake where one is awaited.
func (p *places) say(t *rapid.T, r *Raw, torrent *Torrent) {
	if !r.Connected() || r.calling {
		return
	}
	var b []byte
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0:
		b = p.greeting(t, r, torrent)
	case 1:
		b = wire.AppendInterested(nil)
	case 2:
		b = wire.AppendUnchoke(wire.AppendHave(nil, 1))
	case 3:
		port := rapid.SampledFrom([]int{0, 7000, 7001, 7002, 7003, int(r.addr.Port())}).Draw(t, "port")
		b = wire.AppendExtended(nil, 0, fmt.Appendf(nil, "d1:pi%de6:yourip4:\x0a\x00\x00%ce", port, rapid.Byte().Draw(t, "we are")))
	case 4:
		b = wire.AppendKeepAlive(nil)
	case 5:
		b = wire.AppendHave(nil, 9) // which there is not
	}
	r.Write(b)
}

// However few places there are, and whoever wants them, no limit is passed and nobody is counted twice; every connection ends when
// everybody has left. [LIM-1] [LIM-8] [LIM-10] [LIM-12] [LIM-13] [DUP-3] [DUP-7]
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlaces(t)
		for range rapid.IntRange(20, 120).Draw(t, "steps") {
			p.step(t)
			p.world.Settle()
		}
		p.world.RunTo(p.world.now.Add(30 * time.Second))
		for i, torrent := range p.torrents {
			if p.joined[i] {
				p.node.Quit(torrent)
			}
		}
		p.world.RunTo(p.world.now.Add(30 * time.Second))
		if err := p.world.Fault(); err != nil {
			t.Fatalf("%v\n%s", err, Format(p.world.entries[max(0, len(p.world.entries)-40):]))
		}
		if _, peers := p.node.Peers(); len(peers) > 0 || len(p.node.sockets) > 0 {
			t.Fatalf("%d connections are left, %d sockets", len(peers), len(p.node.sockets))
		}
	})
}
