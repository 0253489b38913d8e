package sim

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// attempt is one dial of a node by another.
type attempt struct {
	byB     bool
	outside bool // at the address that the router shows
	wait    time.Duration
	line    Line
}

// pairing is two nodes that dial each other, in whatever order and over whatever lines.
type pairing struct {
	cutting  Cutting
	tight    bool
	swapped  bool // B has the smaller peer id
	sameIP   bool
	sameHome bool // they stand behind one router
	may      [2]bt.Transports
	deaf     [2]bool // it is not reached over uTP
	attempts []attempt
}

func drawPairing(t *rapid.T) *pairing {
	span := func(name string) time.Duration {
		return time.Duration(rapid.SampledFrom([]int{0, 1, 2, 1000, 2000, 3000}).Draw(t, name)) * time.Millisecond
	}
	p := &pairing{
		cutting: Cutting(rapid.IntRange(0, 2).Draw(t, "cutting")), tight: rapid.Bool().Draw(t, "tight"), swapped: rapid.Bool().Draw(t, "swapped"),
		sameIP: rapid.Bool().Draw(t, "same IP"), sameHome: rapid.Bool().Draw(t, "same home"),
	}
	for i := range p.may {
		p.may[i] = bt.Transports(rapid.IntRange(0, 2).Draw(t, "transports"))
		p.deaf[1-i] = p.may[i] != bt.OnlyUTP && rapid.Bool().Draw(t, "deaf")
	}
	for range rapid.IntRange(1, 4).Draw(t, "attempts") {
		p.attempts = append(p.attempts, attempt{
			byB: rapid.Bool().Draw(t, "by B"), outside: rapid.Bool().Draw(t, "outside"), wait: span("wait"),
			line: Line{Latency: span("latency"), Back: span("back"), Window: rapid.SampledFrom([]int{0, 1}).Draw(t, "window")},
		})
	}
	return p
}

// play lets the two meet, and gives them when all has come to rest, long before anybody dials again.
func (p *pairing) play() (w *World, a, b *Node) {
	w = NewWorld(Options{Seed: 1, Cutting: p.cutting, Tight: p.tight})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: bt.BlockSize, Total: bt.BlockSize})
	names := []string{"X", "Y"}
	if p.swapped {
		names = []string{"Y", "X"}
	}
	var nodes []*Node
	for i := range 2 {
		cfg := bt.DefaultConfig()
		cfg.PeerID = PeerIDOf(names[i])
		cfg.Transports = p.may[i]
		ip, out := byte(i+1), byte(i+1)
		if p.sameIP {
			ip = 1
		}
		if p.sameHome {
			out = 1
		}
		n := w.AddNode(NodeSpec{Name: string(rune('A' + i)), Config: cfg, Addr: endpoint(10, ip, 7000+i)})
		w.Route(n, endpoint(192, out, 8000+i))
		n.Join(torrent, func(uint32) bool { return false })
		w.Deafen(n, bt.UTP, p.deaf[i])
		nodes = append(nodes, n)
	}
	for _, at := range p.attempts {
		from, to := nodes[0], nodes[1]
		if at.byB {
			from, to = to, from
		}
		addr := to.Addr()
		if at.outside {
			addr = w.outside(to)
		}
		w.RunTo(w.now.Add(at.wait))
		w.SetLine(at.line)
		from.Learn(torrent, addr, bt.Tracker)
	}
	w.RunTo(bt.Instant(50 * time.Second))
	return w, nodes[0], nodes[1]
}

func endpoint(net, host byte, port int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{net, 0, 2, host}), uint16(port))
}

// Two nodes that dial each other, once or several times, at one address or at two, over one transport or both, in whatever order all of that
// arrives, come to have exactly one connection; both the same. [DUP-2] [DUP-3] [DUP-4] [DUP-6] [DIA-17] [DIA-18]
func TestTwinsMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPairing(t)
		w, a, b := p.play()
		if err := p.met(w, a, b); err != nil {
			t.Fatalf("%v\n%s", err, Format(w.Journal()))
		}
	})
}

func (p *pairing) met(w *World, a, b *Node) error {
	if w.Fault() != nil {
		return w.Fault()
	}
	if len(a.sockets) != 1 || len(b.sockets) != 1 {
		return fmt.Errorf("A has %d connections, B %d", len(a.sockets), len(b.sockets))
	}
	if a.sockets[0].end.far != b.sockets[0].end {
		return fmt.Errorf("they have different connections")
	}
	for _, n := range []*Node{a, b} {
		if _, peers := n.Peers(); len(peers) != 1 || !peers[0].State.Open() {
			return fmt.Errorf("%s has %d connections in its core", n.name, len(peers))
		}
	}
	return nil
}

// All the ways in which two dials can be made at one time, over lines of three lengths each way, one of which is too long for a dial over uTP
// that TCP can follow: the same holds. [DUP-2] [DUP-3] [DIA-18]
func TestTwinsMeetEveryWay(t *testing.T) {
	spans := []time.Duration{time.Millisecond, time.Second, 3 * time.Second}
	const ways = 2 * 2 * 9 // by whom, to which address, over which line
	step := 1
	if testing.Short() {
		step = 17 // which goes through all that is drawn from n: nothing here is concurrent
	}
	for n := 0; n < 2*ways*ways; n += step {
		may := [2]bt.Transports{bt.Transports(n / 5 % 3), bt.Transports(n / 7 % 3)}
		p := &pairing{cutting: Cutting(n % 3), tight: true, swapped: n%2 == 1, may: may}
		for k, rest := 0, n/2; k < 2; k++ {
			way := rest % ways
			rest /= ways
			p.attempts = append(p.attempts, attempt{
				byB: way%2 == 1, outside: way/2%2 == 1, line: Line{Latency: spans[way/4%3], Back: spans[way/12], Window: 1},
			})
		}
		w, a, b := p.play()
		if err := p.met(w, a, b); err != nil {
			t.Fatalf("%+v: %v\n%s", p, err, Format(w.Journal()))
		}
	}
}
