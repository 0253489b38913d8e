package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"strings"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
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
}

// NewTrace has seen nothing.
func NewTrace() *Trace { return &Trace{sum: sha256.New()} }

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
	if t.Tell != nil && t.From <= t.events && t.events < t.To {
		t.Tell(t.line(now, n, ev))
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

var eventNames = [...]string{"tick", "add torrent", "remove torrent", "learn", "dialled", "accept", "hear", "payload", "closed", "stored", "fetched",
	"verified", "disk ready"}

// line says an event: its number, time, node, connection, and what it was.
func (t *Trace) line(now bt.Instant, n *Node, ev *bt.Event) string {
	var b strings.Builder
	word := func(s string) { b.WriteString(s + " ") }
	word(strconv.FormatUint(t.events, 10))
	word("t=" + now.String())
	word(n.name)
	if ev.Conn != 0 {
		word(ev.Conn.String())
	}
	word(eventNames[ev.Kind])
	switch ev.Kind {
	case bt.Received:
		var ear tap
		ear.shaken = len(ev.Data) > 0 && ev.Data[0] == 0
		ear.read(ev.Data, func(_ wire.Message, text string) { word(text + ",") })
		if rest := len(ear.pending); rest > 0 {
			word("and " + strconv.Itoa(rest) + " bytes")
		}
	case bt.PayloadRead:
		word(strconv.Itoa(ev.N))
	case bt.Verified:
		word(strconv.Itoa(int(ev.Piece)) + " " + strconv.FormatBool(ev.Good))
	}
	if ev.Addr.IsValid() {
		word(ev.Addr.String())
	}
	if ev.Fault != bt.OK {
		word(ev.Fault.String())
	}
	return strings.TrimRight(b.String(), " ,")
}
