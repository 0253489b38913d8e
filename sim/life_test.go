package sim_test

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
)

// pair is a seed S and a downloader A who knows of it, on a line that takes its time.
func pair(pieces int, down int64) (w *sim.World, t *sim.Torrent, seed, a *sim.Node) {
	w = sim.NewWorld(sim.Options{Seed: 7})
	w.SetLine(sim.Line{Latency: 20 * time.Millisecond})
	t = w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: int64(pieces) * 4 * bt.BlockSize})
	seed = w.AddNode(sim.NodeSpec{Name: "S", Config: bt.DefaultConfig(), Uplink: 256 << 10})
	seed.Join(t, func(uint32) bool { return true })
	a = w.AddNode(sim.NodeSpec{Name: "A", Config: bt.DefaultConfig(), Downlink: down})
	a.Join(t, func(uint32) bool { return false })
	a.Learn(t, seed.Addr(), bt.Tracker)
	return w, t, seed, a
}

// A node that lost power comes back with what was synced, whatever became of the rest, and completes. So it does without its resume record.
func TestCrashAndResume(t *testing.T) {
	seeds := uint64(20)
	if testing.Short() {
		seeds = 2 // nothing here is concurrent
	}
	for _, recheck := range []bool{false, true} {
		for seed := range seeds {
			w, torrent, s, a := pair(60, 1<<20)
			w.RunTo(bt.Instant(8*time.Second) + bt.Instant(seed)*bt.Instant(37*time.Millisecond))
			synced := a.Disk.Synced(torrent.ID)
			if synced == 0 || synced == 60 {
				t.Fatalf("%d pieces are synced", synced)
			}
			a.Crash()
			lots := sim.NewLots(seed, 0, sim.Purposes)
			a.Disk.PowerLoss(&lots)
			w.RunTo(w.Now().Add(2 * time.Minute))
			if _, peers := s.Peers(); len(peers) > 0 {
				t.Fatalf("%d connections to nobody", len(peers))
			}
			b := w.AddNode(sim.NodeSpec{Name: "A", Addr: a.Addr(), Config: bt.DefaultConfig()})
			b.Resume(torrent, a.Disk, recheck)
			if have, _ := b.Torrent(torrent.ID); have.Have < synced {
				t.Fatalf("%d pieces, %d were synced", have.Have, synced)
			}
			b.Learn(torrent, s.Addr(), bt.Tracker)
			if !w.RunUntil(w.Now().Add(time.Minute), func() bool { return b.Complete(torrent) }) {
				t.Fatalf("not complete: %v", w.Fault())
			}
			if n, _ := b.Torrent(torrent.ID); n.Totals.Corrupt > 0 {
				t.Fatalf("%d bytes were corrupt", n.Totals.Corrupt)
			}
		}
	}
}

// A piece that could not be read is not claimed any more when the node begins anew.
func TestLostPieceIsNotClaimed(t *testing.T) {
	w, torrent, s, _ := pair(8, 0)
	s.Disk.Unread = bt.Lost
	w.RunTo(bt.Instant(time.Second))
	lost, _ := s.Torrent(torrent.ID)
	if lost.Have == 8 {
		t.Fatal("nothing was lost")
	}
	s.Quit(torrent)
	s.Resume(torrent, s.Disk, false)
	if again, _ := s.Torrent(torrent.ID); again.Have != lost.Have {
		t.Errorf("it had %d pieces, and claims %d", lost.Have, again.Have)
	}
}

// A node that leaves is gone for everybody, and nothing of it is kept.
func TestLeave(t *testing.T) {
	w, torrent, s, a := pair(60, 1<<20)
	w.RunTo(bt.Instant(3 * time.Second))
	s.Leave()
	w.RunTo(w.Now().Add(time.Second))
	if _, peers := a.Peers(); len(peers) > 0 || !s.Gone() || w.Host("S") != nil || a.Held() > 0 {
		t.Fatalf("%d connections, %d buffers", len(peers), a.Held())
	}
	a.Learn(torrent, s.Addr(), bt.Tracker)
	w.RunTo(w.Now().Add(10 * time.Minute))
	if err := w.Fault(); err != nil {
		t.Fatal(err)
	}
}

// The uplink is shared: what all connections send together is its rate, and each has its part.
func TestUplinkIsShared(t *testing.T) {
	const rate, downloaders, span = 256 << 10, 4, 20 * time.Second
	w := sim.NewWorld(sim.Options{Seed: 3})
	w.SetLine(sim.Line{Latency: 10 * time.Millisecond, Start: 14480})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 4000 * bt.BlockSize})
	seed := w.AddNode(sim.NodeSpec{Name: "S", Config: bt.DefaultConfig(), Uplink: rate})
	seed.Join(torrent, func(uint32) bool { return true })
	var nodes []*sim.Node
	for _, name := range []string{"A", "B", "C", "D"} {
		n := w.AddNode(sim.NodeSpec{Name: name, Config: bt.DefaultConfig()})
		n.Join(torrent, func(uint32) bool { return false })
		n.Learn(torrent, seed.Addr(), bt.Tracker)
		nodes = append(nodes, n)
	}
	w.RunTo(bt.Instant(span))
	total, whole := int64(0), int64(rate)*int64(span/time.Second)
	for _, n := range nodes {
		ts, _ := n.Torrent(torrent.ID)
		total += ts.Totals.Downloaded
		if part := ts.Totals.Downloaded * downloaders * 100 / whole; part < 85 || part > 115 {
			t.Errorf("%s has %d %% of its part", n.Name(), part)
		}
	}
	if used := total * 100 / whole; used < 95 || used > 100 {
		t.Errorf("%d %% of the uplink was used", used)
	}
}

// A downlink lets no more through than its rate, and nearly so much.
func TestDownlink(t *testing.T) {
	const rate = 128 << 10
	w, torrent, _, a := pair(400, rate)
	w.RunTo(bt.Instant(20 * time.Second))
	ts, _ := a.Torrent(torrent.ID)
	if got := ts.Totals.Downloaded / 20; got < rate*90/100 || got > rate {
		t.Errorf("%d bytes a second through a downlink of %d", got, rate)
	}
}

// Exp has mean 1, and is more than 1 as often as e to the minus one has it.
func TestExp(t *testing.T) {
	const n = 200_000
	lots := sim.NewLots(1, 2, sim.Purposes)
	sum, beyond := uint64(0), 0
	for range n {
		x := lots.Exp()
		sum += x >> 8
		if x > 1<<32 {
			beyond++
		}
	}
	if mean := sum / n; mean < 99*(1<<24)/100 || mean > 101*(1<<24)/100 {
		t.Errorf("the mean is %d of %d", mean, 1<<24)
	}
	if permille := beyond * 1000 / n; permille < 363 || permille > 372 {
		t.Errorf("%d of a thousand are more than 1", permille)
	}
}

// A line that loses and shakes is late and keeps its order; the download completes.
func TestLossIsDelay(t *testing.T) {
	took := func(l sim.Line) bt.Instant {
		w := sim.NewWorld(sim.Options{Seed: 5})
		w.SetLine(l)
		torrent := w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 400 * bt.BlockSize})
		s := w.AddNode(sim.NodeSpec{Name: "S", Config: bt.DefaultConfig(), Uplink: 4 << 20})
		s.Join(torrent, func(uint32) bool { return true })
		a := w.AddNode(sim.NodeSpec{Name: "A", Config: bt.DefaultConfig()})
		a.Join(torrent, func(uint32) bool { return false })
		a.Learn(torrent, s.Addr(), bt.Tracker)
		if !w.RunUntil(bt.Instant(time.Hour), func() bool { return a.Complete(torrent) }) {
			t.Fatalf("not complete: %v", w.Fault())
		}
		return w.Now()
	}
	clean := took(sim.Line{Latency: 40 * time.Millisecond, Start: 14480})
	shaken := took(sim.Line{Latency: 40 * time.Millisecond, Start: 14480, Jitter: 20 * time.Millisecond, Loss: 10_000})
	if clean >= shaken {
		t.Errorf("%v without loss, %v with it", clean, shaken)
	}
}
