package dial

import (
	"net/netip"
	"testing"

	"peerwire/core/bt"
)

// A ban is of the address, however it is written, and lasts an hour to the nanosecond. [TRU-6]
func TestBans(t *testing.T) {
	b := NewBans()
	a := netip.MustParseAddr("10.0.0.1")
	if b.Banned(0, a) || b.Until(a) != 0 {
		t.Error("banned before it was")
	}
	until := b.Ban(5, netip.MustParseAddr("::ffff:10.0.0.1"))
	if until != bt.Instant(5).Add(BanTime) || b.Until(a) != until {
		t.Errorf("until %s", until)
	}
	if !b.Banned(until-1, a) || b.Banned(until, a) || b.Banned(5, netip.MustParseAddr("10.0.0.2")) {
		t.Error("not exactly one address, for exactly its time")
	}
	if later := b.Ban(7, a); later != until+2 || b.Len() != 1 || b.Until(a) != later {
		t.Errorf("prolonged until %s, %d bans", later, b.Len())
	}
	b.Ban(b.Until(a), netip.MustParseAddr("10.0.0.3"))
	if b.Len() != 1 {
		t.Errorf("%d bans, one of them over", b.Len())
	}
}

// A ban of an IPv6 address is of its first 64 bits. [TRU-18]
func TestBansOfSites(t *testing.T) {
	b := NewBans()
	until := b.Ban(5, netip.MustParseAddr("2001:db8::1"))
	for a, want := range map[string]bt.Instant{"2001:db8::1": until, "2001:db8::ffff:0:0:2": until, "2001:db8:0:1::1": 0} {
		if got := b.Until(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s is banned until %s", a, got)
		}
	}
	if b.Ban(6, netip.MustParseAddr("2001:db8::2")); b.Len() != 1 {
		t.Errorf("%d bans of one site", b.Len())
	}
}

// Bans are bounded: the oldest makes room. [DIA-11]
func TestBansAreBounded(t *testing.T) {
	b := NewBans()
	for i := range MaxBans + 2 {
		b.Ban(bt.Instant(i), numbered(i).Addr())
	}
	b.Ban(MaxBans, numbered(2).Addr()) // prolonged: not the oldest any more
	b.Ban(MaxBans, numbered(MaxBans+2).Addr())
	if b.Len() != MaxBans || len(b.until) != MaxBans {
		t.Errorf("%d bans, %d times", b.Len(), len(b.until))
	}
	for i, want := range []bool{false, false, true, false, true} {
		if got := b.Banned(MaxBans, numbered(i).Addr()); got != want {
			t.Errorf("number %d banned: %t", i, got)
		}
	}
}
