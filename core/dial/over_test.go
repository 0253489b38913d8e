package dial

import (
	"net/netip"
	"testing"

	"peerwire/core/bt"
)

// A peer is dialled over what it was open on last, and over uTP before that; after a failure over the other. [DIA-17]
func TestOver(t *testing.T) {
	who := addr("10.0.0.1:6881")
	shaken := func(over bt.Transport) func(*Book) { return func(b *Book) { b.Shaken(who, over) } }
	missed := func(over bt.Transport) func(*Book) { return func(b *Book) { b.Missed(who, over) } }
	came := func(over bt.Transport) func(*Book) {
		return func(b *Book) { b.Listens(b.Arrived(who.Addr()), who.Port(), over) }
	}
	none := func(*Book) {}
	for _, test := range []struct {
		name   string
		before []func(*Book)
		want   bt.Transport
		why    bt.Because
	}{
		{"nothing is known", []func(*Book){none}, bt.UTP, bt.ThoughtOfUTP},
		{"open over uTP", []func(*Book){missed(bt.UTP), shaken(bt.UTP)}, bt.UTP, bt.SeenOverUTP},
		{"open over TCP", []func(*Book){shaken(bt.UTP), shaken(bt.TCP)}, bt.TCP, bt.SeenOverTCP},
		{"came over uTP", []func(*Book){missed(bt.UTP), came(bt.UTP)}, bt.UTP, bt.SeenOverUTP},
		{"came over TCP", []func(*Book){came(bt.TCP)}, bt.TCP, bt.SeenOverTCP},
		{"not reached over uTP", []func(*Book){shaken(bt.UTP), missed(bt.UTP)}, bt.TCP, bt.FailedOverUTP},
		{"not reached over TCP", []func(*Book){shaken(bt.TCP), missed(bt.TCP)}, bt.UTP, bt.ThoughtOfUTP},
		{"not reached over either", []func(*Book){missed(bt.UTP), missed(bt.TCP)}, bt.UTP, bt.ThoughtOfUTP},
	} {
		b := NewBook(nil)
		b.Add(who, bt.Tracker)
		for _, do := range test.before {
			do(b)
		}
		if over, why := b.Over(who, bt.TCPAndUTP); over != test.want || why != test.why {
			t.Errorf("%s: over %v, %v", test.name, over, why)
		}
		if over, why := b.Over(who, bt.OnlyTCP); over != bt.TCP || why != bt.WasDialled {
			t.Errorf("%s, only TCP: over %v, %v", test.name, over, why)
		}
		if over, why := b.Over(who, bt.OnlyUTP); over != bt.UTP || why != bt.WasDialled {
			t.Errorf("%s, only uTP: over %v, %v", test.name, over, why)
		}
	}
}

// One that comes from where nobody is known is remembered with what it came over; of a stranger nothing is known, and nothing that is told of
// one is kept. [DIA-17] [DIA-8]
func TestOverOfNewcomers(t *testing.T) {
	b := NewBook(nil)
	who := b.Listens(b.Arrived(netip.MustParseAddr("10.0.0.1")), 6881, bt.TCP)
	if over, _ := b.Over(who, bt.TCPAndUTP); over != bt.TCP {
		t.Errorf("over %v", over)
	}
	stranger := addr("10.0.0.2:6881")
	b.Missed(stranger, bt.UTP)
	b.Shaken(stranger, bt.TCP)
	if over, why := b.Over(stranger, bt.TCPAndUTP); over != bt.UTP || why != bt.ThoughtOfUTP || b.Len() != 1 {
		t.Errorf("over %v, %v; %d known", over, why, b.Len())
	}
}
