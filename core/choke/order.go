package choke

import (
	"slices"

	"peerwire/core/bt"
)

// Measure is what tells two candidates apart. They are compared by one after the other, in this order, and the
// larger value comes first.
type Measure uint8

// The measures of rank, and of the queue for optimistic slots.
const (
	NoMeasure Measure = iota // nobody was compared; inside, whether the candidate can be ranked at all
	Staying                  // queue: 1 for who holds an optimistic slot that is not to go round now
	Received                 // rank: payload from the peer since the last round, bytes [CHK-4]
	TurnOver                 // rank, by turns: -1 for a peer whose turn is over [CHK-5]
	Sent                     // rank, fastest upload: payload to the peer since the last round, bytes [CHK-11]
	Score                    // rank, anti-leech: distance from a half, thousandths of it [CHK-12]
	Holding                  // rank: 1 for who holds a slot, and for a seed uses it [CHK-4] [CHK-5]
	Waited                   // rank: time since it was last given a slot, ns; longer than we run if it never was [CHK-10]
	Queued                   // queue: time since it was last given an optimistic slot, ns; longer than we run if it never was [CHK-6]
	Lot                      // queue: the lot, negative [CHK-6]
	Age                      // the id, negative: those we dialled come first, and of them and the others the older [CHK-10]
	numMeasures
)

var measureNames = [numMeasures]string{
	"nothing", "staying", "received", "turn over", "sent", "score", "holding", "waited", "queued", "lot", "age",
}

// String is the measure in one or two lower-case words.
func (m Measure) String() string {
	if m < numMeasures {
		return measureNames[m]
	}
	return "unknown measure"
}

// keys are the values of all measures. Those that do not count are zero.
type keys [numMeasures]int64

// fewCandidates is up to how many are sorted without allocating.
const fewCandidates = 256

// sort puts who is to be given a slot first first. What is sorted are places: a candidate is as large as fifty of them, and would be
// copied at each comparison.
func sort(cs []Candidate) {
	var room [fewCandidates]int32
	places := room[:0]
	for i := range cs {
		places = append(places, int32(i))
	}
	slices.SortFunc(places, func(a, b int32) int { return slices.Compare(cs[b].keys[:], cs[a].keys[:]) })
	for i := range places { // places[i] is who comes to i; they go round in rings
		if int(places[i]) == i {
			continue
		}
		first, at := cs[i], i
		for int(places[at]) != i {
			from := int(places[at])
			cs[at], places[at] = cs[from], int32(at)
			at = from
		}
		cs[at], places[at] = first, int32(at)
	}
}

// rank sorts candidates, and numbers those that can be ranked. It is one order for the torrents that we download and
// those that we seed, so that all compete. [CHK-10]
func rank(now bt.Instant, cs []Candidate, order bt.SeedOrder) {
	for i := range cs {
		cs[i].stand(now, order)
	}
	sort(cs)
	for i := range cs {
		if cs[i].ranked() {
			cs[i].Because.Rank = uint32(i) + 1
		}
	}
}

// stand fills the keys of rank.
func (c *Candidate) stand(now bt.Instant, order bt.SeedOrder) {
	c.keys = keys{NoMeasure: bit(c.ranked()), Received: c.Received, Waited: int64(now.Sub(c.UnchokedAt)), Age: -int64(c.Conn)}
	switch {
	case !c.Seeding:
		c.keys[Holding] = bit(c.held() != Choke)
	case order == bt.FastestUpload:
		c.keys[Sent] = c.Sent * bit(!c.Choked) // who was choked meanwhile takes nothing now
	case order == bt.AntiLeech:
		c.keys[Score] = c.score()
	default:
		c.keys[TurnOver] = -bit(c.over(now))
		c.keys[Holding] = bit(c.held() == Unchoke && c.Sent > 0)
	}
}

// queue sorts candidates by how long they have waited for an optimistic slot. Holders that stay come first. [CHK-6]
func queue(now bt.Instant, cs []Candidate, stay bool) {
	for i := range cs {
		cs[i].wait(now, stay)
	}
	sort(cs)
}

// wait fills the keys of queue.
func (c *Candidate) wait(now bt.Instant, stay bool) {
	c.keys = keys{
		Staying: bit(stay && c.held() == Optimistic), Queued: int64(now.Sub(c.OptimisticAt)), Lot: -int64(c.Lot), Age: -int64(c.Conn),
	}
}

func bit(on bool) int64 {
	if on {
		return 1
	}
	return 0
}
