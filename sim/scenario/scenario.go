package scenario

import (
	"cmp"
	"time"

	"peerwire/core/bt"
)

// Scenario is a swarm to be.
type Scenario struct {
	Name      string  `toml:"-"` // of the file, without its ending
	About     string  `toml:"about"`
	Seed      uint64  `toml:"seed"` // of all chance
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
	g.complete()
	return g
}

// complete fills in what a group may leave out.
func (g *Group) complete() {
	if g.Connections == 0 {
		g.Connections = 50
	}
	if g.HalfOpen == 0 {
		g.HalfOpen = bt.DefaultConfig().MaxHalfOpen
	}
	if g.Have == "" {
		g.Have = "none"
	}
	if g.Stays == "" {
		g.Stays = Always
	}
	if g.SlotPolicy == "" {
		g.SlotPolicy = bt.FixedSlots.String()
	}
	if g.Picks == "" {
		g.Picks = Rarest
	}
	if g.SeedOrder == "" {
		g.SeedOrder = bt.RoundRobin.String()
	}
	if g.Count == 0 {
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

// Scale makes n peers of the scenario's: the largest group becomes larger or smaller, the others stay. It tells whether that can be.
func (s *Scenario) Scale(n int) bool {
	largest := &s.Groups[0]
	for i := range s.Groups {
		if s.Groups[i].Count > largest.Count {
			largest = &s.Groups[i]
		}
	}
	count := n - s.Peers() + largest.Count
	if count < 1 || count > MaxPeers || len(largest.At) > 0 {
		return false
	}
	largest.Count = count
	return true
}

// MaxPeers is how many peers a group may have.
const MaxPeers = 1_000_000
