package crowd

import (
	"strconv"
	"time"

	"peerwire/core/bt"
)

// The size of a Record, however long the run and however many the peers.
const (
	MaxSamples = 480 // when there are more, every other one is forgotten
	MaxPeriods = 16  // the same
	MaxPieces  = 128 // bins of pieces
	MaxPeers   = 128 // bins of peers
	Milestones = 40  // of a download
)

// firstEvery is the time between the first samples. It doubles whenever there are too many.
const firstEvery = 125 * time.Millisecond

// Record is what was noted of a crowd while it lived, for whoever draws it. It is taken between events, so the run is the same without.
type Record struct {
	Groups  []string
	Peers   []Peer
	Samples []Sample      // the first at the beginning, the last at the end
	Every   time.Duration // between two samples, but before the last
	Periods []Period      // who was unchoked by whom until some samples; the last is at the end
	Bins    int           // of peers, in the matrices of Periods: see BinOf
	Pieces  int           // bins of pieces, in Sample.Copies
	Said    []Traffic     // all that was said, by kind
	Turns   Turns         // how long peers stayed unchoked
	Wanted  int64         // bytes that were lacked when their peers came
	Bound   bt.Instant    // before which, with these arrivals, not everybody can be complete: see bound.go. bt.Never when nothing is known

	crowd   *Crowd
	next    bt.Instant // when a sample is due
	copies  []uint32   // present, of each piece
	holders []holder   // of the members, in their order
	gained  int64      // bytes that members have and did not bring
	open    []turn     // that are not over
	turns   map[uint64]int
	classes []time.Duration // unchoked so far, by group and group
	matrix  []time.Duration // the same by bin and bin
	said    [kinds]Traffic
	every   time.Duration // between two periods
	fluid   *fluid
}

// Sample is how a crowd stood at one time. What is a sum is one since the beginning.
type Sample struct {
	At        bt.Instant
	Leechers  int   // present
	Seeds     int   // present
	Completed int   // peers, sum
	Announces int   // that the tracker took, sum
	Told      int   // addresses that it gave, sum
	Gained    int64 // bytes that peers have and did not bring
	Fluid     int64 // what Gained can be at most: see bound.go
	Groups    []GroupSample
	Rarest    int // copies of the piece with the fewest
	Most      int // of that with the most
	Mean      int // of all, in hundredths
	Copies    []Copies
	Unchoked  []time.Duration // sum over the connections, by group that unchokes, and within by group that is unchoked
}

// GroupSample is how a group stood.
type GroupSample struct {
	Present int   // peers of the group
	Sent    int64 // bytes through the uplinks of its peers, sum
	Could   int64 // that could have gone through them, sum; 0 when they have no limit
}

// Copies is how many peers have the pieces of a bin, present ones, those with all included.
type Copies struct {
	Least int // of the piece that the fewest have
	Mean  int // hundredths
}

// Period is for how long peers were unchoked by peers, until a time: sums since the beginning, by bin that unchokes, and within by bin that is
// unchoked.
type Period struct {
	Until    bt.Instant
	Unchoked []time.Duration
}

// Peer is how one peer fared.
type Peer struct {
	Name       string
	Group      int  // the number of its group
	Seed       bool // from the start
	Arrived    bt.Instant
	Completed  bt.Instant      // bt.Never when it was not, or was from the start
	Left       bt.Instant      // bt.Never when it stayed
	Up, Down   int64           // limits, bytes a second; 0 is none
	Downloaded int64           // payload, bytes
	Uploaded   int64           // payload, bytes
	Reached    []time.Duration // how long after its arrival it had i of Milestones parts of the pieces; -1 where it had never
}

// Traffic is what was said of one kind.
type Traffic struct {
	Kind     string
	Messages uint64 // how many
	Bytes    uint64 // of them together
}

// Observe lets a record be kept, from now on; the crowd must not have run yet.
func (c *Crowd) Observe() {
	pieces := int(c.torrent.Geometry.NumPieces())
	k := len(c.scene.Groups)
	r := &Record{
		crowd: c, Every: firstEvery, every: firstEvery, Bins: min(MaxPeers, len(c.members)), Pieces: min(MaxPieces, pieces),
		copies: make([]uint32, pieces), turns: map[uint64]int{}, classes: make([]time.Duration, k*k),
		holders: make([]holder, len(c.members)), fluid: newFluid(c),
	}
	for i := range c.scene.Groups {
		name := c.scene.Groups[i].Name
		if name == "" {
			name = "group " + strconv.Itoa(i+1)
		}
		r.Groups = append(r.Groups, name)
	}
	r.matrix = make([]time.Duration, r.Bins*r.Bins)
	r.Wanted, r.Bound = r.fluid.wanted, r.fluid.bound()
	c.record = r
}

// Record is what was noted of the crowd until now, when Observe was called; else nil.
func (c *Crowd) Record() *Record {
	r := c.record
	if r == nil {
		return nil
	}
	if now := c.world.Now(); len(r.Samples) == 0 || r.Samples[len(r.Samples)-1].At < now {
		r.sample(now)
		r.period(now)
	}
	r.Said = r.Said[:0]
	for i := range r.said {
		if t := r.said[i]; t.Messages > 0 {
			t.Kind = kindName(i)
			r.Said = append(r.Said, t)
		}
	}
	r.Turns.Unfinished = len(r.open)
	r.Peers = r.Peers[:0]
	for i, m := range c.members {
		r.Peers = append(r.Peers, r.peer(i, m))
	}
	return r
}

func (r *Record) peer(i int, m *member) Peer {
	total, _ := m.sums()
	p := Peer{
		Name: m.name, Group: m.class, Seed: m.group.Share == 100, Arrived: m.arrived, Completed: m.completed, Left: m.left,
		Up: int64(m.group.Up), Down: int64(m.group.Down), Downloaded: total.Downloaded, Uploaded: total.Uploaded,
	}
	for k := range Milestones + 1 {
		p.Reached = append(p.Reached, r.holders[i].reached(k))
	}
	return p
}

// BinOf is the bin of the i-th peer.
func (r *Record) BinOf(i int) int { return i * r.Bins / len(r.crowd.members) }
