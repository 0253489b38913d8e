package utp

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// gate is a guard whose library is the test.
type gate struct {
	*guard
	t         testing.TB
	now       bt.Instant
	delivered []header // to the library
}

func newGate(t testing.TB) *gate {
	g := &gate{t: t}
	g.guard = newGuard([32]byte{1}, func(_ *flow, datagram []byte) {
		h, ok := readHeader(datagram)
		if !ok {
			t.Fatal("the library got what is malformed")
		}
		g.delivered = append(g.delivered, h)
	})
	return g
}

// makePacket makes a packet as a peer sends it.
func makePacket(k kind, conn, seq, ack uint16, payload ...byte) []byte {
	b := makeBare(header{kind: k, conn: conn, seq: seq, ack: ack}, 1, 1<<20)
	return append(b[:], payload...)
}

// peer is an address of a test's.
func peer(site, port int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, byte(site >> 16), byte(site >> 8), byte(site)}), uint16(port))
}

// say has the guard judge a packet, and gives what it answers.
func (g *gate) say(from netip.AddrPort, want fate, datagram []byte) header {
	g.t.Helper()
	if got := g.arrived(g.now, from, datagram); got != want {
		g.t.Fatalf("fate %d, not %d", got, want)
	}
	if want != answered {
		return header{}
	}
	h, _ := readHeader(g.answer[:])
	return h
}

// leaves has the guard judge a packet of the library's.
func (g *gate) leaves(to netip.AddrPort, datagram []byte) bool { return g.leaving(g.now, to, datagram) }

// wantDelivered wants the library to have got packets, by kind and sequence number.
func (g *gate) wantDelivered(want ...header) {
	g.t.Helper()
	if len(g.delivered) != len(want) {
		g.t.Fatalf("the library got %+v", g.delivered)
	}
	for i, h := range want {
		if g.delivered[i] != h {
			g.t.Errorf("the library got %+v, not %+v", g.delivered[i], h)
		}
	}
	g.delivered = nil
}

// open has a peer dial us, prove its address, and the library answer. The library's own first number is own.
func (g *gate) open(from netip.AddrPort, conn, seq, own uint16) (first uint16) {
	g.t.Helper()
	hello := g.say(from, answered, makePacket(syn, conn, seq, 0))
	g.say(from, delivered, makePacket(data, conn+1, seq+1, hello.seq-1, 'x'))
	if g.leaves(from, makePacket(state, conn, own, seq)) {
		g.t.Fatal("the peer is told twice that we answer")
	}
	g.wantDelivered(header{kind: syn, conn: conn, seq: seq}, header{kind: data, conn: conn + 1, seq: seq + 1, ack: own - 1})
	return hello.seq
}

// The library hears of a connection when its peer has repeated what it was told, and counts from a number of its own.
func TestGuardAccepts(t *testing.T) {
	g := newGate(t)
	from := peer(1, 1)
	hello := g.say(from, answered, makePacket(syn, 65535, 7, 0))
	if hello.kind != state || hello.conn != 65535 || hello.ack != 7 {
		t.Errorf("%+v", hello)
	}
	if again := g.say(from, answered, makePacket(syn, 65535, 7, 0)); again != hello {
		t.Errorf("%+v, and then %+v", hello, again)
	}
	for _, k := range []kind{data, fin, state, reset} {
		g.say(from, dropped, makePacket(k, 0, 8, hello.seq-2))
		if k != data { // four wrong ones, and it is over
			continue
		}
		g.wantDelivered()
	}
	hello = g.say(from, answered, makePacket(syn, 65535, 7, 0))
	g.say(from, delivered, makePacket(data, 0, 8, hello.seq-1, 'a'))
	g.say(from, dropped, makePacket(data, 0, 9, hello.seq-1, 'b')) // kept
	g.wantDelivered(header{kind: syn, conn: 65535, seq: 7})
	const own = 100
	g.leaves(from, makePacket(state, 65535, own, 7))
	if g.proven.key != (flowKey{from, 0}) {
		t.Errorf("%+v", g.proven)
	}
	g.wantDelivered(header{kind: data, seq: 8, ack: own - 1}, header{kind: data, seq: 9, ack: own - 1})
	out := makePacket(data, 65535, own, 9)
	if !g.leaves(from, out) || binary.BigEndian.Uint16(out[16:]) != hello.seq {
		t.Error("the first of ours has another number than was said")
	}
	g.say(from, delivered, makePacket(state, 0, 10, hello.seq))
	g.wantDelivered(header{kind: state, seq: 10, ack: own})
}

// What cannot be is kept from the library.
func TestGuardJudges(t *testing.T) {
	g := newGate(t)
	from := peer(1, 1)
	first := g.open(from, 10, 20, 500)
	for name, datagram := range map[string][]byte{
		"acknowledges what was not sent": makePacket(state, 11, 21, first+1),
		"acknowledges what is long past": makePacket(data, 11, 21, first-ackBehind-1),
		"SYN for what is there":          makePacket(syn, 10, 21, 0),
		"SYN again":                      makePacket(syn, 10, 20, 0),
		"extension without end":          extended(makePacket(data, 11, 21, first-1), 3, 0, 200, 1, 2),
		"two selective acks":             extended(makePacket(data, 11, 21, first-1), 1, 1, 4, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0),
		"extensions without number":      extended(makePacket(data, 11, 21, first-1), 3, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0, 0),
		"longer than it reads":           append(makePacket(data, 11, 21, first-1), make([]byte, maxPacket)...),
	} {
		if got := g.arrived(g.now, from, datagram); got != dropped {
			t.Errorf("%s: %d", name, got)
		}
	}
	g.wantDelivered()
	if s := g.count(); s.Implausible != 4 || s.Malformed != 3 || s.TooLong != 1 || s.Flows != 1 {
		t.Errorf("%+v", s)
	}
	for name, datagram := range map[string][]byte{
		"short": make([]byte, 19), "a query": []byte("d1:ad2:id20:abcdefghij0123456789"), "version 2": {0x12, 19: 0}, "type 5": {0x51, 19: 0},
	} {
		if got := g.arrived(g.now, from, datagram); got != foreign {
			t.Errorf("%s: %d", name, got)
		}
	}
	g.say(from, delivered, extended(makePacket(data, 11, 21, first-1), 1, 2, 4, 0, 0, 0, 0, 0, 0))
	g.say(from, delivered, makePacket(reset, 11, 0, first-1))
	if s := g.count(); s.Flows != 0 {
		t.Errorf("%+v", s)
	}
}

// extended gives a packet extensions: the type of the first, and then what follows the header.
func extended(datagram []byte, kind byte, chain ...byte) []byte {
	datagram[1] = kind
	return append(datagram, chain...)
}

// What we dial is answered by a STATE for our SYN first, or by a RESET.
func TestGuardDials(t *testing.T) {
	g := newGate(t)
	to := peer(1, 1)
	if g.leaves(to, makePacket(syn, 5, 1, 0)) {
		t.Error("the library dials by itself")
	}
	f := g.dial(to)
	if g.dial(to) != nil {
		t.Error("two dials at one time, whose ids may be the same")
	}
	for range 2 { // the second time because nobody answered
		if !g.leaves(to, makePacket(syn, 5, 1, 0)) {
			t.Error("our SYN may not go")
		}
	}
	g.say(to, dropped, makePacket(data, 5, 9, 1)) // the library would count from 0
	g.say(to, dropped, makePacket(state, 5, 9, 0))
	g.say(to, dropped, makePacket(syn, 4, 9, 0)) // would collide
	g.wantDelivered()
	g.say(to, delivered, makePacket(state, 5, 9, 1))
	g.say(to, delivered, makePacket(data, 5, 9, 1))
	g.wantDelivered(header{kind: state, conn: 5, seq: 9, ack: 1}, header{kind: data, conn: 5, seq: 9, ack: 1})
	if g.dial(to) == nil {
		t.Error("no other dial")
	}
	g.forget(g.now, f, true)
	g.now = g.now.Add(lingerTime - 1)
	g.say(to, delivered, makePacket(state, 5, 9, 1))
	g.now++
	if h := g.say(to, answered, makePacket(state, 5, 9, 1)); h.kind != reset {
		t.Errorf("%+v", h)
	}
	if g.leaves(to, makePacket(state, 6, 9, 1)) {
		t.Error("what the library sends to nobody may go")
	}
}

// While a connection is opening, whose id the library does not know, it dials nobody there; and none opens while it dials.
func TestGuardKeepsIDsApart(t *testing.T) {
	g := newGate(t)
	from := peer(1, 1)
	hello := g.say(from, answered, makePacket(syn, 10, 20, 0))
	f := g.dial(from)
	g.say(from, dropped, makePacket(data, 11, 21, hello.seq-1))
	g.forget(g.now, f, false)
	g.say(from, delivered, makePacket(data, 11, 21, hello.seq-1))
	if g.dial(from) != nil {
		t.Error("a dial, whose id may be the same")
	}
	if g.dial(peer(1, 2)) == nil {
		t.Error("no dial elsewhere")
	}
}

// Strangers are told once in a while that they are, by site.
func TestGuardResets(t *testing.T) {
	g := newGate(t)
	stray := func(from netip.AddrPort, want fate) { g.t.Helper(); g.say(from, want, makePacket(data, 3, 3, 3)) }
	if h := g.say(peer(1, 1), answered, makePacket(data, 3, 4, 5)); h.kind != reset || h.conn != 3 || h.ack != 4 {
		t.Errorf("%+v", h)
	}
	stray(peer(1, 2), dropped)
	stray(peer(2, 1), answered)
	g.say(peer(3, 1), dropped, makePacket(reset, 3, 3, 3))
	six := netip.MustParseAddrPort("[2001:db8::1]:1")
	stray(six, answered)
	stray(netip.MustParseAddrPort("[2001:db8::ffff:1]:1"), dropped)
	g.now = g.now.Add(resetPause - 1)
	stray(peer(1, 1), dropped)
	g.now++
	stray(peer(1, 1), answered)
	for i := range maxResetSites + 10 {
		g.arrived(g.now, peer(i, 1), makePacket(data, 3, 3, 3))
	}
	if s := g.count(); s.Resets != maxResetSites+3 {
		t.Errorf("%+v", s)
	}
}

// Of half-open connections there are only so many, of a site and in all; the oldest go first, and all of them in time.
func TestGuardHalfOpen(t *testing.T) {
	g := newGate(t)
	hello := g.say(peer(1, 1), answered, makePacket(syn, 10, 20, 0))
	for i := range maxHalfOpenSite - 1 {
		g.say(peer(1, 2+i), answered, makePacket(syn, 10, 20, 0))
	}
	if s := g.count(); s.HalfOpen != maxHalfOpenSite || s.Evicted != 0 {
		t.Errorf("%+v", s)
	}
	g.say(peer(1, 1000), answered, makePacket(syn, 10, 20, 0))
	if s := g.count(); s.HalfOpen != maxHalfOpenSite || s.Evicted != 1 {
		t.Errorf("%+v", s)
	}
	g.say(peer(1, 1), answered, makePacket(data, 11, 21, hello.seq-2))  // with a RESET: it was the one
	g.say(peer(1, 1), dropped, makePacket(data, 11, 25, hello.seq-1))   // no SYN that it goes on from
	g.say(peer(1, 1), dropped, makePacket(reset, 11, 21, hello.seq-1))  // a RESET opens nothing
	g.say(peer(1, 1), delivered, makePacket(data, 11, 24, hello.seq-1)) // and it comes back, though three packets were lost
	g.wantDelivered(header{kind: syn, conn: 10, seq: 20})
	for i := range maxHalfOpen {
		g.say(peer(2+i, 1), answered, makePacket(syn, 10, 20, 0))
	}
	if s := g.count(); s.HalfOpen != maxHalfOpen || s.Evicted != 1+maxHalfOpenSite {
		t.Errorf("%+v", s)
	}
	g.now = g.now.Add(halfOpenTime - 1)
	last := g.say(peer(1+maxHalfOpen, 1), answered, makePacket(syn, 10, 20, 0))
	if s := g.count(); s.HalfOpen != maxHalfOpen {
		t.Errorf("%+v", s)
	}
	g.now++
	g.say(peer(1+maxHalfOpen, 1), answered, makePacket(data, 11, 21, last.seq-1)) // with a RESET: it is too late
	if s := g.count(); s.HalfOpen != 0 || s.Expired != maxHalfOpen || len(g.half.sites) != 0 {
		t.Errorf("%+v", s)
	}
}

// A RESET ends a connection by the id of either direction, which the library only knows by one.
func TestGuardResetByEither(t *testing.T) {
	for _, id := range []uint16{10, 11} {
		g := newGate(t)
		first := g.open(peer(1, 1), 10, 20, 500)
		for _, wrong := range []uint16{9, 12} {
			g.say(peer(1, 1), dropped, makePacket(reset, wrong, 21, first-1))
		}
		f := g.flows[flowKey{peer(1, 1), 11}]
		g.say(peer(1, 1), delivered, makePacket(reset, id, 21, first-1))
		g.wantDelivered(header{kind: reset, conn: 11, seq: 21, ack: 499})
		if !f.broken || g.count().Flows != 0 {
			t.Errorf("by %d it goes on", id)
		}
	}
}

// What comes late of a connection that is over opens no other.
func TestGuardLate(t *testing.T) {
	g := newGate(t)
	first := g.open(peer(1, 1), 10, 20, 500)
	g.leaves(peer(1, 1), makePacket(reset, 10, 500, 21))
	for i := range maxHalfOpenSite + 1 {
		g.say(peer(1, 2+i), answered, makePacket(syn, 10, 20, 0))
	}
	g.say(peer(1, 1), answered, makePacket(data, 11, 21, first-1)) // with a RESET
	if s := g.count(); s.Evicted != 1 || s.Flows != 0 {
		t.Errorf("%+v", s)
	}
}

// One site of IPv6 is one, whatever its machines call themselves.
func TestGuardHalfOpenSixth(t *testing.T) {
	g := newGate(t)
	from := netip.MustParseAddr("2001:db8::1")
	for range maxHalfOpenSite + 5 {
		from = from.Next()
		g.say(netip.AddrPortFrom(from, 1), answered, makePacket(syn, 10, 20, 0))
	}
	if s := g.count(); s.HalfOpen != maxHalfOpenSite || s.Evicted != 5 {
		t.Errorf("%+v", s)
	}
}

// A library that answers no SYN gets no more of them, and what is kept for it is little.
func TestGuardOpening(t *testing.T) {
	g := newGate(t)
	for i := range maxOpening + 1 {
		want := delivered
		if i == maxOpening {
			want = dropped
		}
		hello := g.say(peer(i, 1), answered, makePacket(syn, 10, 20, 0))
		g.say(peer(i, 1), want, makePacket(data, 11, 21, hello.seq-1))
	}
	for range maxHeld {
		g.say(peer(0, 1), dropped, makePacket(data, 11, 21, g.flows[flowKey{peer(0, 1), 11}].first-1))
	}
	if f := g.flows[flowKey{peer(0, 1), 11}]; len(f.held) != maxHeld || g.count().Overflowed != 1 {
		t.Errorf("%d packets; %+v", len(f.held), g.count())
	}
}

// Whatever comes from addresses that nobody has proved, they are sent no more than it, and the library hears nothing.
func TestGuardReflects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGate(nil)
		in, out := map[netip.AddrPort]int{}, map[netip.AddrPort]int{}
		small := rapid.Uint16Range(0, 4)
		for range rapid.IntRange(1, 200).Draw(t, "packets") {
			from := peer(rapid.IntRange(0, 2).Draw(t, "site"), rapid.IntRange(0, 2).Draw(t, "port"))
			k := kind(rapid.IntRange(0, int(kinds)-1).Draw(t, "kind"))
			datagram := makePacket(k, small.Draw(t, "conn"), small.Draw(t, "seq"), rapid.Uint16().Draw(t, "ack"))
			datagram = append(datagram, rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "payload")...)
			datagram[1] = byte(small.Draw(t, "extension"))
			in[from] += len(datagram)
			switch g.arrived(g.now, from, datagram) {
			case answered:
				out[from] += len(g.answer)
			case delivered: // a guess that was right
				return
			}
			if len(g.delivered) > 0 || out[from] > in[from] {
				t.Fatalf("%d bytes for %d", out[from], in[from])
			}
			g.now = g.now.Add(time.Duration(rapid.IntRange(0, 2_000_000_000).Draw(t, "pause")))
		}
	})
}
