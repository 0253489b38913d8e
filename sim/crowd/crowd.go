package crowd

import (
	"math/bits"
	"net/netip"
	"strconv"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/scenario"
)

// Crowd is a swarm under way.
type Crowd struct {
	scene    *scenario.Scenario
	world    *sim.World
	torrent  *sim.Torrent
	members  []*member // in the order of their groups
	present  []*member // whom the tracker knows
	places   map[netip.Addr]*member
	count    Counts
	plagues  []*plague
	core     []*member // who has to become complete once all is healed
	recovery Recovery
	booting  *member        // whose node is being made
	waiting  int            // members that are not complete and may become so
	brought  int            // members that have everything from the start
	spread   *bitset.BitSet // pieces that some peer has downloaded
	record   *Record        // nil when nobody wants one
}

// Counts is how a crowd stands.
type Counts struct {
	Peers     int // there will ever be
	Coming    int // not arrived yet
	Present   int // those that crashed and are to be back count
	Seeds     int // present, with every piece
	Completed int // that downloaded all of it
	Left      int // for good, complete or not
	Quitters  int // that left before they were complete, as the scenario has it
	Crashes   int // of all peers together
	Announces int // that the tracker took
	Told      int // addresses that it gave
	Bans      int // that peers have spoken
	Innocent  int // bans of peers that have no fault for which one may be banned
}

// What chance is drawn for, each from a stream of its own for each member.
const (
	forArrival = sim.Purposes + iota
	forPieces
	forTracker
	forLife
	forFaults // and beyond: each of the scenario's has its own
)

// New is a crowd of which nobody has come yet. trace, which may be nil, sums up all that happens.
func New(s *scenario.Scenario, trace *sim.Trace) *Crowd {
	return NewIn(s, sim.Options{Swift: true, Trace: trace})
}

// NewIn is New in a world of other options; its seed is the scenario's.
func NewIn(s *scenario.Scenario, o sim.Options) *Crowd {
	return newCrowd(s, o, false)
}

// NewChecked is NewIn, and every node is looked at after every event by those checkers of package check that do so.
func NewChecked(s *scenario.Scenario, o sim.Options) *Crowd { return newCrowd(s, o, true) }

func newCrowd(s *scenario.Scenario, o sim.Options, checked bool) *Crowd {
	o.Seed = uint64(s.Seed)
	c := &Crowd{scene: s, places: map[netip.Addr]*member{}}
	if checked {
		o.Watch = c.watch
	}
	c.world = sim.NewWorld(o)
	c.world.SetLine(sim.Line{
		Latency: time.Duration(s.Line.Latency), Jitter: time.Duration(s.Line.Jitter), Loss: s.Line.Loss,
		Window: int(s.Line.Window), Start: int(s.Line.Start), Plain: s.Line.Plain,
		Datagrams: s.Line.Datagrams,
	})
	c.torrent = c.world.AddTorrent(s.Called(), s.Torrent.Geometry())
	c.spread = bitset.New(uint(c.torrent.Geometry.NumPieces()))
	for i := range s.Groups {
		c.enrol(&s.Groups[i], uint64(i))
	}
	c.ail()
	c.convalesce()
	c.count.Peers, c.count.Coming = len(c.members), len(c.members)
	return c
}

// enrol plans the arrival of a group.
func (c *Crowd) enrol(g *scenario.Group, nth uint64) {
	lots := sim.NewLots(uint64(c.scene.Seed), nth, forArrival)
	at := time.Duration(g.Arrive)
	for i := range g.Count {
		m := &member{crowd: c, group: g, class: int(nth), name: g.Name, completed: bt.Never, left: bt.Never, tracked: -1}
		m.life, m.lots = c.stream(forLife), c.stream(forTracker)
		if g.Share < 100 {
			c.waiting++
			m.waiting = true
		} else {
			c.brought++
		}
		if g.Count > 1 {
			m.name += strconv.Itoa(i + 1)
		}
		when := at
		switch {
		case len(g.At) > 0:
			when = time.Duration(g.At[i])
		case g.Within > 0:
			when += time.Duration(lots.Below(uint64(g.Within)))
		case g.Every > 0:
			at = min(at+exponential(&lots, time.Duration(g.Every)), never)
			when = at
		}
		m.arrived = bt.Instant(when)
		m.nth = uint64(len(c.members))
		c.members = append(c.members, m)
		c.world.After(when, m.come)
	}
}

// never is beyond the end of any run, and far from that of 64 bits.
const never = 10 * time.Duration(scenario.MaxSpan)

// stream is a stream of chance for the member that is enrolled next.
func (c *Crowd) stream(purpose uint64) sim.Lots {
	return sim.NewLots(uint64(c.scene.Seed), uint64(len(c.members)), purpose)
}

// exponential is a time drawn from those of a mean.
func exponential(lots *sim.Lots, mean time.Duration) time.Duration {
	x := lots.Exp() // 32 bits behind the point
	hi, lo := bits.Mul64(x&0xffffffff, uint64(mean)>>16)
	return time.Duration(int64(x>>32)*int64(mean) + int64(hi<<48|lo>>16))
}

// Now is the crowd's time.
func (c *Crowd) Now() bt.Instant { return c.world.Now() }

// World is where the crowd is.
func (c *Crowd) World() *sim.World { return c.world }

// Counts tells how the crowd stands.
func (c *Crowd) Counts() Counts { return c.count }

// Over tells whether nothing more can come of the crowd: nobody is left who could complete, its recovery is over if the
// scenario has one, or its time is up.
func (c *Crowd) Over() bool {
	if c.scene.Heal.At > 0 {
		return c.recovery.Over || c.world.Now() >= bt.Instant(c.scene.Until)
	}
	return c.waiting == 0 || c.world.Now() >= bt.Instant(c.scene.Until)
}

// Recovery tells how the crowd fared when all was healed.
func (c *Crowd) Recovery() Recovery { return c.recovery }

// Run goes on to a time, or until the crowd is over. An error says what must never be and is; it may wrap a check.Failure.
func (c *Crowd) Run(to bt.Instant) error {
	to = min(to, bt.Instant(c.scene.Until))
	for c.record.due() <= to && !c.world.RunUntil(c.record.due(), c.Over) && c.world.Fault() == nil {
		c.record.look()
	}
	c.world.RunUntil(to, c.Over)
	if err := c.world.Fault(); err != nil {
		return c.wrong(err)
	}
	return nil
}
