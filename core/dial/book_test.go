package dial

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

const minute = 60 * time.Second

func addr(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }

// numbered is the n-th of many addresses.
func numbered(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

// drain lists all that may be dialled now, in order.
func drain(b *Book, now bt.Instant, finished bool, bans *Bans) (all []string) {
	for {
		a, ok := b.Next(now, by(finished, bans))
		if !ok {
			return all
		}
		all = append(all, a.String())
	}
}

// by are the terms of a session that does not know its own address.
func by(finished bool, bans *Bans) Terms {
	return Terms{Finished: finished, Bans: bans, Own: NewExternal(0)}
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// What cannot be a listening peer is refused, and what is the same peer is known once. [DIA-5] [DIA-8]
func TestAdd(t *testing.T) {
	b := NewBook(nil)
	for _, bad := range []string{"10.0.0.1:0", "10.0.0.1:1", "0.0.0.0:5", "[::]:5", "224.0.0.1:5", "[ff02::1]:5",
		"[fe80::1]:5", "[fe80::1%eth0]:5", "255.255.255.255:5", "[::ffff:0.0.0.0]:5"} {
		if b.Add(addr(bad), bt.Tracker) {
			t.Errorf("%s accepted", bad)
		}
	}
	if b.Add(netip.AddrPort{}, bt.Manual) {
		t.Error("no address accepted")
	}
	for _, good := range []string{"10.0.0.1:2", "127.0.0.1:65535", "[2001:db8::1]:6881", "[::ffff:10.0.0.1]:2", "169.254.1.1:80"} {
		if !b.Add(addr(good), bt.Tracker) {
			t.Errorf("%s refused", good)
		}
	}
	expect(t, "known", drain(b, 0, false, NewBans()), "10.0.0.1:2", "127.0.0.1:65535", "[2001:db8::1]:6881", "169.254.1.1:80")
}

// Fewer failures, then the one tried longest ago, then the better source, then the first to arrive. [DIA-2]
func TestOrder(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	for i, from := range []bt.Source{bt.Exchange, bt.Exchange, bt.Arrived, bt.Tracker, bt.Manual} {
		b.Add(numbered(i), from)
	}
	expect(t, "by source and arrival", drain(b, 0, false, bans),
		"10.0.0.4:6881", "10.0.0.3:6881", "10.0.0.2:6881", "10.0.0.0:6881", "10.0.0.1:6881")
	b.Closed(bt.Instant(3*time.Second), numbered(0), false)
	b.Closed(bt.Instant(2*time.Second), numbered(1), false)
	b.Closed(bt.Instant(1*time.Second), numbered(3), true)
	b.Add(numbered(9), bt.Exchange)
	expect(t, "by failures and time", drain(b, bt.Instant(10*minute), false, bans),
		"10.0.0.9:6881", "10.0.0.1:6881", "10.0.0.0:6881", "10.0.0.3:6881")
}

// A peer rests a minute more for each failure, and is given up after three until it is named again; a handshake
// makes up for all failures. While it is being dialled, it is not dialled. [DIA-3] [DIA-4] [DIA-6] [DUP-4]
func TestRest(t *testing.T) {
	b, bans, who := NewBook(nil), NewBans(), numbered(1)
	b.Add(who, bt.Tracker)
	now := bt.Instant(0)
	dial := func(failed bool) {
		t.Helper()
		if got, ok := b.Next(now, by(false, bans)); !ok || got != who {
			t.Fatalf("at %s: %s, %t", now, got, ok)
		}
		if _, ok := b.Next(now, by(false, bans)); ok {
			t.Fatal("dialled twice")
		}
		b.Closed(now, who, failed)
	}
	rests := func(d time.Duration) {
		t.Helper()
		if got := b.NextAt(now, by(false, bans)); got != now.Add(d) {
			t.Fatalf("next at %s, want %s", got, now.Add(d))
		}
		if _, ok := b.Next(now.Add(d)-1, by(false, bans)); ok {
			t.Fatal("dialled a nanosecond early")
		}
		now = now.Add(d)
	}
	dial(false)
	rests(minute)
	dial(true)
	rests(2 * minute)
	dial(true)
	rests(3 * minute)
	dial(true)
	if got := b.NextAt(now, by(false, bans)); got != bt.Never {
		t.Fatalf("given up, yet next at %s", got)
	}
	b.Add(who, bt.Exchange)
	if got := b.NextAt(now, by(false, bans)); got != bt.Never {
		t.Fatal("word from another peer takes a failure off")
	}
	b.Add(who, bt.Tracker)
	rests(3 * minute)
	dial(false)
	b.Shaken(who, bt.TCP)
	rests(minute)
	dial(false)
}

// A peer that the user gave is tried again soon, and for ever. [DIA-3]
func TestRestByHand(t *testing.T) {
	b, bans, who := NewBook(nil), NewBans(), numbered(1)
	b.Add(who, bt.Exchange)
	b.Add(who, bt.Manual)
	if !b.ByHand(who) || b.ByHand(numbered(2)) {
		t.Error("by hand")
	}
	now := bt.Instant(0)
	var rests []time.Duration
	for i := range 300 {
		if _, ok := b.Next(now, by(false, bans)); !ok {
			t.Fatalf("given up after %d failures", i)
		}
		b.Closed(now, who, true)
		next := b.NextAt(now, by(false, bans))
		rests = append(rests, next.Sub(now))
		now = next
	}
	want := []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, minute, minute}
	if !slices.Equal(rests[:6], want) || rests[299] != minute {
		t.Errorf("rests %v ... %v", rests[:6], rests[299])
	}
	b.Shaken(who, bt.TCP)
	b.Next(now, by(false, bans))
	b.Closed(now, who, false)
	if got := b.NextAt(now, by(false, bans)).Sub(now); got != 5*time.Second {
		t.Errorf("rests %v after a good connection", got)
	}
}

// Banned peers wait for the end of their ban. [DIA-5] [TRU-7]
func TestBannedIsNotDialled(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	b.Add(numbered(1), bt.Tracker)
	until := bans.Ban(0, numbered(1).Addr())
	if got := b.NextAt(0, by(false, bans)); got != until {
		t.Errorf("next at %s, want %s", got, until)
	}
	expect(t, "before the end", drain(b, until-1, false, bans))
	expect(t, "at the end", drain(b, until, false, bans), "10.0.0.1:6881")
}

// When we are complete, those who download no more are left alone. [DIA-9]
func TestFinished(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	b.Add(numbered(1), bt.Tracker)
	b.Add(numbered(2), bt.Tracker)
	b.SetUploadOnly(numbered(1), true)
	if got := b.NextAt(0, by(true, bans)); got != 0 {
		t.Errorf("next at %s", got)
	}
	expect(t, "complete", drain(b, 0, true, bans), "10.0.0.2:6881")
	if got := b.NextAt(0, by(true, bans)); got != bt.Never {
		t.Errorf("complete: next at %s", got)
	}
	expect(t, "not complete", drain(b, 0, false, bans), "10.0.0.1:6881")
	b.Closed(0, numbered(1), false)
	b.SetUploadOnly(numbered(1), false)
	expect(t, "complete, and it downloads again", drain(b, bt.Instant(minute), true, bans), "10.0.0.1:6881")
}

// We do not dial ourselves twice. [DUP-1] [DIA-5]
func TestSelf(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	b.Add(numbered(1), bt.Manual)
	drain(b, 0, false, bans)
	b.Self(numbered(1))
	b.Closed(0, numbered(1), false)
	if got := b.NextAt(0, by(false, bans)); got != bt.Never {
		t.Errorf("next at %s", got)
	}
}

// A peer that came to us is known by its address, and by its port once it tells it. [DIA-8]
func TestArrived(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	who := b.Arrived(netip.MustParseAddr("::ffff:10.0.0.1"))
	if who.String() != "10.0.0.1:0" || b.Len() != 1 {
		t.Fatalf("%s, %d known", who, b.Len())
	}
	expect(t, "cannot be dialled", drain(b, 0, false, bans))
	for _, bad := range []uint16{0, 1} {
		if got := b.Listens(who, bad, bt.TCP); got != who {
			t.Errorf("port %d taken", bad)
		}
	}
	b.SetParole(who, true)
	told := b.Listens(who, 6881, bt.TCP)
	if told.String() != "10.0.0.1:6881" || !b.OnParole(told) {
		t.Errorf("%s, on parole %t", told, b.OnParole(told))
	}
	if got := b.Listens(told, 6882, bt.TCP); got != told {
		t.Errorf("a second port is taken: %s", got)
	}
	expect(t, "is connected", drain(b, 0, false, bans))
	b.Closed(0, told, false)
	expect(t, "can be dialled", drain(b, bt.Instant(minute), false, bans), "10.0.0.1:6881")
}

// Two connections of one peer count as two, until both have ended.
func TestArrivedTwice(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	b.Add(addr("10.0.0.1:6881"), bt.Tracker)
	b.Next(0, by(false, bans))
	if b.Listens(b.Arrived(netip.MustParseAddr("10.0.0.1")), 6881, bt.TCP) != addr("10.0.0.1:6881") || b.Len() != 1 {
		t.Fatal("not the same peer")
	}
	b.Closed(0, addr("10.0.0.1:6881"), false)
	expect(t, "one is left", drain(b, bt.Instant(minute), false, bans))
	b.Closed(0, addr("10.0.0.1:6881"), false)
	expect(t, "none is left", drain(b, bt.Instant(minute), false, bans), "10.0.0.1:6881")
}

// One that never told its port is forgotten when it leaves, unless it is on parole. [FLG-14]
func TestParoleOutlives(t *testing.T) {
	b := NewBook(nil)
	ip := netip.MustParseAddr("10.0.0.1")
	b.Closed(0, b.Arrived(ip), false)
	if b.Len() != 0 {
		t.Error("not forgotten")
	}
	who := b.Arrived(ip)
	b.SetParole(who, true)
	b.Closed(0, who, true)
	if !b.OnParole(b.Arrived(ip)) {
		t.Error("parole is forgotten")
	}
	b.Closed(0, who, false)
	b.SetParole(who, false)
	if b.Len() != 0 || b.OnParole(who) {
		t.Error("remembered without a reason")
	}
	b.SetParole(who, true) // it has left, and a piece of its fails now
	if !b.OnParole(b.Arrived(ip)) {
		t.Error("parole after it left is forgotten")
	}
}

// Who is at the site of one that is on parole is known to be, by whatever port. [TRU-18] [TRU-19]
func TestSiteOnParole(t *testing.T) {
	b := NewBook(nil)
	for _, who := range []string{"10.0.0.1:6881", "[2001:db8::1]:6881", "[2001:db8:0:1::1]:6881"} {
		b.Add(addr(who), bt.Tracker)
	}
	ask := func(who string) bool { return b.SiteOnParole(netip.MustParseAddr(who)) }
	for _, who := range []string{"10.0.0.1", "2001:db8::1"} {
		if ask(who) {
			t.Errorf("%s is on parole", who)
		}
	}
	b.SetParole(addr("10.0.0.1:6881"), true)
	b.SetParole(addr("[2001:db8::1]:6881"), true)
	for who, want := range map[string]bool{
		"10.0.0.1": true, "::ffff:10.0.0.1": true, "10.0.0.2": false, "2001:db8::2": true, "2001:db8:0:1::1": false,
	} {
		if ask(who) != want {
			t.Errorf("%s on parole: %t", who, !want)
		}
	}
	b.SetParole(addr("10.0.0.1:6881"), false)
	if ask("10.0.0.1") || !ask("2001:db8::1") {
		t.Error("the wrong one is cleared")
	}
}

// A full book makes room, and never of the connected. [DIA-7]
func TestFull(t *testing.T) {
	b, bans := NewBook(nil), NewBans()
	for i := range MaxKnown {
		b.Add(numbered(i), bt.Tracker)
	}
	for i := range MaxKnown {
		b.Next(0, by(false, bans))
		if i == 7 || i == 9 {
			b.Closed(0, numbered(i), true)
		}
	}
	b.Closed(0, numbered(100), false)
	b.SetParole(numbered(7), true)
	for i, gone := range []int{9, 100, 7} { // by failures, and who is on parole last
		if !b.Add(numbered(MaxKnown+i), bt.Exchange) || b.Len() != MaxKnown {
			t.Fatalf("no room for number %d, %d known", i, b.Len())
		}
		if b.find(numbered(gone)) != nil {
			t.Errorf("%s is still known", numbered(gone))
		}
		if a, ok := b.Next(0, by(false, bans)); !ok || a != numbered(MaxKnown+i) {
			t.Errorf("the newcomer is not dialled: %s, %t", a, ok)
		}
	}
	if b.Add(numbered(2*MaxKnown), bt.Manual) {
		t.Error("room made of a connected peer")
	}
	who := b.Arrived(netip.MustParseAddr("10.9.9.9"))
	if b.Listens(who, 6881, bt.TCP) != who || b.Len() != MaxKnown {
		t.Error("an unknown peer got a new name")
	}
	b.Closed(0, who, true)
}

// Whatever happens, the index is right, NextAt tells the truth, and a peer is given only when every clause
// allows it.
func TestBookHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, bans := NewBook(nil), NewBans()
		now := bt.Instant(0)
		var conns []netip.AddrPort
		pick := func() netip.AddrPort { return numbered(rapid.IntRange(1, 6).Draw(t, "peer")) }
		taken := func() (netip.AddrPort, int) {
			if len(conns) == 0 {
				t.Skip("nobody is connected")
			}
			i := rapid.IntRange(0, len(conns)-1).Draw(t, "conn")
			return conns[i], i
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) { b.Add(pick(), bt.Source(rapid.IntRange(0, 3).Draw(t, "source"))) },
			"next": func(t *rapid.T) {
				terms := by(false, bans)
				terms.ByHand = rapid.Bool().Draw(t, "by hand")
				promised, ready := b.NextAt(now, terms), b.Ready(now, terms)
				who, ok := b.Next(now, terms)
				if ok != (ready > 0) || ok && terms.ByHand && !b.ByHand(who) {
					t.Fatalf("%d are ready, and %s comes, %t", ready, who, ok)
				}
				if ok != (promised <= now) {
					t.Fatalf("at %s: NextAt %s, Next %t", now, promised, ok)
				}
				if ok && (slices.Contains(conns, who) || bans.Banned(now, who.Addr())) {
					t.Fatalf("%s is connected or banned", who)
				}
				if ok {
					conns = append(conns, who)
				}
			},
			"arrived": func(*rapid.T) { conns = append(conns, b.Arrived(pick().Addr())) },
			"listens": func(t *rapid.T) {
				who, i := taken()
				conns[i] = b.Listens(who, 6881, bt.TCP)
			},
			"shaken": func(*rapid.T) { b.Shaken(pick(), bt.TCP) },
			"closed": func(t *rapid.T) {
				who, i := taken()
				b.Closed(now, who, rapid.Bool().Draw(t, "failed"))
				conns = slices.Delete(conns, i, i+1)
			},
			"withdrawn": func(*rapid.T) {
				who, i := taken()
				b.Withdrawn(who)
				conns = slices.Delete(conns, i, i+1)
			},
			"missed": func(*rapid.T) { b.Missed(pick(), bt.UTP) },
			"ban":    func(*rapid.T) { bans.Ban(now, pick().Addr()) },
			"parole": func(t *rapid.T) { b.SetParole(pick(), rapid.Bool().Draw(t, "on")) },
			"wait":   func(t *rapid.T) { now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "s")) * time.Second) },
			"": func(t *rapid.T) {
				if err := b.check(conns); err != nil {
					t.Fatal(err)
				}
				fresh := *b
				fresh.idle = 0
				if a, b := b.NextAt(now, by(false, bans)), fresh.NextAt(now, by(false, bans)); a > b || a <= now && b > now {
					t.Fatalf("at %s: remembers %s, a fresh search finds %s", now, a, b)
				}
			},
		})
	})
}

// check finds what is wrong within the book; conns are its open connections.
func (b *Book) check(conns []netip.AddrPort) error {
	if len(b.peers) != b.index.Len() || len(b.peers) > MaxKnown {
		return fmt.Errorf("%d peers, %d in the index", len(b.peers), b.index.Len())
	}
	hands, crowd := 0, map[bt.IP]int32{}
	for _, who := range conns {
		crowd[bt.IPOf(who.Addr())]++
	}
	for i, one := range b.crowd {
		if one.n != crowd[one.with] || one.n == 0 || i > 0 && bytes.Compare(b.crowd[i-1].with[:], one.with[:]) >= 0 {
			return fmt.Errorf("connections by address are %v, counted %v", crowd, b.crowd)
		}
	}
	if len(crowd) != len(b.crowd) {
		return fmt.Errorf("connections with %d addresses, counted %d", len(crowd), len(b.crowd))
	}
	for i, k := range b.peers {
		open := 0
		if k.source == bt.Manual {
			hands++
		}
		for _, who := range conns {
			if bt.EndpointOf(who) == k.key {
				open++
			}
		}
		if at := b.index.Find(&k.key, b.key); at != i || int(k.conns) != open {
			return fmt.Errorf("%s is at %d, the index says %d; %d connections, counted %d", k.key.AddrPort(), i, at, open, k.conns)
		}
		if k.key.Port == 0 && k.conns == 0 && !k.parole {
			return fmt.Errorf("%s is remembered without a reason", k.key.AddrPort())
		}
	}
	if hands != b.hands {
		return fmt.Errorf("%d were named by the user, counted %d", hands, b.hands)
	}
	return nil
}

// BenchmarkNext is a full book, searched and found idle.
func BenchmarkNext(b *testing.B) {
	book, bans := NewBook(nil), NewBans()
	for i := range MaxKnown {
		book.Add(numbered(i), bt.Tracker)
	}
	b.Run("give", func(b *testing.B) {
		now := bt.Instant(0)
		for b.Loop() {
			now = now.Add(time.Second)
			if who, ok := book.Next(now, by(false, bans)); ok {
				book.Closed(now, who, false)
			}
		}
	})
	drain(book, bt.Instant(1<<62), false, bans)
	b.Run("idle", func(b *testing.B) {
		for b.Loop() {
			book.Next(bt.Instant(1<<62), by(false, bans))
		}
	})
}
