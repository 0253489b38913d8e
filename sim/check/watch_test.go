package check_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
	"peerwire/sim/check"
)

// scene is a node and who looks at it; what the node says and is told is made up.
type scene struct {
	sim.Watcher
	torrent *sim.Torrent
}

const conn = bt.ConnID(1)

// stranger is who is at the other end of conn.
var stranger = netip.MustParseAddrPort("10.0.0.7:6881")

func newScene(all bool) *scene {
	w := sim.NewWorld(sim.Options{Seed: 1, Swift: true})
	t := w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 80*bt.BlockSize - 7})
	n := w.AddNode(sim.NodeSpec{Name: "A", Config: bt.DefaultConfig()})
	n.Join(t, func(uint32) bool { return all })
	s := &scene{Watcher: check.Watch(n, t, check.Rules{}), torrent: t}
	have := bitset.New(20)
	if all {
		have.FlipRange(0, 20)
	}
	s.Told(&bt.Event{Kind: bt.Accept, Conn: conn, Addr: stranger})
	s.Told(&bt.Event{Kind: bt.AddTorrent, Torrent: t.ID, Spec: &bt.TorrentSpec{Have: have}})
	return s
}

// shake lets both ends say their handshakes; the far end offers Fast or does not.
func (s *scene) shake(fast bool) *scene {
	h := wire.NewHandshake(s.torrent.InfoHash, bt.PeerID{})
	s.says(wire.AppendHandshake(nil, h))
	if !fast {
		h.Reserved = wire.Reserved{}
	}
	s.hears(wire.AppendHandshake(nil, h))
	return s
}

func (s *scene) says(b []byte) { s.Wrote(conn, b, 0) }

func (s *scene) hears(b []byte) {
	s.Told(&bt.Event{Kind: bt.Received, Conn: conn, Data: b})
	half := len(b) / 2
	s.Did(&bt.Effect{Kind: bt.Need, Conn: conn, N: half})
	s.Did(&bt.Effect{Kind: bt.Need, Conn: conn, N: len(b) - half})
}

// stores lets the node take a whole piece from its peer, and write it.
func (s *scene) stores(piece uint32) {
	for k := range s.torrent.Geometry.NumBlocks(piece) {
		token := bt.Token(100 + k)
		s.Did(&bt.Effect{Kind: bt.Need, Conn: conn, Want: bt.WantPayload, Token: token})
		s.Did(&bt.Effect{Kind: bt.Store, Token: token, Block: s.torrent.Geometry.BlockAt(piece, k)})
		s.Told(&bt.Event{Kind: bt.Stored, Token: token})
	}
}

// sends lets the node send a block.
func (s *scene) sends(b bt.Block) { s.Wrote(conn, wire.AppendPieceHeader(nil, b), int(b.Length)) }

// part is what a node does and is told, and which checker finds it wrong; none when all is well.
type part struct {
	want  check.Checker
	seeds bool // the node has everything
	fast  bool
	play  func(s *scene)
}

// play plays parts, each by itself.
func play(t *testing.T, parts []part) {
	t.Helper()
	for _, test := range parts {
		s := newScene(test.seeds).shake(test.fast)
		if err := s.Done(); err != nil {
			t.Fatal(err)
		}
		test.play(s)
		var f *check.Failure
		err := s.Done()
		if errors.As(err, &f); (err == nil) != (test.want == "") || err != nil && f.Checker != test.want {
			t.Errorf("want %q, have %v", test.want, err)
		}
	}
}

// Each checker finds what it is there for, after the event that is wrong, and nothing before.
func TestWatch(t *testing.T) {
	b := bt.Block{Piece: 2, Begin: bt.BlockSize, Length: bt.BlockSize}
	last := bt.Block{Piece: 19, Begin: 3 * bt.BlockSize, Length: bt.BlockSize - 7}
	play(t, []part{
		{"", true, true, func(s *scene) {
			s.says(wire.AppendHaveAll(nil))
			s.hears(wire.AppendHaveNone(nil))
			s.hears(wire.AppendInterested(nil))
			s.says(wire.AppendUnchoke(wire.AppendAllowedFast(nil, 2)))
			s.hears(wire.AppendRequest(wire.AppendRequest(wire.AppendRequest(nil, b), last), b))
			s.sends(b)
			s.sends(last)
			s.says(wire.AppendChoke(nil))
			s.sends(b)
		}},
		{check.Choke, true, true, func(s *scene) {
			s.says(wire.AppendHaveAll(nil))
			s.hears(wire.AppendRequest(nil, b))
			s.sends(b)
		}},
		{check.Choke, true, false, func(s *scene) {
			s.says(wire.AppendUnchoke(nil))
			s.hears(wire.AppendRequest(nil, b))
			s.says(wire.AppendChoke(nil))
			s.sends(b)
		}},
		{check.Answers, true, true, func(s *scene) {
			s.says(wire.AppendUnchoke(wire.AppendHaveAll(nil)))
			s.hears(wire.AppendRequest(nil, b))
			s.says(wire.AppendReject(nil, b))
			s.sends(b)
		}},
		{check.Answers, true, false, func(s *scene) {
			s.says(wire.AppendUnchoke(nil))
			s.hears(wire.AppendCancel(wire.AppendRequest(nil, b), b))
			s.sends(b)
		}},
		{check.Order, true, false, func(s *scene) {
			s.hears(wire.AppendRequest(nil, b))
			s.says(wire.AppendReject(nil, b))
		}},
		{check.Order, true, true, func(s *scene) { s.says(wire.AppendUnchoke(nil)) }},
		{check.Order, true, true, func(s *scene) { s.says(wire.AppendHaveAll(wire.AppendHaveAll(nil))) }},
		{check.Order, false, false, func(s *scene) { s.says(wire.AppendExtended(nil, 0, []byte("de"))) }},
		{check.Supply, false, true, func(s *scene) { s.says(wire.AppendHaveAll(nil)) }},
		{check.Supply, false, true, func(s *scene) { s.says(wire.AppendHave(wire.AppendHaveNone(nil), 3)) }},
		{check.Supply, false, false, func(s *scene) { s.says(wire.AppendBitfield(nil, bitset.New(20).Set(7), 20)) }},
		{"", false, true, func(s *scene) {
			s.says(wire.AppendInterested(wire.AppendHaveNone(nil)))
			s.hears(wire.AppendUnchoke(wire.AppendHaveAll(nil)))
			s.says(wire.AppendRequest(wire.AppendRequest(nil, b), last))
		}},
		{"", false, true, func(s *scene) {
			s.says(wire.AppendInterested(wire.AppendHaveNone(nil)))
			s.hears(wire.AppendAllowedFast(wire.AppendHaveAll(nil), 2))
			s.says(wire.AppendRequest(nil, b))
		}},
		{check.Requests, false, true, func(s *scene) { // choked
			s.says(wire.AppendInterested(wire.AppendHaveNone(nil)))
			s.hears(wire.AppendHaveAll(nil))
			s.says(wire.AppendRequest(nil, b))
		}},
		{check.Requests, false, true, func(s *scene) { // it lacks the piece
			s.says(wire.AppendInterested(wire.AppendHaveNone(nil)))
			s.hears(wire.AppendUnchoke(wire.AppendBitfield(nil, bitset.New(20).Set(3), 20)))
			s.says(wire.AppendRequest(nil, b))
		}},
		{check.Requests, false, false, func(s *scene) { // no interest
			s.hears(wire.AppendUnchoke(wire.AppendHave(nil, 2)))
			s.says(wire.AppendRequest(nil, b))
		}},
		{check.Requests, false, true, func(s *scene) { // half a block
			s.says(wire.AppendInterested(wire.AppendHaveNone(nil)))
			s.hears(wire.AppendUnchoke(wire.AppendHaveAll(nil)))
			s.says(wire.AppendRequest(nil, bt.Block{Piece: 2, Length: 100}))
		}},
		{check.Pieces, false, true, func(s *scene) { s.Did(&bt.Effect{Kind: bt.Passed, Torrent: s.torrent.ID, Piece: 4}) }},
		{check.Closed, false, true, func(s *scene) { s.Did(&bt.Effect{Kind: bt.Close, Conn: conn}) }},
		{check.Closed, false, true, func(s *scene) {
			s.Did(&bt.Effect{Kind: bt.Close, Conn: conn, Reason: bt.Reason{Cause: bt.Inactive}})
			s.says(wire.AppendHaveNone(nil))
		}},
		{check.Closed, false, true, func(s *scene) {
			s.Told(&bt.Event{Kind: bt.Closed, Conn: conn, Fault: bt.EOF})
			if err := s.Done(); err != nil {
				panic(err)
			}
			s.Did(&bt.Effect{Kind: bt.WantWrite, Conn: conn})
		}},
		{check.Banned, false, true, func(s *scene) {
			at := netip.MustParseAddrPort("10.0.0.9:6881")
			s.Did(&bt.Effect{Kind: bt.Banned, Addr: at, Until: bt.Instant(time.Hour)})
			s.Did(&bt.Effect{Kind: bt.Dial, Conn: 2, Addr: at})
		}},
	})
}

// What the core asks its disk for is looked at in the same way.
func TestWatchDisk(t *testing.T) {
	b := bt.Block{Piece: 2, Begin: bt.BlockSize, Length: bt.BlockSize}
	play(t, []part{
		{check.Reads, false, true, func(s *scene) { s.Did(&bt.Effect{Kind: bt.Fetch, Conn: conn, Token: 1, Block: b}) }},
		{check.Reads, true, true, func(s *scene) { // the first finds the piece lost
			s.Did(&bt.Effect{Kind: bt.Fetch, Conn: conn, Token: 1, Block: b})
			s.Told(&bt.Event{Kind: bt.Fetched, Token: 1, Fault: bt.IOError})
			s.Did(&bt.Effect{Kind: bt.Fetch, Conn: conn, Token: 2, Block: b})
		}},
		{check.Pauses, false, true, func(s *scene) { s.Did(&bt.Effect{Kind: bt.PauseRead, Conn: conn}) }},
		{"", false, true, func(s *scene) {
			s.stores(4)
			s.Did(&bt.Effect{Kind: bt.Verify, Piece: 4})
			s.Did(&bt.Effect{Kind: bt.Banned, Addr: stranger}) // it is whole already
		}},
		{check.Blocks, false, true, func(s *scene) { s.Did(&bt.Effect{Kind: bt.Verify, Piece: 4}) }},
		{check.Blocks, false, true, func(s *scene) {
			s.stores(4)
			s.Did(&bt.Effect{Kind: bt.Banned, Addr: stranger})
			s.Did(&bt.Effect{Kind: bt.Verify, Piece: 4})
		}},
		{check.Blocks, false, true, func(s *scene) { // it was wrong, and nothing came since
			s.stores(4)
			s.Did(&bt.Effect{Kind: bt.Verify, Piece: 4})
			s.Told(&bt.Event{Kind: bt.Verified, Piece: 4})
			s.Did(&bt.Effect{Kind: bt.Verify, Piece: 4})
		}},
	})
}
