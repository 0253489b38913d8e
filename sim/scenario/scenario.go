package scenario

import (
	"cmp"
	"fmt"
	"time"

	"peerwire/core/bt"
)

// Scenario is a swarm to be.
type Scenario struct {
	Name      string  `toml:"-"` // of the file, without its ending
	About     string  `toml:"about"`
	Seed      Seed    `toml:"seed"` // of all chance
	Until     Span    `toml:"until"`
	Transport string  `toml:"transport"`
	Torrent   Torrent `toml:"torrent"`
	Line      Line    `toml:"line"`
	Tracker   Tracker `toml:"tracker"`
	Groups    []Group `toml:"peers"`
	Faults    []Fault `toml:"faults"`
	Heal      Heal    `toml:"heal"`
}

// Torrent is what is shared.
type Torrent struct {
	Name  string `toml:"name"` // empty when it is the scenario's
	Size  Size   `toml:"size"`
	Piece Size   `toml:"piece"`
}

// Called is the torrent's name, from which its info-hash follows.
func (s *Scenario) Called() string { return cmp.Or(s.Torrent.Name, s.Name) }

// Geometry is how the torrent is cut.
func (t *Torrent) Geometry() bt.Geometry {
	return bt.Geometry{PieceLength: uint32(t.Piece), Total: int64(t.Size)}
}

// Line is what the network does to each connection; rates belong to the peers.
type Line struct {
	Latency Span `toml:"latency"`
	Jitter  Span `toml:"jitter"`
	Loss    int  `toml:"loss"` // packets of a million
	Window  Size `toml:"window"`
	Start   Size `toml:"start"`
	Plain   bool `toml:"plain"` // nobody speaks Fast or extensions

	Datagrams bool `toml:"datagrams"` // uTP is the machine of core/utp, on datagrams
}

// Tracker is what tells peers of each other.
type Tracker struct {
	NumWant  int  `toml:"numwant"` // peers in an answer, at most
	Interval Span `toml:"interval"`
	Least    Span `toml:"min-interval"`
}

// Heal is when all faults end, and how long those who are there may take to become complete then.
type Heal struct {
	At     Span `toml:"at"` // 0 is never
	Within Span `toml:"within"`
}

// Group is peers of one kind.
type Group struct {
	Name  string `toml:"name"`
	Count int    `toml:"count"` // of peers
	Have  string `toml:"have"`
	Share int    `toml:"-"` // percent of the pieces that Have stands for
	Up    Rate   `toml:"up"`
	Down  Rate   `toml:"down"`

	Connections int    `toml:"connections"` // at most
	HalfOpen    int    `toml:"half-open"`   // of them, being dialled at one time
	Slots       *int   `toml:"slots"`       // for upload; nil is as many as a client has
	SlotPolicy  string `toml:"slot-policy"`
	SeedOrder   string `toml:"seed-order"`
	Picks       string `toml:"picks"`
	SuperSeed   bool   `toml:"super-seed"`

	Arrive Span   `toml:"arrive"`
	Within Span   `toml:"arrive-within"`
	Every  Span   `toml:"arrive-every"`
	At     []Span `toml:"arrive-at"`

	Stays   string `toml:"stays"`
	SeedFor Span   `toml:"seed-for"`
	Leaves  int    `toml:"leaves-at"` // percent of the pieces; 0 is not mid-way

	DiskLatency Span `toml:"disk-latency"`
}

// How long a peer stays.
const (
	Always   = "always"   // for as long as the run lasts
	UntilHas = "complete" // until it has everything, and seed-for after that
	OneCopy  = "one-copy" // until every piece is with somebody else
)

// How a peer chooses a new piece.
const (
	Rarest = "rarest"
	Random = "random"
)

// New is a scenario in which all that a file may leave out is as the documentation has it, and that has no peers yet.
func New() *Scenario {
	return &Scenario{
		Seed: 1, Until: Span(24 * time.Hour), Transport: "tcp",
		Torrent: Torrent{Size: 100 << 20, Piece: 256 << 10},
		Line:    Line{Latency: Span(25 * time.Millisecond), Window: 256 << 10, Start: 14480, Datagrams: true},
		Tracker: Tracker{NumWant: 50, Interval: Span(30 * time.Minute), Least: Span(time.Minute)},
	}
}

// NewGroup is one peer of which all that a file may leave out is as the documentation has it, and that has no name yet.
func NewGroup() (g Group) {
	g.complete(nil)
	return g
}

// keys are those that a group or a fault has in its file. What is said there stands, also when it is nothing.
type keys map[string]any

func (k keys) lack(key string) bool {
	_, said := k[key]
	return !said
}

// complete fills in what a group leaves out.
func (g *Group) complete(said keys) {
	if said.lack("connections") {
		g.Connections = 50
	}
	if said.lack("half-open") {
		g.HalfOpen = bt.DefaultConfig().MaxHalfOpen
	}
	if said.lack("have") {
		g.Have = "none"
	}
	if said.lack("stays") {
		g.Stays = Always
	}
	if said.lack("slot-policy") {
		g.SlotPolicy = bt.FixedSlots.String()
	}
	if said.lack("picks") {
		g.Picks = Rarest
	}
	if said.lack("seed-order") {
		g.SeedOrder = bt.RoundRobin.String()
	}
	if said.lack("count") {
		g.Count = max(1, len(g.At))
	}
}

// Peers is how many peers there will ever be.
func (s *Scenario) Peers() (n int) {
	for i := range s.Groups {
		n += s.Groups[i].Count
	}
	return n
}

// Scale makes n peers of the scenario's: the largest group becomes larger or smaller, of several that are as large one that wants something; the others
// stay. An error says why that cannot be.
func (s *Scenario) Scale(n int) error {
	largest := &s.Groups[0]
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Count > largest.Count || g.Count == largest.Count && largest.Share == 100 {
			largest = g
		}
	}
	others, before := s.Peers()-largest.Count, largest.Count
	switch {
	case len(largest.At) > 0:
		return fmt.Errorf("%s has %d, as its group %q arrives at given times", s.Name, s.Peers(), largest.Name)
	case n <= others || n > MaxPeers:
		return fmt.Errorf("%s has %d to %d: all but the group %q stay", s.Name, others+1, MaxPeers, largest.Name)
	}
	largest.Count = n - others
	if _, _, wrong := s.judge(); wrong != "" {
		largest.Count = before
		return fmt.Errorf("%s cannot have so many: %s", s.Name, wrong)
	}
	return nil
}

// The most that there may be.
const (
	MaxFile   = 4 << 20   // bytes of a file
	MaxDepth  = 16        // of lists and tables in one another, of which a scenario needs two
	MaxGroups = 1000      // and as many faults
	MaxPeers  = 1_000_000 // of all groups together
	MaxSize   = 1 << 40   // of a torrent: a disk keeps a bit a block
)

// leastEvery is how often something may happen, or be asked for, at most.
const leastEvery = Span(time.Millisecond)
