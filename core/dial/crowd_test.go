package dial

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// No more than so many peers with one address are dialled, and each that leaves lets one in; the machine itself may have any
// number. [LIM-12]
func TestOneAddress(t *testing.T) {
	rec := new(clause.Recorder)
	b, bans := NewBook(rec), NewBans()
	for port := 7001; port <= 7010; port++ {
		b.Add(addr(fmt.Sprintf("10.0.0.1:%d", port)), bt.Tracker)
		b.Add(addr(fmt.Sprintf("127.0.0.1:%d", port)), bt.Tracker)
	}
	b.Add(addr("10.0.0.2:7001"), bt.Exchange)
	if n := b.Ready(0, by(false, bans)); n != 21 {
		t.Errorf("%d are ready", n)
	}
	all := drain(b, 0, false, bans)
	if len(all) != 8+10+1 || b.With(ip("10.0.0.1")) != 8 || !b.Full(ip("::ffff:10.0.0.1")) || b.Full(ip("127.0.0.1")) {
		t.Fatalf("dialled %q", all)
	}
	if rec.Hits(clause.LIM12) == 0 {
		t.Error("not recorded")
	}
	if n, at := b.Ready(0, by(false, bans)), b.NextAt(0, by(false, bans)); n != 0 || at != bt.Never {
		t.Errorf("%d are ready, the next at %s", n, at)
	}
	b.Closed(0, addr("10.0.0.2:7001"), false)
	expect(t, "another address has left", drain(b, 0, false, bans))
	b.Closed(0, addr("10.0.0.1:7003"), false)
	expect(t, "one has left", drain(b, 0, false, bans), "10.0.0.1:7009")
	b.Arrived(ip("10.0.0.2"))
	b.Closed(0, addr("10.0.0.1:7001"), true)
	b.Arrived(ip("::ffff:10.0.0.1"))
	expect(t, "one has come", drain(b, 0, false, bans))
	b.Closed(0, netip.AddrPortFrom(ip("10.0.0.1"), 0), false)
	expect(t, "and left", drain(b, 0, false, bans), "10.0.0.1:7010")
}

// An IPv6 network of 64 bits counts as one address. [LIM-12]
func TestOneNetwork(t *testing.T) {
	b := NewBook(nil)
	for i := range 8 {
		b.Arrived(ip(fmt.Sprintf("2001:db8::%d", i)))
	}
	if !b.Full(ip("2001:db8::ffff")) || b.Full(ip("2001:db8:0:1::")) || b.With(ip("2001:db8:0:0:f::")) != 8 {
		t.Error("a network is counted wrong")
	}
	b.Closed(0, netip.AddrPortFrom(ip("2001:db8::3"), 0), false)
	if b.Full(ip("2001:db8::ffff")) {
		t.Error("who has left counts still")
	}
}

// A full book counts connections all the same. [DIA-7] [LIM-12]
func TestUnknownIsCounted(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	for i := range MaxKnown {
		b.Add(numbered(i), bt.Tracker)
	}
	drain(b, 0, false, bans)
	for range 8 {
		b.Arrived(ip("10.9.9.9"))
	}
	if b.Len() != MaxKnown || !b.Full(ip("10.9.9.9")) {
		t.Errorf("%d known, %d connections", b.Len(), b.With(ip("10.9.9.9")))
	}
	b.Closed(0, netip.AddrPortFrom(ip("10.9.9.9"), 0), false)
	if b.Full(ip("10.9.9.9")) {
		t.Error("who has left counts still")
	}
}

// A dial that was never made changes nothing about its peer. [LIM-14]
func TestWithdrawn(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	b.Add(numbered(1), bt.Tracker)
	for range 3 {
		expect(t, "at once", drain(b, 5, false, bans), "10.0.0.1:6881")
		b.Withdrawn(numbered(1))
	}
	drain(b, 5, false, bans)
	b.Closed(5, numbered(1), true)
	later := bt.Instant(5).Add(2 * minute)
	expect(t, "before its rest is over", drain(b, later-1, false, bans))
	expect(t, "at its end", drain(b, later, false, bans), "10.0.0.1:6881")
	b.Withdrawn(numbered(1))
	expect(t, "withdrawn again", drain(b, later, false, bans), "10.0.0.1:6881")
	if b.With(numbered(1).Addr()) != 1 {
		t.Errorf("%d connections", b.With(numbered(1).Addr()))
	}
}

// Of peers that are equal else those come first whose priority is not known, then the higher priority. When our address changes so
// does the order. [DIA-2] [DIA-14]
func TestOrderByPriority(t *testing.T) {
	own := NewExternal(6881)
	terms := Terms{Bans: NewBans(), Own: own}
	order := func() (all []string) {
		b := NewBook(nil)
		for i := range 5 {
			b.Add(numbered(i), bt.Tracker)
		}
		b.Add(addr("[2001:db8::1]:6881"), bt.Tracker)
		b.Add(numbered(9), bt.Manual)
		for {
			a, ok := b.Next(0, terms)
			if !ok {
				return all
			}
			all = append(all, a.String())
		}
	}
	sorted := func(self string) []string {
		list := []int{0, 1, 2, 3, 4}
		slices.SortStableFunc(list, func(i, k int) int {
			return cmp.Compare(Priority(addr(self), numbered(k)), Priority(addr(self), numbered(i)))
		})
		all := []string{"10.0.0.9:6881", "[2001:db8::1]:6881"}
		for _, i := range list {
			all = append(all, numbered(i).String())
		}
		return all
	}
	expect(t, "none known", order(), "10.0.0.9:6881", "10.0.0.0:6881", "10.0.0.1:6881", "10.0.0.2:6881", "10.0.0.3:6881", "10.0.0.4:6881",
		"[2001:db8::1]:6881")
	for _, self := range []string{"10.0.0.77", "10.0.0.2", "192.168.3.3"} {
		own.Seen(ip("10.0.0.1"), ip(self))
		expect(t, "we are "+self, order(), sorted(self+":6881")...)
	}

	b := NewBook(nil)
	for i := range 5 {
		b.Add(numbered(i), bt.Tracker)
	}
	b.NextAt(0, terms) // looks all up
	own.Seen(ip("10.0.0.1"), ip("10.0.0.77"))
	if a, _ := b.Next(0, terms); a.String() != sorted("10.0.0.77:6881")[2] {
		t.Errorf("after our address has changed %s comes first", a)
	}
}

// BenchmarkRank is a full book whose priorities are looked up anew.
func BenchmarkRank(b *testing.B) {
	book, own := NewBook(nil), NewExternal(6881)
	terms := Terms{Bans: NewBans(), Own: own}
	for i := range MaxKnown {
		book.Add(numbered(i), bt.Tracker)
	}
	now := bt.Instant(0)
	for i := 0; b.Loop(); i++ {
		own.Seen(ip("10.0.0.1"), numbered(i%100).Addr())
		now = now.Add(time.Hour)
		book.Closed(now, numbered(0), false)
		book.NextAt(now.Add(time.Hour), terms)
	}
}
