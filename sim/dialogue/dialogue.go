package dialogue

import (
	"bufio"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/utp"
)

// Dialogue is one conversation.
type Dialogue struct {
	cfg   utp.Config
	s     *utp.Socket
	now   bt.Instant
	peers []*peer
	seen  []line
	buf   []byte
	fault error
}

// peer is one at the other end.
type peer struct {
	name   string
	addr   netip.AddrPort
	id     utp.ID // of the connection with it, once there is one
	carry  uint16 // the connection id that its packets carry
	first  uint16 // our first number
	known  bool   // our first number is known
	sent   uint16 // the highest that we have sent
	window uint32 // the room that it tells
	seq    uint16 // the last number that it used
	told   uint32 // the room that we told it last
	acked  uint16 // the last of ours that it has acknowledged
}

// line is something that was seen; packets that follow one another and differ in their numbers only are shown together.
type line struct {
	head, tail string
	from, to   uint16
	numbered   bool
}

// New begins a conversation. The Recorder counts the clauses that it reaches.
func New(rec *clause.Recorder) *Dialogue {
	d := &Dialogue{cfg: utp.Config{Recorder: rec}, buf: make([]byte, 1<<16)}
	d.s = utp.New(d.cfg, 1)
	return d
}

// Err is the first thing that was wrong with the conversation.
func (d *Dialogue) Err() error { return d.fault }

// Play plays a whole conversation, without comparing what was to be seen with what is.
func Play(text string, rec *clause.Recorder) error {
	d := New(rec)
	lines := bufio.NewScanner(strings.NewReader(text))
	skipping := false
	for lines.Scan() {
		command := strings.TrimSpace(lines.Text())
		switch {
		case command == "":
			skipping = false
		case strings.HasPrefix(command, "#"), skipping:
		case command == "----":
			skipping = true
		default:
			d.Do(command)
		}
	}
	return d.Err()
}

// Do plays one command, and gives what was to be seen.
func (d *Dialogue) Do(command string) string {
	d.seen = nil
	if err := d.play(strings.Fields(command)); err != nil {
		if d.fault == nil {
			d.fault = fmt.Errorf("%s: %w", command, err)
		}
		return "error: " + err.Error() + "\n"
	}
	d.drain()
	if err := d.s.Check(); err != nil && d.fault == nil {
		d.fault = err
	}
	if len(d.seen) == 0 {
		return "nothing happens\n"
	}
	var b strings.Builder
	for _, l := range d.seen {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

func (l line) String() string {
	switch {
	case !l.numbered:
		return l.head
	case l.from == l.to:
		return fmt.Sprintf("%s+%d%s", l.head, l.from, l.tail)
	}
	return fmt.Sprintf("%s+%d to +%d%s", l.head, l.from, l.to, l.tail)
}

// note has something seen.
func (d *Dialogue) note(format string, args ...any) {
	d.seen = append(d.seen, line{head: d.now.String() + "  " + fmt.Sprintf(format, args...)})
}

// peerOf finds a peer by its name, and makes it if there is none: A has the address 10.0.0.1, B the next.
func (d *Dialogue) peerOf(name string) *peer {
	for _, p := range d.peers {
		if p.name == name {
			return p
		}
	}
	p := &peer{name: name, window: 1 << 20}
	p.addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(len(d.peers) + 1)}), 6881)
	d.peers = append(d.peers, p)
	return p
}

// drain takes out all events and datagrams.
func (d *Dialogue) drain() {
	for {
		var e utp.Event
		for d.s.Poll(&e) {
			d.event(&e)
		}
		sent, ok := d.s.Transmit(d.now, d.buf)
		if !ok {
			return
		}
		d.sent(sent)
	}
}

// event shows an event.
func (d *Dialogue) event(e *utp.Event) {
	var with *peer
	for _, p := range d.peers {
		if e.Kind == utp.Accepted && p.addr == e.From {
			p.id = e.ID
		}
		if p.id == e.ID {
			with = p
		}
	}
	what := ""
	if e.Kind == utp.Closed {
		what = ": " + e.Fault.String()
		if e.Code != 0 {
			what += fmt.Sprintf(", reason %d", e.Code)
		}
	}
	d.note("%s %s%s", with.name, e.Kind, what)
}

// sent shows a datagram of ours.
func (d *Dialogue) sent(out utp.Datagram) {
	p := apart(d.buf[:out.N])
	var to *peer
	for _, known := range d.peers {
		if known.addr == out.To {
			to = known
		}
	}
	if to == nil {
		d.note("to %s: %s", out.To, p.show(p.seq))
		return
	}
	if !to.known && p.kind != typeReset {
		to.first, to.sent, to.known = p.seq, p.seq, true
		if p.kind == typeSyn {
			to.carry = p.id
		}
	}
	if p.kind != typeState && int16(p.seq-to.sent) > 0 {
		to.sent = p.seq
	}
	text := p.show(to.first)
	switch {
	case p.kind == typeSyn:
		text += ", id r"
	case p.kind == typeReset: // says nothing of room
	case p.window != to.told:
		text += fmt.Sprintf(", room %d", p.window)
		to.told = p.window
	}
	d.packet(to, p.seq-to.first, text)
}

// packet shows a packet, together with the one before it where only the number differs.
func (d *Dialogue) packet(to *peer, seq uint16, text string) {
	name, tail, found := strings.Cut(text, fmt.Sprintf("+%d", seq))
	if !found {
		d.note("to %s: %s", to.name, text)
		return
	}
	l := line{head: fmt.Sprintf("%s  to %s: %s", d.now, to.name, name), tail: tail, from: seq, to: seq, numbered: true}
	if n := len(d.seen); n > 0 {
		if last := &d.seen[n-1]; last.numbered && last.head == l.head && last.tail == l.tail && last.to+1 == seq {
			last.to = seq
			return
		}
	}
	d.seen = append(d.seen, l)
}

// until lets time pass.
func (d *Dialogue) until(at bt.Instant) {
	for {
		next := min(d.s.NextDeadline(), at)
		d.now = max(d.now, next)
		d.s.Tick(d.now)
		d.drain()
		if next == at {
			return
		}
	}
}

// micros is an instant as packets carry it.
func micros(t bt.Instant) uint32 { return uint32(int64(t) / int64(time.Microsecond)) }
