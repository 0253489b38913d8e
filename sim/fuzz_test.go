package sim_test

import (
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// input is what is left of a fuzzer's bytes: a program for a peer that means no good.
type input []byte

func (in *input) next() byte {
	if len(*in) == 0 {
		return 0
	}
	b := (*in)[0]
	*in = (*in)[1:]
	return b
}

func (in *input) take(n int) []byte {
	n = min(n, len(*in))
	b := (*in)[:n]
	*in = (*in)[n:]
	return b
}

// stage is a node with a tiny torrent and the fuzzer's peer.
type stage struct {
	world   *sim.World
	torrent *sim.Torrent
	node    *sim.Node
	raw     *sim.Raw
}

// newStage takes two bytes: who dials, what the peer offers, what the node has, whether the handshake is said already, so that
// the fuzzer does not have to guess the info-hash, and whether anybody knows how many pieces there are.
func newStage(in *input) *stage {
	w := sim.NewWorld(sim.Options{Seed: 1})
	how, has := in.next(), in.next()
	g := bt.Geometry{PieceLength: 20000, Total: 2*20000 + 7}
	if how&16 != 0 {
		g = bt.Geometry{}
	}
	st := &stage{world: w, torrent: w.AddTorrent("T", g)}
	cfg := bt.DefaultConfig()
	cfg.UploadSlots = 1 + int(has>>4)%2
	st.node = w.AddNode(sim.NodeSpec{Name: "A", Config: cfg, SuperSeed: how&16 != 0})
	st.raw = w.AddRaw("X", netip.AddrPort{})
	st.node.Join(st.torrent, func(piece uint32) bool { return has>>piece&1 != 0 })
	if how&1 != 0 {
		st.node.Learn(st.torrent, st.raw.Addr(), bt.Manual)
	} else {
		st.raw.Connect(st.node)
	}
	w.Settle()
	if how&8 == 0 {
		h := wire.NewHandshake(st.torrent.InfoHash, st.raw.ID)
		if how&2 != 0 {
			h.Reserved = wire.Reserved{}
		}
		st.raw.Write(wire.AppendHandshake(nil, h))
	}
	return st
}

// step is one instruction.
func (st *stage) step(in *input) {
	op := in.next()
	arg := int(op >> 3)
	switch op & 7 {
	case 0, 1, 2:
		st.raw.Write(in.take(1 + arg))
	case 3:
		st.world.RunTo(st.world.Now().Add(time.Duration(arg*arg) * 100 * time.Millisecond))
	case 4:
		if asked := st.raw.Asked(); len(asked) > 0 {
			b := asked[arg%len(asked)]
			st.raw.Answered(b)
			st.raw.Write(wire.AppendPieceHeader(nil, b))
			st.raw.WritePayload(sim.Run{Torrent: st.torrent.ID, Range: b, Lie: uint32(arg&16) / 16})
		}
	case 5:
		st.message(in, arg)
	case 6:
		st.trouble(arg)
	case 7:
		if !st.raw.Connected() {
			st.raw.Connect(st.node)
		}
	}
	st.world.Settle()
}

// message is a message whose form is right, so that the fuzzer gets to what it means.
func (st *stage) message(in *input, arg int) {
	ids := []wire.ID{wire.Choke, wire.Unchoke, wire.Interested, wire.NotInterested, wire.Have, wire.Request, wire.Cancel, wire.Port,
		wire.Suggest, wire.HaveAll, wire.HaveNone, wire.Reject, wire.AllowedFast, wire.KeepAlive, wire.Bitfield, wire.Extended}
	m := wire.Message{ID: ids[arg%len(ids)]}
	where := in.next()
	m.Block = st.torrent.Geometry.BlockAt(uint32(where)%3, 0)
	if where&64 != 0 && m.Block.Piece < 2 {
		m.Block = st.torrent.Geometry.BlockAt(m.Block.Piece, 1)
	}
	m.Body = []byte{where}
	switch where >> 6 {
	case 1:
		m.ExtID = 3 // upload_only
	case 2:
		m.ExtID, m.Body = 7, []byte{0, 0, 0, where & 3} // lt_donthave
	}
	st.raw.Write(wire.Append(nil, &m))
}

// trouble is what else can happen: to the disk, the line, the machine.
func (st *stage) trouble(arg int) {
	switch arg % 8 {
	case 0:
		st.node.Disk.Full = bt.NoSpace
	case 1:
		st.node.Disk.Unread = bt.IOError
	case 2:
		st.node.Disk.Unhash = bt.IOError
	case 3:
		st.node.Repair()
	case 4:
		st.node.Hold(arg&8 != 0)
	case 5:
		if st.raw.Connected() {
			st.raw.Stop(arg&8 != 0)
		}
	case 6:
		st.raw.Close(bt.Reset)
	case 7:
		st.node.Sleep(st.world.Now().Add(time.Minute))
	}
}

// check wants the world whole, and nothing held that is not in use.
func (st *stage) check(t *testing.T, given int) {
	if err := st.world.Fault(); err != nil {
		t.Fatal(err)
	}
	if n := len(st.world.Journal()); n > 64*(given+64) {
		t.Fatalf("%d things done for %d bytes", n, given)
	}
	st.node.Hold(false)
	st.node.Repair()
	st.raw.Refuses = true
	st.raw.Close(bt.Reset)
	st.world.RunTo(st.world.Now().Add(3 * time.Minute))
	if err := st.world.Fault(); err != nil {
		t.Fatal(err)
	}
	if _, peers := st.node.Peers(); len(peers) > 0 {
		t.Fatalf("%d connections after the end of the only one", len(peers))
	}
	if n := st.node.Held(); n > 0 {
		t.Fatalf("%d buffers are held by nobody", n)
	}
	for _, e := range st.world.Journal() {
		if e.Text == "closes X: " {
			t.Fatal("closed for no reason")
		}
	}
}

// Whatever a peer says, and whenever, the core does not panic, its invariants hold after every event, what it does is in proportion to
// what it was given, and it gives everything back.
func FuzzConnection(f *testing.F) {
	say := func(m ...byte) []byte { return append([]byte{byte(len(m)-1) << 3}, m...) }
	message := func(k byte) []byte { return []byte{k<<3 | 5, 0} }
	for how := range byte(4) {
		leech := append([]byte{how, 0}, message(14)...) // bitfield
		leech = append(leech, message(1)...)            // unchoke
		for range 6 {
			leech = append(leech, 4) // answer
		}
		f.Add(leech)
		seed := append([]byte{how, 7}, message(2)...) // interested
		for range 4 {
			seed = append(seed, message(5)...) // request
		}
		f.Add(append(seed, 30<<3|3, 30<<3|3))
		shown := append([]byte{how | 16, 7}, message(9+byte(how&1))...) // have all or have none
		shown = append(append(shown, 10<<3|3), message(2)...)           // wait 10 s, interested
		f.Add(append(append(shown, message(4)...), 10<<3|3, 10<<3|3))   // have
		f.Add(append([]byte{how | 8, 3}, say([]byte("\x13BitTorrent protocol")...)...))
		f.Add(append([]byte{how, 1}, say(0, 0, 0, 0, 0, 0, 0, 1, 2)...))
		f.Add([]byte{how | 16, 0, 9<<3 | 5, 0, 4<<3 | 5, 1, 15<<3 | 5, 2<<6 | 1}) // have all, have, lt_donthave
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4096 {
			return
		}
		in := input(b)
		st := newStage(&in)
		for len(in) > 0 && st.world.Fault() == nil {
			st.step(&in)
		}
		st.check(t, len(b))
	})
}
