package sim

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// overUDP is a seed S, who can send so many bytes a second, and two downloaders who know of it and of each other; all dial over uTP alone.
func overUDP(line Line, pieces int, rate int64) (w *World, t *Torrent, nodes []*Node) {
	line.Datagrams = true
	w = NewWorld(Options{Seed: 3, Trace: NewTrace()})
	w.SetLine(line)
	t = w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: int64(pieces) * 4 * bt.BlockSize})
	cfg := bt.DefaultConfig()
	cfg.Transports = bt.OnlyUTP
	for _, name := range []string{"S", "A", "B"} {
		n := w.AddNode(NodeSpec{Name: name, Config: cfg, Uplink: rate, Downlink: 4 * rate})
		n.Join(t, func(uint32) bool { return name == "S" })
		for _, other := range nodes {
			n.Learn(t, other.Addr(), bt.Tracker)
		}
		nodes = append(nodes, n)
	}
	return w, t, nodes
}

// complete lets the world go on until all have everything, and tells when that was.
func complete(t *testing.T, w *World, torrent *Torrent, nodes []*Node) bt.Instant {
	t.Helper()
	whole := func() bool {
		for _, n := range nodes {
			if !n.Complete(torrent) {
				return false
			}
		}
		return true
	}
	if !w.RunUntil(w.Now().Add(20*time.Minute), whole) {
		t.Fatalf("not complete after %v: %v", w.Now(), w.Fault())
	}
	return w.Now()
}

// On a line that loses datagrams, shakes them and lets some overtake others, everything arrives, and the same happens each time.
func TestUDPArrives(t *testing.T) {
	var sums [2]Sum
	for i := range sums {
		w, torrent, nodes := overUDP(Line{Latency: 20 * time.Millisecond, Jitter: 30 * time.Millisecond, Loss: 10_000}, 40, 256<<10)
		complete(t, w, torrent, nodes)
		if w.injected[fault.Loss] < 10 || w.injected[fault.Jitter] < 1000 {
			t.Errorf("%d were lost, %d late", w.injected[fault.Loss], w.injected[fault.Jitter])
		}
		for _, n := range nodes {
			if err := n.sock.socket.Check(); err != nil {
				t.Error(err)
			}
			_, peers := n.Peers()
			for _, p := range peers {
				if p.Transport != bt.UTP {
					t.Errorf("%s is connected over %v", n.name, p.Transport)
				}
			}
		}
		sums[i] = w.options.Trace.Sum()
	}
	if sums[0] != sums[1] {
		t.Errorf("%v, and then %v", sums[0], sums[1])
	}
}

// A full uplink does not fill the router before it: uTP keeps what waits there to about 100 ms.
func TestUDPGivesWay(t *testing.T) {
	const rate = 256 << 10
	w, torrent, nodes := overUDP(Line{Latency: 20 * time.Millisecond}, 200, rate)
	seed := nodes[0].uplink
	var waits time.Duration
	samples := 0
	for w.RunTo(bt.Instant(5 * time.Second)); w.Now() < bt.Instant(30*time.Second); samples++ {
		w.RunTo(w.Now().Add(50 * time.Millisecond))
		waits += max(0, seed.busy.Sub(w.Now()))
	}
	if mean := waits / time.Duration(samples); mean > 150*time.Millisecond || mean < 20*time.Millisecond {
		t.Errorf("%v waits in the mean", mean)
	}
	took := time.Duration(complete(t, w, torrent, nodes))
	if best := time.Second * 200 * 4 * bt.BlockSize / rate; took < best || took > 3*best {
		t.Errorf("it took %v, and %v at best", took, best)
	}
}

// Whoever crashes is missed, comes back, and completes.
func TestUDPCrash(t *testing.T) {
	w, torrent, nodes := overUDP(Line{Latency: 20 * time.Millisecond}, 100, 256<<10)
	w.RunTo(bt.Instant(10 * time.Second))
	a := nodes[1]
	a.Crash()
	w.RunTo(w.Now().Add(time.Second))
	if _, peers := nodes[0].Peers(); len(peers) != 1 {
		t.Errorf("%d connections after the crash", len(peers))
	}
	cfg := bt.DefaultConfig()
	cfg.Transports = bt.OnlyUTP
	b := w.AddNode(NodeSpec{Name: "A", Addr: a.Addr(), Config: cfg, Uplink: 256 << 10})
	b.Resume(torrent, a.Disk, false)
	b.Learn(torrent, nodes[0].Addr(), bt.Tracker)
	complete(t, w, torrent, []*Node{b, nodes[2]})
}
