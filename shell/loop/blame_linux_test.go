package loop

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// scripted is a peer that does what a test tells it, from an address of its own, and has every piece.
type scripted struct {
	t    *testing.T
	n    *node
	sock net.Conn
}

// dialFrom opens a connection to a node from a loopback address, and shakes hands.
func dialFrom(t *testing.T, n *node, from string, number byte) *scripted {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	sock, err := d.Dial("tcp", n.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	sock.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { sock.Close() })
	greet(t, sock.(*net.TCPConn), n.torrent, number)
	p := &scripted{t, n, sock}
	p.say(wire.AppendHaveAll(nil))
	return p
}

func (p *scripted) say(text []byte) {
	p.t.Helper()
	if _, err := p.sock.Write(text); err != nil {
		p.t.Fatal(err)
	}
}

// asked reads until the node has asked for so many blocks.
func (p *scripted) asked(n int) (blocks []bt.Block) {
	p.t.Helper()
	for len(blocks) < n {
		var head [4]byte
		if _, err := io.ReadFull(p.sock, head[:]); err != nil {
			p.t.Fatal(err)
		}
		body := make([]byte, binary.BigEndian.Uint32(head[:]))
		if _, err := io.ReadFull(p.sock, body); err != nil {
			p.t.Fatal(err)
		}
		if len(body) == 13 && wire.ID(body[0]) == wire.Request {
			number := func(at int) uint32 { return binary.BigEndian.Uint32(body[at:]) }
			blocks = append(blocks, bt.Block{Piece: number(1), Begin: number(5), Length: number(9)})
		}
	}
	return blocks
}

// send sends a block, with a wrong byte in it if it is to lie.
func (p *scripted) send(b bt.Block, lie bool) {
	off := p.n.torrent.layout.Geometry.Offset(b)
	data := bytes.Clone(p.n.torrent.content[off : off+int64(b.Length)])
	if lie {
		data[77] ^= 1
	}
	p.say(append(wire.AppendPieceHeader(nil, b), data...))
}

// choke refuses what was asked for, and waits until the node has understood.
func (p *scripted) choke(blocks ...bt.Block) {
	text := wire.AppendChoke(nil)
	for _, b := range blocks {
		text = wire.AppendReject(text, b)
	}
	p.say(text)
	p.n.await("the choke", func() (so bool) {
		p.n.look(func(_ *core.Session, snap *core.Snapshot) {
			for _, s := range snap.Peers {
				so = so || s.Addr.String() == p.sock.LocalAddr().String() && s.State.RemoteChoked() && s.Outstanding == 0
			}
		})
		return so
	})
}

// TestSmartBan lets two peers share a wrong piece over real sockets and a real disk. When an honest one has sent it right, the
// digests of its blocks prove who lied: that peer's address is banned, once, and nobody else's. [TRU-5] [TRU-10] [TRU-12] [TRU-17]
func TestSmartBan(t *testing.T) {
	to := makeTorrent(2*bt.BlockSize, 2*bt.BlockSize)
	var mu sync.Mutex
	var bans []bt.Effect
	n := startNode(t, to, t.TempDir(), func(o *Options) {
		observe := o.Observe
		o.Observe = func(e bt.Effect, err error) {
			if e.Kind == bt.Banned {
				mu.Lock()
				bans = append(bans, e)
				mu.Unlock()
			}
			observe(e, err)
		}
	})
	honest, liar := dialFrom(t, n, "127.0.0.2", 1), dialFrom(t, n, "127.0.0.3", 2)
	honest.say(wire.AppendUnchoke(nil))
	blocks := honest.asked(2)
	honest.send(blocks[0], false)
	honest.choke(blocks[1])
	liar.say(wire.AppendUnchoke(nil))
	liar.send(liar.asked(1)[0], true)
	liar.choke(liar.asked(2)...) // on parole it is asked for the whole
	honest.say(wire.AppendUnchoke(nil))
	for _, b := range honest.asked(2) {
		honest.send(b, false)
	}
	n.awaitDownload()
	n.await("the ban", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(bans) > 0
	})
	n.awaitRest()
	if len(bans) != 1 || bans[0].Addr != netip.MustParseAddrPort("127.0.0.3:0") || bans[0].Reason.Violation != clause.CorruptBlock {
		t.Errorf("%+v", bans)
	}
}
