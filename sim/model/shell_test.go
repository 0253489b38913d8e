package model_test

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
	"peerwire/sim/model"
)

// shell is what a session needs around it, and no more: links to peers, a disk whose answers come when they are told to, a clock.
type shell struct {
	session  *core.Session
	watch    *sim.Watch
	now      bt.Instant
	torrents []*torrent
	links    []*link
	jobs     []*job
	held     map[bt.Token]byte // what is in a buffer: 0 is right
	lastIn   bt.ConnID
	err      error // what the model disagrees with, or is wrong with the session
	log      []string
}

// torrent is a torrent that the session takes part in, with its disk.
type torrent struct {
	id       bt.TorrentID
	name     string
	hash     bt.InfoHash
	geometry bt.Geometry
	written  [][]byte // by piece and block: what is written; 0 is right
	gone     bool
	reserved int // slots
}

// link is one connection as the shell has it.
type link struct {
	id      bt.ConnID
	peer    *peer
	torrent *torrent // that it is meant for
	in      []part   // arrived and not taken
	want    bt.Want
	size    int
	token   bt.Token
	armed   bool
	stuffed bool // it takes no bytes
	paused  bool
	dialled bool // not answered yet
	shaken  bool // the peer has said its handshake
	owed    int  // bytes of payload that the peer has begun to send
	lie     byte // what they are
	asked   []bt.Block
}

// part is a part of a stream: bytes of control, or a number of bytes of payload.
type part struct {
	data []byte
	n    int
	lie  byte // 0 is right
}

// job is something that the disk was asked for and has not answered.
type job struct {
	effect bt.Effect
}

func newShell(cfg bt.Config) *shell {
	s := core.New(cfg, nil)
	return &shell{session: s, watch: sim.NewWatch(s, cfg), held: map[bt.Token]byte{}}
}

func (sh *shell) tell(format string, args ...any) {
	sh.log = append(sh.log, fmt.Sprintf("t=%v  ", sh.now)+fmt.Sprintf(format, args...))
}

func (sh *shell) link(id bt.ConnID) *link {
	for _, l := range sh.links {
		if l.id == id {
			return l
		}
	}
	return nil
}

// handle gives the session an event, and does what it asks for.
func (sh *shell) handle(ev bt.Event) {
	if sh.err != nil {
		return
	}
	sh.session.Handle(sh.now, ev)
	sh.follow(&model.Step{Now: sh.now, Event: &ev})
}

// transmit lets the session write into so much room. It tells whether it wrote anything.
func (sh *shell) transmit(l *link, room int) bool {
	if sh.err != nil {
		return false
	}
	buf := make([]byte, room)
	t := sh.session.Transmit(sh.now, l.id, buf)
	if t.N == 0 && t.Token == 0 {
		l.armed = false
	}
	if t.Token != 0 {
		delete(sh.held, t.Token)
	}
	if t.N > 0 {
		sh.tell("  writes to %v: %s", l.id, words(buf[:t.N]))
	}
	sh.follow(&model.Step{Now: sh.now, Conn: l.id, Room: room, Said: buf[:t.N], Token: t.Token, Size: t.Size})
	return t.N > 0
}

// follow drains the session, and lets the model judge what was seen.
func (sh *shell) follow(step *model.Step) {
	var e bt.Effect
	for sh.session.Poll(&e) {
		step.Effects = append(step.Effects, e)
	}
	for i := range step.Effects {
		sh.execute(&step.Effects[i])
	}
	if err := sh.watch.Follow(step); err != nil {
		sh.err = fmt.Errorf("the model: %w", err)
		for i := range step.Conns {
			c := &step.Conns[i]
			sh.tell("  %v of torrent %d: asked for %v, to be asked for %v; queue %d, strikes %d, %v", c.ID, c.Torrent, c.Live, c.Chosen,
				c.Asked, c.Strikes, c.Flags)
		}
		for i := range step.Effects {
			sh.tell("  effect %s", effectText(&step.Effects[i]))
		}
	} else if err := sh.session.Check(); err != nil {
		sh.err = fmt.Errorf("check: %w", err)
	}
}

// execute does one thing that the session asks for.
func (sh *shell) execute(e *bt.Effect) {
	l := sh.link(e.Conn)
	switch e.Kind {
	case bt.Dial:
		sh.tell("  dials %v over %v as %v", e.Addr, e.Transport, e.Conn)
		sh.links = append(sh.links, &link{id: e.Conn, dialled: true, torrent: sh.torrent(e.Torrent), peer: &peer{addr: e.Addr}})
	case bt.Need:
		l.drop(e.N)
		l.want, l.size, l.token = e.Want, e.Size, e.Token
		if e.Want == bt.WantPayload {
			sh.held[e.Token] = 0
		}
	case bt.WantWrite:
		l.armed = true
	case bt.PauseRead, bt.ResumeRead:
		sh.tell("  reads from %v: %t", e.Conn, e.Kind == bt.ResumeRead)
		l.paused = e.Kind == bt.PauseRead
	case bt.Close:
		sh.tell("  closes %v: %v", e.Conn, e.Reason)
		sh.forget(e.Conn)
	case bt.Store, bt.Fetch, bt.Verify:
		sh.jobs = append(sh.jobs, &job{effect: *e})
	case bt.Release:
		delete(sh.held, e.Token)
	case bt.Stalled, bt.Banned, bt.Passed, bt.Completed, bt.Noticed:
		sh.tell("  %s", describe(e))
	}
}

// effectText is an effect in full.
func effectText(e *bt.Effect) string {
	return fmt.Sprintf("%d: %v, torrent %d, piece %d, token %d, %v, %v", e.Kind, e.Conn, e.Torrent, e.Piece, e.Token, e.Block, e.Reason)
}

func describe(e *bt.Effect) string {
	switch e.Kind {
	case bt.Stalled:
		return fmt.Sprintf("stalls torrent %d: %v", e.Torrent, e.Fault)
	case bt.Banned:
		return fmt.Sprintf("bans %v until %v", e.Addr, e.Until)
	case bt.Noticed:
		return fmt.Sprintf("notices of %v: %v", e.Conn, e.Reason)
	case bt.Passed:
		return fmt.Sprintf("has piece %d of torrent %d", e.Piece, e.Torrent)
	}
	return fmt.Sprintf("has all of torrent %d", e.Torrent)
}

func (sh *shell) torrent(id bt.TorrentID) *torrent {
	for _, t := range sh.torrents {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (sh *shell) forget(id bt.ConnID) {
	sh.links = slices.DeleteFunc(sh.links, func(l *link) bool { return l.id == id })
}

// join lets the session take part in a torrent.
func (sh *shell) join(t *torrent, have func(i uint32) bool) {
	spec := &bt.TorrentSpec{InfoHash: t.hash, Geometry: t.geometry, Have: bitset.New(uint(t.geometry.NumPieces())), ReservedSlots: t.reserved}
	t.written = nil
	for i := range t.geometry.NumPieces() {
		spec.Have.SetTo(uint(i), have(i))
		t.written = append(t.written, make([]byte, t.geometry.NumBlocks(i)))
	}
	sh.torrents = append(sh.torrents, t)
	sh.handle(bt.Event{Kind: bt.AddTorrent, Torrent: t.id, Spec: spec})
}

// accept is a connection that a peer opens.
func (sh *shell) accept(p *peer, t *torrent, from netip.AddrPort, over bt.Transport) *link {
	sh.lastIn++
	l := &link{id: sh.lastIn | bt.Accepted, peer: p, torrent: t}
	sh.links = append(sh.links, l)
	sh.tell("%s connects from %v over %v as %v", p.name, from, over, l.id)
	sh.handle(bt.Event{Kind: bt.Accept, Conn: l.id, Addr: from, Transport: over})
	return l
}

// write lets a peer send bytes, cut after some of them.
func (sh *shell) write(l *link, b []byte, cut int) {
	if cut > 0 && cut < len(b) {
		l.in = append(l.in, part{data: slices.Clone(b[:cut])})
		sh.read(l)
		b = b[cut:]
	}
	l.in = append(l.in, part{data: slices.Clone(b)})
	sh.read(l)
}

// pay lets a peer send payload.
func (sh *shell) pay(l *link, n int, lie byte) {
	l.in = append(l.in, part{n: n, lie: lie})
	sh.read(l)
}

// read hands over what has arrived.
func (sh *shell) read(l *link) {
	for fresh := true; sh.err == nil && sh.link(l.id) == l && !l.paused && len(l.in) > 0; {
		if l.want != bt.WantBytes {
			sh.take(l)
			fresh = true
			continue
		}
		data := l.bytes()
		if !fresh || len(data) == 0 {
			return
		}
		before := l.length()
		sh.handle(bt.Event{Kind: bt.Received, Conn: l.id, Data: data})
		fresh = l.length() < before
	}
}

// take hands over payload.
func (sh *shell) take(l *link) {
	p := &l.in[0]
	n := min(l.size, p.size())
	if l.want == bt.WantPayload {
		if p.data != nil {
			p.lie = 99
		}
		sh.held[l.token] = max(sh.held[l.token], p.lie)
	}
	l.drop(n)
	l.size -= n
	if l.size == 0 {
		l.want, l.token = bt.WantBytes, 0
	}
	sh.handle(bt.Event{Kind: bt.PayloadRead, Conn: l.id, N: n})
}

func (p *part) size() int { return p.n + len(p.data) }

func (l *link) length() (n int) {
	for i := range l.in {
		n += l.in[i].size()
	}
	return n
}

// bytes are the control bytes at the head of what has arrived.
func (l *link) bytes() (b []byte) {
	for i := range l.in {
		if l.in[i].data == nil {
			return b
		}
		b = append(b, l.in[i].data...)
	}
	return b
}

// drop takes n bytes from the head.
func (l *link) drop(n int) {
	for n > 0 && len(l.in) > 0 {
		p := &l.in[0]
		k := min(n, p.size())
		if p.data != nil {
			p.data = p.data[k:]
		} else {
			p.n -= k
		}
		if n -= k; p.size() == 0 {
			l.in = l.in[1:]
		}
	}
}

// answer lets the disk answer.
func (sh *shell) answer(i int, f bt.Fault, digests bool) {
	e := sh.jobs[i].effect
	sh.jobs = slices.Delete(sh.jobs, i, i+1)
	t := sh.torrent(e.Torrent)
	switch e.Kind {
	case bt.Store:
		sh.tell("disk: stored %d %v: %v", e.Torrent, e.Block, f)
		if f == bt.OK {
			t.written[e.Block.Piece][e.Block.Begin/bt.BlockSize] = sh.held[e.Token]
		}
		delete(sh.held, e.Token)
		sh.handle(bt.Event{Kind: bt.Stored, Token: e.Token, Fault: f})
	case bt.Fetch:
		sh.tell("disk: fetched %d %v for %v: %v", e.Torrent, e.Block, e.Conn, f)
		sh.handle(bt.Event{Kind: bt.Fetched, Token: e.Token, Fault: f})
	case bt.Verify:
		ev := bt.Event{Kind: bt.Verified, Torrent: e.Torrent, Piece: e.Piece, Good: f == bt.OK, Fault: f}
		for k, lie := range t.written[e.Piece] {
			ev.Good = ev.Good && lie == 0
			ev.Sums = append(ev.Sums, bt.Digest{byte(e.Piece), byte(k), lie})
		}
		if !digests || f != bt.OK || ev.Good && !e.Sums {
			ev.Sums = nil
		}
		sh.tell("disk: verified %d piece %d: %t, %v, digests %t", e.Torrent, e.Piece, ev.Good, f, ev.Sums != nil)
		sh.handle(ev)
	}
}

// settle lets everybody who takes bytes be written to.
func (sh *shell) settle() {
	for again := true; again && sh.err == nil; {
		again = false
		for _, l := range slices.Clone(sh.links) {
			for l.armed && !l.stuffed && sh.err == nil && sh.link(l.id) == l {
				again = true
				sh.transmit(l, 4096)
			}
		}
	}
}

// to lets time pass up to an instant: with a call at each deadline on the way, or late.
func (sh *shell) to(at bt.Instant, late bool) {
	for sh.err == nil {
		next, _ := sh.session.NextDeadline()
		if late || next > at {
			break
		}
		sh.now = max(sh.now, next)
		sh.tell("tick")
		sh.handle(bt.Event{Kind: bt.Tick})
		sh.settle()
	}
	sh.now = max(sh.now, at)
	sh.tell("tick")
	sh.handle(bt.Event{Kind: bt.Tick})
}

// words says what is in written bytes, as far as it can be told without knowing what came before.
func words(b []byte) string {
	text := ""
	if len(b) >= 20 && b[0] == 19 {
		n := min(68, len(b))
		text, b = "handshake", b[n:]
	}
	for len(b) > 0 {
		var m wire.Message
		n, _, _ := wire.Decode(b, &wire.Rules{Fast: true}, &m)
		if n == 0 {
			return text + fmt.Sprintf(" / %d bytes", len(b))
		}
		text += " / " + m.String()
		b = b[n:]
	}
	return text
}
