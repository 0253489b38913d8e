package kept

import (
	"fmt"
	"net/netip"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// manner is how much of what happened around a core is left to the script's world, and how much is told as it was.
type manner struct {
	writes bool // when the core wrote, which it does at once otherwise
	disk   bool // when the disk answered, which it does at once otherwise
	bytes  bool // which bytes came in one piece: parts of messages come together otherwise, and each message by itself
}

// manners are all of them, the simplest first. The last leaves out nothing.
var manners = []manner{{}, {disk: true}, {writes: true}, {writes: true, disk: true}, {true, true, true}}

// retelling puts in a script's words what a core was told.
type retelling struct {
	*account
	manner
	torrent string
	raws    []*raw
	of      map[bt.ConnID]*talk
	asked   map[bt.Token]string // what the disk was asked for, and waits with
	now     bt.Instant          // of the last line
	lines   []string
	setup   int                   // how many of them are no news
	sayer   *raw                  // who says something in the last line; nil when nobody does
	writing *raw                  // to whom the core writes in the last line; nil when to nobody
	times   int                   // and how often
	guilty  func(netip.Addr) bool // nil when it does not matter
}

// retell gives the lines that tell a core what it was told, up to a time.
func retell(a *account, how manner, torrent string, to bt.Instant, suspect func(netip.Addr) bool) ([]string, int, error) {
	if a.spec() == nil {
		return nil, 0, fmt.Errorf("it takes part in no torrent")
	}
	r := &retelling{account: a, manner: how, torrent: torrent, of: map[bt.ConnID]*talk{}, asked: map[bt.Token]string{}, guilty: suspect}
	var talks []*talk
	talks, r.raws = a.meet()
	for _, t := range talks {
		r.of[t.id] = t
	}
	r.offers()
	r.scene()
	for i := range a.calls {
		r.tell(i)
	}
	if last := &a.calls[len(a.calls)-1]; last.told && r.of[last.event.Conn] != nil {
		r.flush(r.of[last.event.Conn])
	}
	if to > r.now {
		r.line("run to=%v", to)
	}
	return r.lines, r.setup, nil
}

// line adds a line.
func (r *retelling) line(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
	r.sayer, r.writing = nil, nil
}

// says lets a peer say something, in one line with what it said just before.
func (r *retelling) says(who *raw, text string) {
	if r.sayer != who {
		r.line("%s says %s", who.name, text)
		r.sayer = who
		return
	}
	last := &r.lines[len(r.lines)-1]
	if alone := who.name + " says "; r.bytes && !strings.HasPrefix(*last, alone+atOnce) {
		*last = alone + atOnce + strings.TrimPrefix(*last, alone)
	}
	*last += " / " + text
}

// atOnce stands before messages that come in one piece.
const atOnce = "at-once "

// at makes it the time of a call. A core that was not called when something was due slept.
func (r *retelling) at(i int) {
	now := r.calls[i].now
	if now <= r.now {
		return
	}
	if r.slept(i) {
		if awake := r.calls[i-1].now; awake > r.now {
			r.line("run to=%v", awake)
			r.now = awake
		}
		r.line("%s sleeps for=%v", r.begin.Name, now-r.now)
	} else {
		r.line("run to=%v", now)
	}
	r.now = now
}

func (r *retelling) slept(i int) bool { return i > 0 && r.calls[i-1].due < r.calls[i].now }

// tell tells of a call.
func (r *retelling) tell(i int) {
	c := &r.calls[i]
	switch {
	case !c.told:
		if t := r.of[c.conn]; t != nil {
			r.transmits(i, t)
			t.wrote(c.said)
		}
	case c.event.Kind == bt.Tick:
		if r.slept(i) {
			r.at(i)
		}
	default:
		if t := r.of[c.event.Conn]; t != nil {
			r.connection(i, t)
		} else {
			r.other(i)
		}
	}
	for _, e := range c.effects {
		name := map[bt.EffectKind]string{bt.Store: "store", bt.Fetch: "fetch"}[e.Kind]
		if name != "" {
			r.asked[e.Token] = name + " " + r.block(e.Block)
		}
	}
}

// usualRoom is how much room a core has when it writes, bytes.
const usualRoom = 4096

// transmits lets the core write to a peer.
func (r *retelling) transmits(i int, t *talk) {
	if !r.writes {
		return
	}
	r.at(i)
	room := ""
	if n := r.calls[i].room; n != usualRoom {
		room = fmt.Sprintf(" room=%d", n)
	}
	if r.writing == t.raw && room == "" {
		r.times++
		r.lines[len(r.lines)-1] = fmt.Sprintf("%s writes %s times=%d", r.begin.Name, t.raw.name, r.times)
		return
	}
	r.line("%s writes %s%s", r.begin.Name, t.raw.name, room)
	if room == "" {
		r.writing, r.times = t.raw, 1
	}
}

// other tells of what is about no connection.
func (r *retelling) other(i int) {
	c := &r.calls[i]
	name, e := r.begin.Name, &c.event
	switch e.Kind {
	case bt.AddTorrent:
		if i > 0 { // or the scene says it
			r.at(i)
			r.line("%s joins %s %s", name, r.torrent, specWords(e.Spec))
		}
	case bt.RemoveTorrent:
		r.at(i)
		r.line("%s quits %s", name, r.torrent)
	case bt.AddPeer:
		if !e.Addr.IsValid() {
			return // as a tracker may say; nothing comes of it
		}
		r.at(i)
		r.line("%s learns %s source=%v", name, r.place(e.Addr), e.Source)
	case bt.DiskReady:
		r.at(i)
		r.line("disk %s ready", name)
	case bt.Stored, bt.Fetched:
		r.answers(i, r.asked[e.Token])
	case bt.Verified:
		r.answers(i, fmt.Sprintf("verify %d", e.Piece))
	}
}

// answers lets the disk answer.
func (r *retelling) answers(i int, what string) {
	f := r.calls[i].event.Fault
	if !r.disk || what == "" {
		return
	}
	r.at(i)
	if f == bt.OK {
		r.line("%s answers %s", r.begin.Name, what)
		return
	}
	word := map[bt.Fault]string{bt.NoSpace: "nospace", bt.ReadOnly: "readonly", bt.Lost: "lost"}[f]
	if word == "" {
		word = "io"
	}
	r.line("%s answers %s fault=%s", r.begin.Name, what, word)
}

// place is an address, or who listens there.
func (r *retelling) place(at netip.AddrPort) string {
	for _, x := range r.raws {
		if x.at == at {
			return x.name
		}
	}
	return at.String()
}

// connection tells of what is about a connection.
func (r *retelling) connection(i int, t *talk) {
	c := &r.calls[i]
	r.at(i)
	switch e := &c.event; e.Kind {
	case bt.Accept:
		words := ""
		if t.over == bt.UTP {
			words = " over=utp"
		} else if port := t.from.Port(); port != sim.Ephemeral {
			words = fmt.Sprintf(" from=%d", port)
		}
		r.line("connect %s->%s%s", t.raw.name, r.begin.Name, words)
	case bt.Dialled:
		if e.Fault == bt.OK {
			r.line("%s accepts", t.raw.name)
		} else {
			r.line("%s accepts no", t.raw.name)
		}
	case bt.Received:
		r.hears(t, e.Data[min(t.known, len(e.Data)):])
		t.known = 0
	case bt.PayloadRead:
		if d := t.head; d != nil {
			if d.came += e.N; r.bytes || d.came == int(d.block.Length) {
				r.delivers(t, d)
			}
			if d.came >= int(d.block.Length) {
				t.head = nil
			}
		}
	case bt.Closed:
		r.flush(t)
		if e.Fault == bt.EOF {
			r.line("%s closes", t.raw.name)
		} else {
			r.line("%s resets", t.raw.name)
		}
	}
	for _, e := range c.effects {
		switch {
		case e.Conn != t.id:
		case e.Kind == bt.Need && e.Want == bt.WantBytes && c.event.Kind == bt.Received:
			t.known = len(c.event.Data) - e.N
		case e.Kind == bt.Close:
			r.flush(t)
		}
	}
}

// hears lets a peer say what came of it: whole messages, and what is not whole only when it is to be told as it was.
func (r *retelling) hears(t *talk, fresh []byte) {
	t.partial = append(t.partial, fresh...)
	if r.bytes {
		r.sayer = nil
	}
	for !t.mute && len(t.partial) > 0 {
		n := t.whole(t.partial)
		if n == 0 {
			break
		}
		if n < 0 {
			t.mute = true
			break
		}
		b, said := t.partial[:n], t.said
		t.partial, t.said = t.partial[n:], 0
		if said > 0 {
			r.says(t.raw, fmt.Sprintf("bytes %x", b[said:]))
		}
		switch {
		case t.shaken:
			r.message(t, b, said > 0, r.bytes && (r.sayer == t.raw || len(t.partial) > 0))
		case said == 0:
			r.says(t.raw, r.handshake(t, b))
		}
		t.shaken = true
	}
	if t.mute || r.bytes {
		r.flush(t)
	}
}

// message lets a peer say a message that is whole, unless it was said byte by byte. What came with others in one piece is said whether or not the core
// has asked for it.
func (r *retelling) message(t *talk, b []byte, said, joined bool) {
	var m wire.Message
	n, _, _ := wire.Decode(b, &wire.Rules{Fast: true}, &m)
	switch {
	case n == len(b) && m.ID == wire.Piece:
		d := &delivery{lie: -1}
		if t.next < len(t.delivery) {
			d = t.delivery[t.next]
		}
		t.next++
		d.block, d.asked = m.Block, t.answered(m.Block) && !said && !joined
		d.begun = said
		if t.head = d; r.bytes {
			r.delivers(t, d)
		}
	case n == len(b) && m.ID == wire.Reject && t.answered(m.Block) && !said && !joined:
		r.line("%s answers %s reject", t.raw.name, r.block(m.Block))
	case !said:
		text := ""
		if n == len(b) {
			text = r.words(&m)
		}
		if text == "" || string(wire.Append(nil, &m)) != string(b) {
			text = fmt.Sprintf("bytes %x", b)
		}
		r.says(t.raw, text)
	}
}

// delivers lets a peer send what came of a block, and was not said yet.
func (r *retelling) delivers(t *talk, d *delivery) {
	to, whole := d.came, int(d.block.Length)
	if d.begun && to == d.said {
		return
	}
	bad := ""
	if d.lie >= 0 {
		bad = fmt.Sprintf(" bad lie=%d", d.lie)
	}
	switch {
	case d.asked:
		part := ""
		if d.begun {
			part = fmt.Sprintf(" from=%d", d.said)
		}
		if to < whole {
			part += fmt.Sprintf(" to=%d", to)
		}
		r.line("%s answers %s%s%s", t.raw.name, r.block(d.block), bad, part)
	case !d.begun:
		part := ""
		if to < whole {
			part = fmt.Sprintf(" part=%d", to)
		}
		r.says(t.raw, fmt.Sprintf("piece %s%s%s", r.block(d.block), bad, part))
	default:
		rest := bt.Block{Piece: d.block.Piece, Begin: d.block.Begin + uint32(d.said), Length: uint32(to - d.said)}
		r.says(t.raw, fmt.Sprintf("payload %v%s", rest, bad))
	}
	d.begun, d.said = true, to
}

// flush lets a peer say what came of a message that is not whole.
func (r *retelling) flush(t *talk) {
	if len(t.partial) > t.said {
		r.says(t.raw, fmt.Sprintf("bytes %x", t.partial[t.said:]))
		t.said = len(t.partial)
	}
	if d := t.head; d != nil {
		r.delivers(t, d)
	}
}

// block is a block in a script's words: without its length when that is the one that it has.
func (r *retelling) block(b bt.Block) string {
	text := b.String()
	g := r.spec().Geometry
	if b.Begin%bt.BlockSize == 0 && b.Piece < g.NumPieces() && b.Begin/bt.BlockSize < g.NumBlocks(b.Piece) &&
		g.BlockAt(b.Piece, b.Begin/bt.BlockSize) == b {
		text = text[:strings.LastIndex(text, " +")]
	}
	return text
}
