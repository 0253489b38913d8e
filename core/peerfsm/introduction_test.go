package peerfsm

import (
	"net/netip"
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// open is a connection of a torrent of n pieces of one block each whose handshakes are done, with Fast and extensions.
func open(t *testing.T, n uint32) *Peer {
	t.Helper()
	l := &Local{Torrent: 1, Geometry: bt.Geometry{PieceLength: bt.BlockSize, Total: int64(n) * bt.BlockSize}}
	return openTo(t, l)
}

func openTo(t *testing.T, l *Local) *Peer {
	t.Helper()
	n := l.Geometry.NumPieces()
	if l.Have == nil {
		l.Have = bitset.New(uint(n))
	}
	p := new(Peer)
	p.Queue(bt.NewWhy(0, bt.WaitsForPlace), 1, netip.MustParseAddrPort("10.0.0.2:6881"), bt.TCP, &Self{}, l)
	p.Dial(0, bt.WasDialled, ConnectTimeout)
	p.Connected(0)
	hear(t, p, wire.AppendHandshake(nil, wire.NewHandshake(l.InfoHash, bt.PeerID{1})))
	if !p.Open() {
		t.Fatal("not open after its handshake")
	}
	return p
}

// hear lets the connection take bytes that are whole messages, and gives the last fact.
func hear(t *testing.T, p *Peer, b []byte) (f Fact) {
	t.Helper()
	for len(b) > 0 {
		var n int
		if n, f = p.Step(0, b); n == 0 {
			return f
		}
		b = b[n:]
	}
	return f
}

// tell lets the peer be told all that it is to be told now.
func tell(p *Peer) {
	room := make([]byte, 4096)
	for p.Arm(0); !p.Disarm(); {
		p.Transmit(0, room)
	}
}

// What a peer says of our address is kept, the last word of it, and nothing that is no address. [EXT-15]
func TestYourIP(t *testing.T) {
	p := open(t, 1)
	if p.YourIP().IsValid() {
		t.Errorf("knows %v before it was told", p.YourIP())
	}
	for _, step := range []struct{ says, want string }{
		{"d6:yourip4:\xc0\x00\x02\x01e", "192.0.2.1"},
		{"d1:pi1ee", "192.0.2.1"},
		{"d6:yourip5:\xc0\x00\x02\x01\x01e", "192.0.2.1"},
		{"d6:youripi7ee", "192.0.2.1"},
		{"d6:yourip16:\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xc0\x00\x02\x02e", "192.0.2.2"},
		{"d6:yourip16:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01e", "2001:db8::1"},
	} {
		if f := hear(t, p, wire.AppendExtended(nil, 0, []byte(step.says))); f.Kind != Introduced {
			t.Errorf("%q: fact %d", step.says, f.Kind)
		}
		if got := p.YourIP().String(); got != step.want {
			t.Errorf("%q: our address is %s, want %s", step.says, got, step.want)
		}
	}
}
