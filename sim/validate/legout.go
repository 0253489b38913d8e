package validate

import (
	"fmt"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// entropy is the probe that tells for how much of the time that two leeches know each other the one is interested in the other.
type entropy struct {
	steady bool // every piece is with some leech
	pairs  map[[2]int]*interest
	snap   core.Snapshot
	wanted []Milli // once it is over
}

// interest is in how many looks a leech had another as a peer, and was interested in it.
type interest struct{ known, wants int64 }

func (e *entropy) look(c *crowd.Crowd) {
	n := c.Counts()
	if n.Completed > 0 { // the steady state is over
		return
	}
	if !e.steady {
		e.steady = spread(c)
		return
	}
	for i := range c.Len() {
		m := c.Member(i)
		if m.Node == nil || m.Group.Share == 100 {
			continue
		}
		m.Node.Session().Snapshot(c.Now(), &e.snap)
		for k := range e.snap.Peers {
			p := &e.snap.Peers[k]
			o, ok := c.Find(p.Addr.Addr())
			if !ok || !p.State.Bound() || p.State.Handshake() || p.State.Seed() {
				continue
			}
			at := e.pairs[[2]int{i, o}]
			if at == nil {
				at = &interest{}
				e.pairs[[2]int{i, o}] = at
			}
			at.known++
			if p.State.Interesting() {
				at.wants++
			}
		}
	}
}

// spread tells whether every piece is with some leech.
func spread(c *crowd.Crowd) bool {
	pieces := uint(c.Torrent().Geometry.NumPieces())
	found := uint(0)
	for p := range pieces {
		for i := range c.Len() {
			if m := c.Member(i); m.Node != nil && m.Group.Share < 100 && m.Node.Pieces(c.Torrent()).Test(p) {
				found++
				break
			}
		}
	}
	return found == pieces
}

// figures are the median of the shares of all pairs, and that of the tenth with the least.
func (e *entropy) figures(c *crowd.Crowd) Figures {
	for i := range c.Len() {
		for o := range c.Len() {
			if at := e.pairs[[2]int{i, o}]; at != nil && at.known >= 6 {
				e.wanted = append(e.wanted, ratio(at.wants, at.known))
			}
		}
	}
	return Figures{median(e.wanted), Milli(len(e.wanted)) * one}
}

var steadyState = Study{
	Name: "legout-2006-entropy",
	By:   "Legout, Urvoy-Keller and Michiardi, Rarest first and choke algorithms are enough, 2006",
	Claim: "Once every piece is with some leech, a leech is nearly always interested in another: the median over all pairs of the time in which " +
		"it is, over the time " +
		"in which they know each other, is above 0.9.",
	Setting: "400 pieces of 16 KiB; 40 leeches that send 20 KiB/s come within 10 s; a seed of 40 KiB/s; 4 slots, 80 connections. A look each 5 " +
		"s, from when every piece is with a leech until the first is complete; " +
		"pairs that knew each other for 30 s of that.",
	Seeds:   10,
	Figures: 2,
	Points: []Point{swarm("torrent", `
[torrent]
size = "6400 KiB"
piece = "16 KiB"

[[peers]]
name = "seed"
have = "all"
up = "40 KiB/s"
slots = 4
connections = 80

[[peers]]
name = "peer"
count = 40
up = "20 KiB/s"
arrive-within = "10s"
slots = 4
connections = 80
`, 5*time.Second, func(*scenario.Scenario) probe { return &entropy{pairs: map[[2]int]*interest{}} })},
	judge: func(runs Runs) []Finding {
		return []Finding{
			average("steady state", "interested, of the time known: median over pairs", runs.column(0, 0), between(900, one)),
			extreme("steady state", "pairs looked at", Least, runs.column(0, 1), atLeast(1000*one)),
		}
	},
}

// service is the probe for how long the first seed had each leech unchoked while all were leeches.
type service struct {
	time map[int]int64 // by peer: looks in which it had a slot
	snap core.Snapshot
}

func (s *service) look(c *crowd.Crowd) {
	if c.Counts().Completed > 0 || c.Counts().Coming > 0 {
		return
	}
	c.Member(0).Node.Session().Snapshot(c.Now(), &s.snap)
	for k := range s.snap.Peers {
		p := &s.snap.Peers[k]
		if o, ok := c.Find(p.Addr.Addr()); ok && p.State.Bound() && !p.State.Choked() {
			s.time[o]++
		}
	}
}

// figures are the coefficient of variation over the leeches, and the looks that were taken.
func (s *service) figures(c *crowd.Crowd) Figures {
	var each []int64
	all := int64(0)
	for i := 1; i < c.Len(); i++ {
		each = append(each, s.time[i])
		all += s.time[i]
	}
	return Figures{deviation(each), ratio(all, int64(len(each)))}
}

func served(name, order string) Point {
	return swarm(name, fmt.Sprintf(`
until = "90m"

[torrent]
size = "64 MiB"
piece = "16 KiB"

[[peers]]
name = "seed"
have = "all"
up = "64 KiB/s"
slots = 5
seed-order = "%s"

[[peers]]
name = "slow"
count = 10
up = "1 KiB/s"
down = "8 KiB/s"

[[peers]]
name = "middle"
count = 10
up = "1 KiB/s"
down = "16 KiB/s"

[[peers]]
name = "fast"
count = 10
up = "1 KiB/s"
down = "32 KiB/s"
`, order), 5*time.Second, func(*scenario.Scenario) probe { return &service{time: map[int]int64{}} })
}

var seedFairness = Study{
	Name: "legout-2006-seed",
	By:   "Legout, Urvoy-Keller and Michiardi, Rarest first and choke algorithms are enough, 2006",
	Claim: "A seed that lets its slots go round serves every leech for as long: the coefficient of variation of their times is below 0.15. One " +
		"that serves who takes fastest " +
		"does not: above 0.5.",
	Setting: "A seed of 64 KiB/s with 5 slots, 30 leeches that receive 8, 16 and 32 KiB/s, ten each, and send little; pieces of 16 KiB; 90 " +
		"minutes, in which nobody completes. A look each 5 s at who is unchoked.",
	Seeds:   5,
	Figures: 2,
	Points:  []Point{served("round-robin", "round-robin"), served("fastest", "fastest")},
	judge: func(runs Runs) []Finding {
		return []Finding{
			average("slots go round", "variation of service times", runs.column(0, 0), atMost(150)),
			average("fastest first", "variation of service times", runs.column(1, 0), atLeast(500)),
		}
	},
}

// bandwidths are the classes of Legout et al. 2007: how many leeches there are of each, and what they send, KiB/s.
var bandwidths = [3]struct {
	name        string
	count, rate int
}{{"slow", 13, 20}, {"middle", 14, 50}, {"fast", 13, 200}}

// clusters is the probe for who unchokes whom, by class, while all are leeches.
type clusters struct {
	slots [3]int64 // looks in which one of a class had somebody unchoked
	own   [3]int64 // and one of the same class
	lots  [3]Milli // how many that would have been, had those with as many slots chosen by lot among those who were interested then
	snap  core.Snapshot
}

// classOf is the class of the i-th of the crowd, who is not the seed.
func classOf(i int) (class int) {
	for i -= bandwidths[0].count; i > 0; i -= bandwidths[class].count {
		class++
	}
	return class
}

func (k *clusters) look(c *crowd.Crowd) {
	if c.Counts().Completed > 0 {
		return
	}
	for i := 1; i < c.Len(); i++ {
		m := c.Member(i)
		if m.Node == nil || c.Now() < bt.Instant(3*time.Minute) {
			continue
		}
		m.Node.Session().Snapshot(c.Now(), &k.snap)
		k.count(c, classOf(i))
	}
}

// count takes in what the snapshot of one of a class shows.
func (k *clusters) count(c *crowd.Crowd, class int) {
	var wants, same, slots int64 // who are interested, of these of the same class, and how many have a slot
	for n := range k.snap.Peers {
		p := &k.snap.Peers[n]
		o, ok := c.Find(p.Addr.Addr())
		if !ok || o == 0 || !p.State.Bound() || !p.State.RemoteInterested() {
			continue
		}
		wants++
		if classOf(o) == class {
			same++
		}
		if !p.State.Choked() && !p.State.OptimisticUnchoke() {
			slots++
			if classOf(o) == class {
				k.own[class]++
			}
		}
	}
	k.slots[class] += slots
	k.lots[class] += ratio(slots*same, wants)
}

// figures are, of each class, the share of its regular slots that its own has over the share of its own of all others; the same slots over those
// that lots among the interested would give; and the mean download.
func (k *clusters) figures(c *crowd.Crowd) (f Figures) {
	others := int64(c.Len() - 2) // than a leech and the seed
	for i := range k.own {
		f = append(f, ratio(k.own[i]*others, k.slots[i]*int64(bandwidths[i].count-1)))
	}
	for i := range k.own {
		f = append(f, ratio(k.own[i]*int64(one), int64(k.lots[i])))
	}
	s := c.Summary()
	for _, g := range s.Groups[1:] {
		f = append(f, span(g.Times.Mean))
	}
	return f
}

// classes is a swarm of three bandwidths; the seed sends so many KiB/s.
func classes(name string, seed int) Point {
	text := fmt.Sprintf(`
[torrent]
size = "115968 KiB"
piece = "256 KiB"

[[peers]]
name = "seed"
have = "all"
up = "%d KiB/s"
slots = 4
`, seed)
	for _, b := range bandwidths {
		text += fmt.Sprintf(`
[[peers]]
name = "%s"
count = %d
up = "%d KiB/s"
slots = 4
arrive-within = "10s"
stays = "complete"
`, b.name, b.count, b.rate)
	}
	return swarm(name, text, 20*time.Second, func(*scenario.Scenario) probe { return &clusters{} })
}

var clustering = Study{
	Name: "legout-2007",
	By:   "Legout, Liogkas, Kohler and Zhang, Clustering and sharing incentives in BitTorrent systems, 2007",
	Claim: "Well seeded, leeches unchoke those of their own bandwidth class more than twice as often as by chance, and the faster class is done " +
		"sooner. When the seed is slower than " +
		"the fast class, that is gone (0.8 to 1.3 of chance).",
	Setting: "13, 14 and 13 leeches that send 20, 50 and 200 KiB/s come within 10 s and leave when complete; 453 pieces of 256 KiB; 4 slots. The seed " +
		"sends 1000, 200 or 20 KiB/s. A look each 20 s, from the third minute until the first is complete, at the slots that are won by rank. Chance is a " +
		"choice by lot among all other leeches; and, where that is told, among those who were interested at that moment, of as many as had a slot.",
	Note: `A seed as fast as the fastest class, 200 KiB/s, is not enough here: it sends pieces more than once before each is with somebody, so what is new
comes more slowly than the fast ones could share it, and they run out of what they want of each other. Interest comes and goes, and with it the slots.
At 1000 KiB/s all are interested in all, 99 % of the time and more.

The slow class stays below two. Of its regular slots in one run 347 went to its own, 191 to the middle and 125 to the fast class: twice as often as by
chance would have been 419. Fast and middle peers try slow ones out with their optimistic slots, give them more in ten seconds than their own class
can, and are repaid for a round or two (CHK-4). That is tit for tat at work; the fast do not return it: they gave 6 of 654 regular slots to the slow.

With the slow seed leeches want little of each other, and the fast ones least of fast ones, as they have what is new first, and the same: of those who
were interested in a fast one, over four runs, 43 % were slow, 36 % middle and 21 % fast, where their shares of all others are 34, 37 and 32 %. So the
fast class gives itself less than its share, and there is no clustering. But tit for tat works on: among those who are interested in it at a moment, a
fast leech still prefers its own, who send it most in a round.`,
	Seeds:   10,
	Figures: 9,
	Points:  []Point{classes("well-seeded", 1000), classes("as-the-fast", 200), classes("slow-seed", 20)},
	judge:   judgeClusters,
}

func judgeClusters(runs Runs) (all []Finding) {
	const times = 2 * len(bandwidths)
	for i, band := range []Band{atLeast(2000), told, between(800, 1300)} {
		where := []string{"seed of 1000 KiB/s", "seed of 200 KiB/s", "seed of 20 KiB/s"}[i]
		for k, b := range bandwidths {
			f := average(where+", "+b.name, "slots to the own class, over chance", runs.column(i, k), band)
			f.Explained = i == 0 && k == 0 || i == 2 && k == 2 // see the note
			all = append(all, f)
		}
		for k, b := range bandwidths {
			all = append(all, average(where+", "+b.name, "the same, over chance among the interested", runs.column(i, len(bandwidths)+k), told))
		}
	}
	return append(all, noWorse("seed of 1000 KiB/s", "time of slow less that of middle, s", runs.column(0, times), runs.column(0, times+1)),
		noWorse("seed of 1000 KiB/s", "time of middle less that of fast, s", runs.column(0, times+1), runs.column(0, times+2)))
}
