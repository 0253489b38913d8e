package sim_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim"
)

// scene is a small swarm, drawn at random.
type scene struct {
	seed     uint64
	cutting  sim.Cutting
	tight    bool
	line     sim.Line
	geometry bt.Geometry
	have     [][]bool // by node and piece; every piece is had by some node
	delays   []time.Duration
	slots    []int
	policies []bt.SlotPolicy
	orders   []bt.SeedOrder
	super    []bool // who super-seeds when it is complete
	may      []bt.Transports
}

func drawScene(t *rapid.T) *scene {
	ms := func(most int, name string) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Millisecond
	}
	s := &scene{
		seed:    rapid.Uint64Range(1, 1<<20).Draw(t, "seed"),
		cutting: sim.Cutting(rapid.IntRange(0, 2).Draw(t, "cutting")),
		tight:   rapid.Bool().Draw(t, "tight"),
		line: sim.Line{
			Latency: ms(300, "latency"),
			Rate:    rapid.SampledFrom([]int64{0, 64 << 10, 1 << 20}).Draw(t, "rate"),
			Window:  rapid.SampledFrom([]int{0, 1, 20000}).Draw(t, "window"),
			Plain:   rapid.Bool().Draw(t, "plain"),
		},
	}
	pieces := rapid.IntRange(1, 40).Draw(t, "pieces")
	size := rapid.SampledFrom([]uint32{1, 5000, bt.BlockSize, bt.BlockSize + 1, 5*bt.BlockSize - 7}).Draw(t, "piece length")
	last := rapid.Uint32Range(1, size).Draw(t, "last piece")
	s.geometry = bt.Geometry{PieceLength: size, Total: int64(pieces-1)*int64(size) + int64(last)}
	nodes := rapid.IntRange(2, 4).Draw(t, "nodes")
	for range nodes {
		s.have = append(s.have, make([]bool, pieces))
		s.delays = append(s.delays, ms(50, "disk"))
		s.slots = append(s.slots, rapid.IntRange(1, 8).Draw(t, "slots"))
		s.policies = append(s.policies, bt.SlotPolicy(rapid.IntRange(0, 2).Draw(t, "policy")))
		s.orders = append(s.orders, bt.SeedOrder(rapid.IntRange(0, 2).Draw(t, "order")))
		s.super = append(s.super, rapid.Bool().Draw(t, "super-seed"))
		s.may = append(s.may, bt.Transports(rapid.IntRange(0, 2).Draw(t, "transports")))
	}
	for i := range pieces {
		s.have[rapid.IntRange(0, nodes-1).Draw(t, "origin")][i] = true
		for n := range nodes {
			s.have[n][i] = s.have[n][i] || rapid.IntRange(0, 3).Draw(t, "copy") == 0
		}
	}
	return s
}

// build makes the world of a scene. Everybody is told of everybody else, so that many dial each other at once.
func (s *scene) build(heedless bool) (*sim.World, []*sim.Node) {
	w := sim.NewWorld(sim.Options{Seed: s.seed, Cutting: s.cutting, Tight: s.tight, Heedless: heedless})
	w.SetLine(s.line)
	torrent := w.AddTorrent("T", s.geometry)
	var nodes []*sim.Node
	for i := range s.have {
		cfg := bt.DefaultConfig()
		cfg.UploadSlots, cfg.SlotPolicy, cfg.SeedOrder = s.slots[i], s.policies[i], s.orders[i]
		cfg.Transports = s.may[i]
		n := w.AddNode(sim.NodeSpec{Name: string(rune('A' + i)), Config: cfg, SuperSeed: s.super[i]})
		n.Disk.Delay = s.delays[i]
		n.Join(torrent, func(piece uint32) bool { return s.have[i][piece] })
		nodes = append(nodes, n)
	}
	for _, a := range nodes {
		for _, b := range nodes {
			if a != b {
				a.Learn(torrent, b.Addr(), bt.Tracker)
			}
		}
	}
	return w, nodes
}

// run plays a scene until all are complete, and gives the journal.
func (s *scene) run(t *rapid.T, heedless bool) string {
	w, nodes := s.build(heedless)
	torrent := w.Torrents()[0]
	complete := func() bool {
		for _, n := range nodes {
			if !n.Complete(torrent) {
				return false
			}
		}
		return true
	}
	const limit = bt.Instant(4 * time.Hour)
	done := w.RunUntil(limit, complete)
	journal := sim.Format(w.Journal())
	if err := w.Fault(); err != nil {
		t.Fatalf("%v\n%s", err, journal)
	}
	if !done {
		t.Fatalf("not complete by %v\n%s", limit, tail(journal))
	}
	for _, v := range w.Violations() {
		// On a slow line a request may stand behind more payload than can be sent in the time of grace after a choke. [MSG-15]
		if v != clause.RequestWhileChoked || s.line.Rate == 0 || s.line.Rate > 64<<10 {
			t.Fatalf("%v among ourselves\n%s", v, tail(journal))
		}
	}
	s.settle(t, w, nodes)
	return journal
}

// settle lets a complete swarm come to rest: nobody wants anything of anybody.
func (s *scene) settle(t *rapid.T, w *sim.World, nodes []*sim.Node) {
	w.RunTo(w.Now().Add(time.Minute))
	if err := w.Fault(); err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		labels, peers := n.Peers()
		for i, p := range peers {
			if p.Outstanding > 0 || p.Asked > 0 || p.State.Interesting() {
				t.Fatalf("%s and %s: %d outstanding, asked for %d, interesting is %t", n.Name(), labels[i], p.Outstanding, p.Asked, p.State.Interesting())
			}
		}
	}
}

// tail is the end of a long journal.
func tail(journal string) string {
	lines := strings.Split(journal, "\n")
	return strings.Join(lines[max(0, len(lines)-200):], "\n")
}

// Any few nodes that have everything between them all come to have everything, over any line, with any disk, with Fast and
// without, however streams are cut; they draw no violation of each other, every invariant holds after every
// event, and in the end nobody wants anything. And it happens the same way twice, also when the second time nobody heeds that a core has
// nothing more to say, and asks it once more. [FRM-2] [MSG-11] [PCK-1] [PCK-4] [ANN-8]
func TestSwarmsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		first := s.run(t, false)
		if second := s.run(t, true); first != second {
			t.Fatalf("the same world went another way\n%s\n\n%s", first, second)
		}
	})
}
