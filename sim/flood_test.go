package sim

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// flood is a node that downloads from a slow seed, and many who connect to it and mean no good.
type flood struct {
	world   *World
	torrent *Torrent
	node    *Node // A
	slow    *Node // S, which A has reached
	crowd   []*Raw
	most    int // connections that A had at one time
	limit   int
}

// newFlood lets A reach S, before so many come, from one address, from few or each from its own.
func newFlood(conns, size, addresses int) *flood {
	w := NewWorld(Options{Seed: 1})
	f := &flood{world: w, limit: conns}
	f.torrent = w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 64 * 4 * bt.BlockSize})
	cfg := bt.DefaultConfig()
	cfg.MaxConns = conns
	f.node = w.AddNode(NodeSpec{Name: "A", Config: cfg})
	f.node.Join(f.torrent, func(uint32) bool { return false })
	f.slow = f.seed("S")
	w.SetLine(Line{Rate: 2 << 10, Latency: 20 * time.Millisecond})
	f.node.Learn(f.torrent, f.slow.Addr(), bt.Tracker)
	w.RunTo(w.now.Add(40 * time.Second))
	w.SetLine(Line{Latency: 10 * time.Millisecond})
	for i := range size {
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{172, 16, byte(i % addresses), byte(i % addresses / 256)}), 7000)
		r := w.AddRaw(fmt.Sprintf("F%d", i), at)
		r.Refuses = true
		f.crowd = append(f.crowd, r)
	}
	return f
}

func (f *flood) seed(name string) *Node {
	n := f.world.AddNode(NodeSpec{Name: name, Config: bt.DefaultConfig()})
	n.Join(f.torrent, func(uint32) bool { return true })
	return n
}

// The ways of a stranger: how much of a handshake he says, and what he pretends.
const (
	silent = iota
	short
	whole
	interested
	promising
	lying
	numWays
)

// attack lets one of the crowd connect, if it is not connected, and say what it has to say.
func (f *flood) attack(r *Raw, way int) {
	if r.Connected() {
		return
	}
	n := f.torrent.Geometry.NumPieces()
	all := bitset.New(uint(n)).FlipRange(0, uint(n))
	b := wire.AppendHandshake(nil, wire.NewHandshake(f.torrent.InfoHash, r.ID))
	switch way {
	case silent:
		b = nil
	case short:
		b = b[:60]
	case interested:
		b = wire.AppendInterested(wire.AppendHaveNone(b))
	case promising:
		b = wire.AppendUnchoke(wire.AppendHaveAll(b))
	case lying: // of our address, and of its own port
		b = wire.AppendExtended(b, 0, []byte("d1:pi6881e6:yourip4:\xac\x10"+string(r.ID[8:10])+"e"))
		b = wire.AppendUnchoke(wire.AppendBitfield(b, all, n))
	}
	r.Begin(b)
	r.Connect(f.node)
}

// pass lets time pass, and looks how many connections there are.
func (f *flood) pass(d time.Duration) {
	f.world.RunTo(f.world.now.Add(d))
	_, peers := f.node.Peers()
	f.most = max(f.most, len(peers), len(f.node.sockets))
}

// held tells what is wrong: A has too many connections, or has closed one that was of use.
func (f *flood) held(useful ...string) error {
	if err := f.world.Fault(); err != nil {
		return err
	}
	if f.most > f.limit+50 {
		return fmt.Errorf("%d connections", f.most)
	}
	for line := range strings.Lines(Format(f.world.entries)) {
		for _, name := range useful {
			if strings.Contains(line, "A closes "+name+": "+bt.Evicted.String()) || strings.Contains(line, "A closes "+name+": "+bt.TurnedOver.String()) {
				return fmt.Errorf("%s", line)
			}
		}
	}
	return nil
}

// tail is the end of the journal.
func (f *flood) tail() string { return Format(f.world.entries[max(0, len(f.world.entries)-50):]) }

// Three hundred connections, from one address, from a few or from as many, cost no more than the places that there are for them, and none
// that is of use; and A finds its way to a peer that it is told of meanwhile. [LIM-1] [LIM-8] [LIM-10] [LIM-11] [LIM-12] [LIM-15]
func TestFlood(t *testing.T) {
	for _, addresses := range []int{1, 300} {
		for way := range numWays {
			if testing.Short() && way%3 != addresses%2 {
				continue // a third of them: nothing here is concurrent
			}
			f := newFlood(100, 300, addresses)
			for i, r := range f.crowd {
				f.attack(r, way)
				if i%10 == 9 {
					f.pass(50 * time.Millisecond)
				}
			}
			fast := f.seed("D")
			f.node.Learn(f.torrent, fast.Addr(), bt.Tracker)
			for range 10 {
				f.pass(30 * time.Second)
				for _, r := range f.crowd {
					f.attack(r, way)
				}
			}
			f.pass(5 * time.Minute)
			if err := f.held("S", "D"); err != nil {
				t.Errorf("%d addresses, way %d: %v", addresses, way, err)
			}
			if !f.node.Complete(f.torrent) {
				t.Errorf("%d addresses, way %d: not complete", addresses, way)
			}
		}
	}
}

// Whatever a crowd does, the same holds. Afterwards all places are free for others. [LIM-1] [LIM-8] [LIM-10] [LIM-11] [LIM-12]
func TestFloods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFlood(rapid.IntRange(2, 20).Draw(t, "places"), 80, rapid.SampledFrom([]int{1, 5, 80}).Draw(t, "addresses"))
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			first := rapid.IntRange(0, len(f.crowd)-1).Draw(t, "first")
			many := rapid.IntRange(1, 80).Draw(t, "many")
			way := rapid.IntRange(0, numWays-1).Draw(t, "way")
			for _, r := range f.crowd[first:min(len(f.crowd), first+many)] {
				switch rapid.IntRange(0, 9).Draw(t, "leave") {
				case 0:
					r.Close(bt.EOF)
				default:
					f.attack(r, way)
				}
			}
			f.pass(time.Duration(rapid.SampledFrom([]int{0, 1, 100, 1000, 9999, 20000}).Draw(t, "wait")) * time.Millisecond)
		}
		if err := f.held("S"); err != nil {
			t.Fatalf("%v\n%s", err, f.tail())
		}
		f.pass(time.Second) // all have come who were on their way
		for _, r := range f.crowd {
			r.Close(bt.EOF)
		}
		f.pass(30 * time.Second)
		if _, peers := f.node.Peers(); len(peers) != 1 || !peers[0].State.Open() {
			t.Fatalf("%d connections are left\n%s", len(peers), f.tail())
		}
	})
}
