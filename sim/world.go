package sim

import (
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim/fault"
)

// Options is what a World is told once.
type Options struct {
	Seed     uint64  // all that is random in the world follows from it; a node's own seed is drawn from it too
	Cutting  Cutting // how streams are cut when they arrive
	Tight    bool    // nodes write with the least room that the core must do with
	Heedless bool    // nodes do not heed that there is nothing more to write, and let the core say so a second time
	Swift    bool    // no journal is kept, and cores are not asked after every event whether all is well
	Asked    bool    // they are asked all the same
	Recorder *clause.Recorder
	Watch    func(n *Node) Watcher // gives each node somebody who looks at it; nil when nobody does
	Trace    *Trace                // sums up what happens; nil when nobody asks

	Apart bool                      // what is due when something happens comes before it in a call of its own, and not in the same
	Judge func(cfg bt.Config) Judge // gives each node that is made with cfg somebody who follows its core; nil lets none be followed
}

// World is everything there is, and its clock.
type World struct {
	options  Options
	now      bt.Instant
	queue    queue
	cuts     cutter
	line     *cable
	torrents []*Torrent
	hosts    []Host // nil where one has left
	names    map[string]Host
	places   map[netip.AddrPort]Host
	routers  []router
	deaf     []deafness
	ends     shelf[*End]
	opened   uint64 // ends, ever
	errands  shelf[errand]
	mail     shelf[datagram] // on their way
	hangar   hangar
	buffers  buffers
	runs     []Run             // of a buffer that is looked at
	messages uint64            // that were delivered
	control  uint64            // bytes that were delivered, but for payload
	room     [maxTransmit]byte // what a node writes into
	effect   bt.Effect         // what a core asks for
	scratch  core.Scratch      // of all cores
	snap     core.Snapshot     // what a core shows to who judges it
	entries  []Entry
	broken   []clause.Violation
	fault    error
	injected fault.Counts
	ailing   bool  // somebody has ills
	invented int64 // bytes of payload that no core has sent
}

// Torrent is what a swarm shares.
type Torrent struct {
	Name     string
	ID       bt.TorrentID // of every node that takes part
	InfoHash bt.InfoHash
	Geometry bt.Geometry
	Private  bool
}

// NewWorld is empty, and its time is 0.
func NewWorld(o Options) *World {
	w := &World{
		options: o, cuts: cutter{how: o.Cutting, lots: rand.New(rand.NewPCG(o.Seed, 1))},
		names: map[string]Host{}, places: map[netip.AddrPort]Host{},
	}
	w.SetLine(Line{})
	return w
}

// Now is the world's time.
func (w *World) Now() bt.Instant { return w.now }

// SetLine says what connections are made of from now on.
func (w *World) SetLine(l Line) { w.line = &cable{l, w} }

// deafness is that a host answers nobody who dials it over a transport.
type deafness struct {
	host Host
	over bt.Transport
}

// Deafen lets a host answer nobody who dials it over a transport, or answer again.
func (w *World) Deafen(h Host, over bt.Transport, on bool) {
	w.deaf = slices.DeleteFunc(w.deaf, func(d deafness) bool { return d == deafness{h, over} })
	if on {
		w.deaf = append(w.deaf, deafness{h, over})
	}
}

// AddTorrent adds a torrent; its info-hash follows from its name.
func (w *World) AddTorrent(name string, g bt.Geometry) *Torrent {
	t := &Torrent{Name: name, ID: bt.TorrentID(len(w.torrents) + 1), InfoHash: sha1.Sum([]byte(name)), Geometry: g}
	w.torrents = append(w.torrents, t)
	return t
}

// infoHash is that of a torrent; none of bytes that are of no torrent.
func (w *World) infoHash(id bt.TorrentID) bt.InfoHash {
	if id == 0 {
		return bt.InfoHash{}
	}
	return w.torrents[id-1].InfoHash
}

// Torrents lists the torrents in the order in which they were added.
func (w *World) Torrents() []*Torrent { return w.torrents }

// Host finds a host by its name; nil when there is none.
func (w *World) Host(name string) Host { return w.names[name] }

// Hosts lists all there are, in the order in which they came; nil where one has left. It is only to be read.
func (w *World) Hosts() []Host { return w.hosts }

// hostAt finds who listens at an address.
func (w *World) hostAt(at netip.AddrPort) Host { return w.places[at] }

// settle gives a host its place in the world, and tells which. Of those with one name or address the first is found.
func (w *World) settle(h Host) int32 {
	if _, ok := w.names[h.Name()]; !ok {
		w.names[h.Name()] = h
	}
	w.locate(h.Addr(), h)
	w.hosts = append(w.hosts, h)
	return int32(len(w.hosts) - 1)
}

func (w *World) locate(at netip.AddrPort, h Host) {
	if _, ok := w.places[at]; !ok {
		w.places[at] = h
	}
}

// nameOf is the name of who listens at an address, or the address.
func (w *World) nameOf(at netip.AddrPort) string {
	if h := w.hostAt(at); h != nil {
		return h.Name()
	}
	return at.String()
}

// nextAddr is the address of the next host, unless it is given another.
func (w *World) nextAddr() netip.AddrPort {
	n := len(w.hosts) + 1
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

// peerID is what a host calls itself, unless it is told otherwise. It has a sum of a name that is too long for it, with the beginning of which another may
// begin too: who is called as others are gets no connection to them.
func peerID(name string) (id bt.PeerID) {
	n := copy(id[:], "-PW0100-")
	if room := len(id) - n; len(name) > room {
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:])
	}
	copy(id[n:], name+"------------")
	return id
}

// PeerIDOf is what the host of a name calls itself.
func PeerIDOf(name string) bt.PeerID { return peerID(name) }

// nowhere is where nobody is, and nobody says so.
var nowhere = netip.MustParsePrefix("198.51.100.0/24")

// dial opens a connection, unless nobody is there. The answer takes a way there and one back; it never comes from who is
// silent, or deaf on that transport.
func (w *World) dial(from Host, own, to netip.AddrPort, over bt.Transport, done func(*End, bt.Fault)) {
	line := w.line
	if n, host := w.wires(from, to, over); host != nil {
		if illsOf(host).Strikes(fault.Refusal) {
			w.after(line.Latency+line.back(), func() { done(nil, bt.Refused) })
		} else {
			n.udp().dial(host, w.seen(from, own, host, to), done)
		}
		return
	}
	w.after(line.Latency, func() {
		host := w.hostAt(to)
		raw, scripted := host.(*Raw)
		switch {
		case scripted && raw.Silent, slices.Contains(w.deaf, deafness{host, over}), w.ailing && w.unheard(from, host), nowhere.Contains(to.Addr()):
			return
		case host == nil, scripted && raw.Refuses, illsOf(host).Strikes(fault.Refusal):
			w.after(line.back(), func() { done(nil, bt.Refused) })
			return
		}
		answer := func(f bt.Fault) {
			if f != bt.OK {
				w.after(line.back(), func() { done(nil, f) })
				return
			}
			near, far := w.connect(line, from, host, w.seen(from, own, host, to))
			near.over, far.over = over, over
			w.after(line.back(), func() { done(near, bt.OK) })
			host.accept(far)
		}
		if scripted && raw.Slow {
			raw.waiting = answer
			return
		}
		answer(bt.OK)
	})
}

// tell puts something in the journal.
func (w *World) tell(who, to, text string) {
	w.entries = append(w.entries, Entry{At: w.now, Who: who, To: to, Text: text})
}

// Journal gives the entries since the last call.
func (w *World) Journal() []Entry {
	e := w.entries
	w.entries = nil
	return e
}

// Violations lists what peers were found to have broken, in the order in which they were.
func (w *World) Violations() []clause.Violation { return w.broken }

// Broke notes that something is, of what must never be. The world stands still from then on.
func (w *World) Broke(err error) { w.broke(err) }

// broke notes that something is wrong with the world or with what runs in it.
func (w *World) broke(err error) {
	if w.fault == nil {
		w.fault = err
	}
}

// Trouble is something wrong with what runs in a node.
type Trouble struct {
	At   bt.Instant
	Node string
	Says string // what stands between the node and what is wrong
	Err  error
}

// Error says when, who and what.
func (t *Trouble) Error() string { return fmt.Sprintf("t=%v %s%s: %v", t.At, t.Node, t.Says, t.Err) }

// Unwrap is what is wrong.
func (t *Trouble) Unwrap() error { return t.Err }

// Fault is the first thing that went wrong: an invariant of a node that does not hold, or time that stands still. No script may
// cause any.
func (w *World) Fault() error { return w.fault }

// maxAtOnce is how much may happen at one time, for each host that there is and one more.
const maxAtOnce = 1 << 15

var errStill = errors.New("time stands still")

// RunTo lets everything happen up to a time and at it, and then it is that time.
func (w *World) RunTo(to bt.Instant) { w.RunUntil(to, func() bool { return false }) }

// Settle lets everything happen that is due now.
func (w *World) Settle() { w.RunTo(w.now) }

// RunUntil is RunTo, but stops as soon as enough is true. It tells whether it is.
func (w *World) RunUntil(to bt.Instant, enough func() bool) bool {
	atOnce := 0
	for !enough() {
		at, ok := w.queue.next()
		if w.fault != nil {
			return false
		}
		if !ok || at > to {
			w.now = max(w.now, to)
			w.queue.advance(w.now)
			return false
		}
		if at > w.now {
			w.now, atOnce = at, 0
		}
		if atOnce++; atOnce/(len(w.hosts)+1) > maxAtOnce {
			w.broke(errStill)
		}
		w.happen()
	}
	return true
}

// Cut breaks the connection that was opened as the n-th of those that stand, for both its ends; false when there are not so many.
func (w *World) Cut(n int) bool {
	standing := w.standing()
	if n >= len(standing) {
		return false
	}
	standing[n].reset()
	return true
}

// standing lists the connections that neither end has closed, by the end that opened each, the oldest first.
func (w *World) standing() (list []*End) {
	for _, e := range w.ends.all {
		if e != nil && e.opener && !e.closed && !e.far.closed {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *End) int { return cmp.Compare(a.opened, b.opened) })
	return list
}

// between counts the connections that two hosts have.
func (w *World) between(a, b Host) (n int) {
	for _, e := range w.standing() {
		if e.owner() == a && e.far.owner() == b || e.owner() == b && e.far.owner() == a {
			n++
		}
	}
	return n
}

// Messages is how many messages were delivered.
func (w *World) Messages() uint64 { return w.messages }

// Invented is how many bytes of payload were sent of which no core knows.
func (w *World) Invented() int64 { return w.invented }

// Control is how many bytes were delivered that are not payload.
func (w *World) Control() uint64 { return w.control }
