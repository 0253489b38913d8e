package core

import (
	"math/rand/v2"

	"peerwire/core/bt"
	"peerwire/core/choke"
	"peerwire/core/clause"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
	"peerwire/core/table"
)

// Session is one client: its torrents, its connections, and what they share. It is not safe for use by several
// goroutines: one owns it. What every call looks at stands together.
type Session struct {
	out      swarm.Outlet
	conns    table.Table[bt.ConnID, *conn]
	schedule schedule
	seatings uint64 // how often a connection came, was given a place, or left
	settled  uint64 // seatings, and moods, when it was last seen to it that there is room
	self     peerfsm.Self

	torrents  []*swarm.Torrent // in the order they were added
	dialling  dialling
	disk      diskLoad
	bans      *dial.Bans
	slots     slots
	scratch   *Scratch
	external  *dial.External
	sentences []sentence // the first to be executed first
	ends      []end      // of connections that we dialled, while they are in handshake
	lastID    bt.ConnID  // of the connections we dial
	shaking   shaking
	cfg       bt.Config
}

// conn is a connection and what the session keeps of it, in one piece of memory.
type conn struct {
	torrent   *swarm.Torrent // nil until it is bound
	place     int32          // in the schedule; -1 when it has none
	ticket    dial.Ticket    // while it is queued or half-open
	paused    bool           // we told the shell not to read
	clogged   bool           // because the peer does not read our answers
	shaking   bool           // it is incoming and in handshake
	heard     bool           // some byte came from the peer
	mirror    bool           // it is to ourselves, and waits until its other end has heard so
	sentenced bool           // it ends soon
	because   bt.Because     // why it is dialled over its transport
	peer      peerfsm.Peer
	*aside
}

// aside is what few messages look at, and many a connection never has need of: these share one, that nobody writes to.
type aside struct {
	turn    turn
	noticed uint64 // violations that were told of, a bit each
}

var nothingAside = aside{turn: turn{unchoked: neverHad, optimistic: neverHad}}

// own is the connection's aside, to be written to.
func (s *Session) own(c *conn) *aside {
	if c.aside == &nothingAside {
		c.aside = s.scratch.asides.take()
	}
	return c.aside
}

// disown leaves the aside of a connection that has ended to others.
func (s *Session) disown(c *conn) {
	if c.aside != &nothingAside {
		s.scratch.asides = append(s.scratch.asides, c.aside)
		c.aside = &nothingAside
	}
}

// asides are what no connection has. They are made so many at once: in a swarm that begins everybody soon has one.
type asides []*aside

const asidesAtOnce = 16

// take is one that is as good as new.
func (a *asides) take() *aside {
	if len(*a) == 0 {
		more := make([]aside, asidesAtOnce)
		for i := range more {
			*a = append(*a, &more[i])
		}
	}
	last := len(*a) - 1
	v := (*a)[last]
	*a = (*a)[:last]
	*v = nothingAside
	return v
}

// Scratch is memory that a Session needs only while it is called and until its effects are polled, and memory that its connections leave to
// each other. The zero Scratch is ready to be used.
type Scratch struct {
	effects    swarm.Effects
	candidates []choke.Candidate
	stock      peerfsm.Stock
	asides     asides
}

// New is a Session without torrents. rec, nil in production, counts the clauses that are reached.
func New(cfg bt.Config, rec *clause.Recorder) *Session { return NewWith(new(Scratch), cfg, rec) }

// NewWith is New with a Scratch that other sessions use too. One goroutine must own them all, and poll all effects of one before it calls
// another: whoever runs thousands has the memory once.
func NewWith(m *Scratch, cfg bt.Config, rec *clause.Recorder) *Session {
	return &Session{
		scratch: m,
		cfg:     cfg,
		self: peerfsm.Self{PeerID: cfg.PeerID, Client: cfg.Client, ListenPort: cfg.ListenPort,
			Recorder: rec, Stock: &m.stock},
		out:      swarm.NewOutlet(&m.effects),
		schedule: schedule{soonest: bt.Never},
		shaking:  shaking{of: make(map[bt.TorrentID]int)},
		dialling: newDialling(cfg.MaxHalfOpen),
		external: dial.NewExternal(cfg.ListenPort),
		bans:     dial.NewBans(),
		slots:    newSlots(cfg),
	}
}

// Watch has f told at once of each connection that is new, or whose state changes, and how its flags stood before: none of them when it is new.
// f must not call the Session. It is for who keeps a record; nil is told nothing.
func (s *Session) Watch(f func(p *peerfsm.Peer, before peerfsm.Flags)) { s.self.Moved = f }

// stream is a source of chance of its own for one consumer, so that what one draws changes nothing for the
// others.
func stream(seed, consumer uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, consumer)) }

// The consumers of chance. A torrent's picker has the torrent's id, which is 32 bits wide, and a torrent's super-seeding chanceShown
// and its id.
const (
	chanceChoker uint64 = 1 << 32
	chanceShown  uint64 = 1 << 33
)

// Poll takes the oldest effect; false when there is none. It changes nothing else.
func (s *Session) Poll(e *bt.Effect) bool { return s.out.Poll(e) }

// Handle lets everything happen that is due by now, and then the event. Effects must have been polled before. A
// now that is less than one seen before counts as that one.
func (s *Session) Handle(now bt.Instant, ev bt.Event) {
	if s.out.Pending() > 0 {
		panic("BUG: Handle was called before the effects were polled")
	}
	now = max(now, s.out.Now)
	gap := now.Sub(s.out.Now)
	s.out.Now = now
	if s.schedule.before() <= now {
		s.fallDue(now, gap)
	}
	s.take(now, &ev)
	if s.dialling.due {
		s.dialling.due = false
		s.dialMore(now)
	}
	s.armRetry(now)
	s.armHaves(now)
	if change := s.self.Moods + s.seatings; change != s.settled {
		s.settled = change
		s.makeRoom(now)
		s.armTurnover(now)
	}
}

func (s *Session) take(now bt.Instant, ev *bt.Event) {
	switch ev.Kind {
	case bt.Received:
		if c := s.conn(ev.Conn); c != nil {
			s.received(now, c, ev.Data)
		}
	case bt.PayloadRead:
		if c := s.conn(ev.Conn); c != nil {
			s.payloadRead(now, c, ev.N)
		}
	case bt.Stored, bt.Fetched:
		s.answered(now, ev)
	case bt.Verified:
		s.verified(now, ev)
	case bt.Dialled:
		if c := s.conn(ev.Conn); c != nil {
			s.dialled(now, c, ev)
		}
	case bt.Accept:
		s.accept(now, ev)
	case bt.Closed:
		if c := s.conn(ev.Conn); c != nil {
			s.lost(now, c, ev.Fault)
		}
	case bt.AddTorrent:
		s.addTorrent(ev)
	case bt.RemoveTorrent:
		s.removeTorrent(now, ev.Torrent)
	case bt.AddPeer:
		s.addPeer(ev)
	case bt.DiskReady:
		if t := s.torrent(ev.Torrent); t != nil {
			t.Resume()
		}
	}
}

// conn finds a connection; nil when there is none of that name.
func (s *Session) conn(id bt.ConnID) *conn {
	if c := s.conns.Get(id); c != nil {
		return *c
	}
	return nil
}

// torrent finds a torrent; nil when there is none of that name. There are few.
func (s *Session) torrent(id bt.TorrentID) *swarm.Torrent {
	for _, t := range s.torrents {
		if t.Local().Torrent == id {
			return t
		}
	}
	return nil
}

func (s *Session) addTorrent(ev *bt.Event) {
	if ev.Spec == nil || !ev.Spec.Geometry.Valid() || s.torrent(ev.Torrent) != nil {
		panic("BUG: a torrent is added once, with a geometry that can be")
	}
	if ev.Spec.ReservedSlots < 0 {
		panic("BUG: less than no slot is reserved")
	}
	s.reserve(ev.Torrent, ev.Spec.ReservedSlots)
	s.dialling.due = true
	rng, lots := stream(s.cfg.Seed, uint64(ev.Torrent)), stream(s.cfg.Seed, chanceShown+uint64(ev.Torrent))
	s.torrents = append(s.torrents, swarm.New(ev.Torrent, ev.Spec, &s.out, s.self.Recorder, rng, lots))
}

// removeTorrent closes what belongs to a torrent; answers that come later find nothing. [TOR-3]
func (s *Session) removeTorrent(now bt.Instant, id bt.TorrentID) {
	for i, t := range s.torrents {
		if t.Local().Torrent != id {
			continue
		}
		s.hit(clause.TOR3)
		s.torrents = append(s.torrents[:i], s.torrents[i+1:]...)
		s.unreserve(id)
		for _, p := range peersOf(t) {
			s.close(now, s.conn(p.ID()), bt.Reason{Cause: bt.Stopped})
		}
		return
	}
}

// peersOf lists a torrent's connections, so that they can be closed while the list is walked.
func peersOf(t *swarm.Torrent) (ps []*peerfsm.Peer) {
	t.Peers(func(p *peerfsm.Peer) { ps = append(ps, p) })
	return ps
}

func (s *Session) hit(id clause.ID) { s.self.Recorder.Hit(id) }
