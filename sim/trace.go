package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/trace"
)

// Sum is 256 bits that stand for all that ever happened in a world.
type Sum [sha256.Size]byte

// CheckEvery is how many events lie between two checkpoints of a Trace.
const CheckEvery = 1 << 16

// Trace sums up everything that any node's core is told: when, as which event in the world, whom, what kind of thing, and what was delivered. Two
// runs with one sum were the same to the last byte that any core has seen. Checkpoints tell where two runs part.
type Trace struct {
	Tell     func(line string) // given a line for each event from From on and before To; nil when nobody listens
	From, To uint64            // numbers of events
	Record   *trace.Writer     // records every core that is told anything; nil records none

	sum    hash.Hash
	room   []byte // what is not in sum yet
	events uint64
	checks []Sum

	teller trace.Teller
	told   map[*Node]int // the teller's sessions
}

// NewTrace has seen nothing.
func NewTrace() *Trace { return &Trace{sum: sha256.New(), told: make(map[*Node]int)} }

// Events is how many events there were.
func (t *Trace) Events() uint64 { return t.events }

// Checks are the sums after each CheckEvery events.
func (t *Trace) Checks() []Sum { return t.checks }

// Sum is the sum of all.
func (t *Trace) Sum() (s Sum) {
	t.flush()
	t.sum.Sum(s[:0])
	return s
}

// String is the sum in 64 hexadecimal digits.
func (s Sum) String() string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, x := range s {
		b.WriteByte(digits[x>>4])
		b.WriteByte(digits[x&15])
	}
	return b.String()
}

// traceRoom is what is summed up at once, bytes.
const traceRoom = 8 << 10

func (t *Trace) flush() {
	t.sum.Write(t.room)
	t.room = t.room[:0]
}

// note adds an event.
func (t *Trace) note(now bt.Instant, n *Node, ev *bt.Event) {
	b := t.room
	b = binary.LittleEndian.AppendUint64(b, uint64(now))
	b = binary.LittleEndian.AppendUint64(b, t.events)
	b = binary.LittleEndian.AppendUint32(b, uint32(n.place))
	b = binary.LittleEndian.AppendUint32(b, uint32(ev.Conn))
	b = append(b, byte(ev.Kind), byte(ev.Fault), byte(ev.Transport), bit(ev.Good))
	b = binary.LittleEndian.AppendUint64(b, uint64(ev.Token)^uint64(ev.N)<<32^uint64(ev.Piece))
	if ev.Addr.IsValid() {
		ip := ev.Addr.Addr().As16()
		b = binary.LittleEndian.AppendUint16(append(b, ip[:]...), ev.Addr.Port())
	}
	for i := range ev.Sums {
		b = append(b, ev.Sums[i][:]...)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(ev.Data)))
	t.room = append(b, ev.Data...)
	if t.Tell != nil {
		if line := t.words(now, n, ev); t.From <= t.events && t.events < t.To {
			t.Tell(line)
		}
	}
	t.events++
	if len(t.room) >= traceRoom {
		t.flush()
	}
	if t.events%CheckEvery == 0 {
		t.checks = append(t.checks, t.Sum())
	}
}

// listen has a node's core recorded, if anybody is to record it.
func (t *Trace) listen(n *Node, cfg bt.Config, s *core.Session) trace.Session {
	if t == nil || t.Record == nil {
		return trace.NewSession(s)
	}
	return t.Record.Session(n.name, n.addr, cfg, n.world.now, s)
}

func bit(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// words says an event. The teller is told of every one, as it has to know what went before.
func (t *Trace) words(now bt.Instant, n *Node, ev *bt.Event) string {
	i, known := t.told[n]
	if !known {
		i = len(t.told)
		t.told[n] = i
		t.teller.Tell(&trace.Record{Kind: trace.Begun, Begin: &trace.Begin{Name: n.name, Addr: n.addr}})
	}
	return t.teller.Tell(&trace.Record{Kind: trace.Told, Call: t.events, Session: i, Now: now, Event: *ev})[0].String()
}
