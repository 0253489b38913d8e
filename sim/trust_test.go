package sim_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/sim"
)

// war is a download that liars attack.
type war struct {
	world   *sim.World
	torrent *sim.Torrent
	victims []*sim.Node // who download
	seeds   []*sim.Node
	liars   []*liar
	alone   bool // there is one victim, which nobody downloads from
	banned  map[netip.Addr]int
	last    []string // of the journal
}

// drawWar draws few honest and many liars.
func drawWar(t *rapid.T) *war {
	seed := rapid.Uint64Range(1, 1<<20).Draw(t, "seed")
	w := &war{world: sim.NewWorld(sim.Options{Seed: seed}), banned: map[netip.Addr]int{}}
	w.world.SetLine(sim.Line{
		Latency: time.Duration(rapid.IntRange(0, 200).Draw(t, "latency")) * time.Millisecond,
		Rate:    rapid.SampledFrom([]int64{0, 100 << 10}).Draw(t, "rate"),
		Plain:   rapid.IntRange(0, 4).Draw(t, "plain") == 0,
	})
	blocks := rapid.Uint32Range(1, 4).Draw(t, "blocks")
	pieces := rapid.Int64Range(1, 6).Draw(t, "pieces")
	last := rapid.Int64Range(1, int64(blocks)*bt.BlockSize).Draw(t, "last piece")
	w.torrent = w.world.AddTorrent("T", bt.Geometry{PieceLength: blocks * bt.BlockSize, Total: (pieces-1)*int64(blocks)*bt.BlockSize + last})
	node := func(name string, number int, has bool) *sim.Node {
		spec := sim.NodeSpec{Name: name, Config: bt.DefaultConfig()}
		if rapid.IntRange(0, 3).Draw(t, "IPv6") == 0 {
			spec.Addr = netip.MustParseAddrPort(fmt.Sprintf("[2001:db8:2:%x::1]:6881", number))
		}
		n := w.world.AddNode(spec)
		n.Disk.Delay = time.Duration(rapid.IntRange(0, 60).Draw(t, "disk")) * time.Millisecond
		n.Join(w.torrent, func(uint32) bool { return has })
		return n
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "victims") {
		w.victims = append(w.victims, node(fmt.Sprintf("V%d", i+1), i, false))
	}
	w.alone = len(w.victims) == 1
	for i := range rapid.IntRange(1, 3).Draw(t, "seeds") {
		w.seeds = append(w.seeds, node(fmt.Sprintf("S%d", i+1), 10+i, true))
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "liars") {
		victim := rapid.SampledFrom(w.victims).Draw(t, "victim")
		p := plans[rapid.IntRange(0, len(plans)-1).Draw(t, "plan")]
		w.liars = append(w.liars, newLiar(w.world, victim, i+1, rapid.Bool().Draw(t, "IPv6"), p, seed))
	}
	return w
}

// honest lists those who do nothing wrong.
func (w *war) honest() []*sim.Node { return slices.Concat(w.victims, w.seeds) }

// meet names everybody to everybody, as a tracker does.
func (w *war) meet() {
	for _, v := range w.victims {
		for _, n := range w.honest() {
			if n != v {
				v.Learn(w.torrent, n.Addr(), bt.Tracker)
			}
		}
		for _, l := range w.liars {
			v.Learn(w.torrent, l.hosts[l.lots.IntN(len(l.hosts))].Addr(), bt.Tracker)
		}
	}
}

// fault is something that goes wrong with the disk of a victim, by nobody's doing, or is right again.
func (w *war) fault(t *rapid.T) {
	v := rapid.SampledFrom(w.victims).Draw(t, "whose disk")
	switch rapid.IntRange(0, 6).Draw(t, "fault") {
	case 0:
		v.Disk.Full = bt.NoSpace
	case 1:
		v.Disk.Unhash = bt.IOError
	case 2:
		v.Hold(true)
	case 3:
		v.Disk.Delay = time.Duration(rapid.IntRange(0, 3000).Draw(t, "slow")) * time.Millisecond
	case 4: // unless all is read back, a piece may be wrong on disk, and whoever is given it is right to complain
		v.Disk.Lying = true
		v.Disk.ReadBack = v.Disk.ReadBack || !w.alone || rapid.Bool().Draw(t, "read back")
	default:
		w.repair(v)
	}
}

func (w *war) repair(v *sim.Node) {
	v.Disk.Lying = false
	v.Hold(false)
	v.Repair()
}

// pass lets time pass, in which the liars have their turns.
func (w *war) pass(t *rapid.T, d time.Duration) {
	const turn = 500 * time.Millisecond
	for end := w.world.Now().Add(d); w.world.Now() < end; {
		w.world.RunTo(min(end, w.world.Now().Add(turn)))
		for _, l := range w.liars {
			l.act()
		}
		w.look(t)
	}
}

// look wants the world whole, and no honest peer banned.
func (w *war) look(t *rapid.T) {
	entries := w.world.Journal()
	if err := w.world.Fault(); err != nil {
		t.Fatalf("%v\n%s", err, sim.Format(entries))
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Text, "bans ")
		if !ok {
			continue
		}
		text, _, _ := strings.Cut(rest, " ")
		site := netip.MustParseAddr(text)
		w.banned[site]++
		for _, n := range w.honest() {
			if bt.Site(n.Addr().Addr()) == site {
				t.Fatalf("%s is honest, and is banned\n%s", n.Name(), tail(strings.Join(w.last, "")+sim.Format(entries)))
			}
		}
	}
	w.last = append(w.last[max(0, len(w.last)-50):], sim.Format(entries))
}

// over tells whether the victims have everything.
func (w *war) over() bool {
	for _, v := range w.victims {
		if ts, ok := v.Torrent(w.torrent.ID); !ok || !ts.Finished {
			return false
		}
	}
	return true
}

// Whatever liars do, alone or together (wrong blocks always, at times, only of pieces that they share, with changing contents, late; never, or choking;
// from other ports and addresses), and whatever our own disk does meanwhile, no honest peer is ever banned. And the liars do not win: with one
// honest seed the download completes, and who lies all the time is found out. [TRU-8] [TRU-9] [TRU-20] [TRU-21] [TRU-22]
func TestLiarsLose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWar(t)
		for range rapid.IntRange(0, 25).Draw(t, "faults") {
			if rapid.IntRange(0, 3).Draw(t, "meet") == 0 {
				w.meet()
			}
			w.pass(t, time.Duration(rapid.IntRange(1, 40).Draw(t, "wait"))*time.Second)
			w.fault(t)
		}
		for _, v := range w.victims {
			v.Disk.Delay = min(v.Disk.Delay, 100*time.Millisecond)
			w.repair(v)
		}
		const patience = 6 * time.Hour
		for end := w.world.Now().Add(patience); !w.over(); {
			if w.world.Now() >= end {
				t.Fatalf("not complete by %v: %s\n%s", end, w.describe(), tail(strings.Join(w.last, "")))
			}
			w.meet()
			for _, v := range w.victims {
				w.repair(v) // a verdict of before may come only now
			}
			w.pass(t, time.Minute)
		}
		g := w.torrent.Geometry
		blocks := int(g.NumPieces()-1)*int(g.NumBlocks(0)) + int(g.NumBlocks(g.NumPieces()-1))
		for _, l := range w.liars {
			if l.plan.sure && l.sent > 10*blocks && w.banned[l.site()] == 0 {
				t.Fatalf("%s has sent %d wrong blocks, and is not banned\n%s", l.hosts[0].Name(), l.sent, w.describe())
			}
		}
	})
}

// describe says how the war stands.
func (w *war) describe() string {
	var b strings.Builder
	for _, v := range w.victims {
		ts, _ := v.Torrent(w.torrent.ID)
		fmt.Fprintf(&b, "%s has %d of %d pieces, %v\n", v.Name(), ts.Have, ts.Pieces, ts.Stalled)
		labels, peers := v.Peers()
		for i, p := range peers {
			fmt.Fprintf(&b, "  %s: choked %t, parole %t, snubbed %t, %d outstanding\n", labels[i],
				p.State.RemoteChoked(), p.State.OnParole(), p.State.Snubbed(), p.Outstanding)
		}
	}
	for _, l := range w.liars {
		fmt.Fprintf(&b, "%s %s: %d wrong blocks, %d bans\n", l.hosts[0].Name(), l.plan.name, l.sent, w.banned[l.site()])
	}
	return b.String()
}
