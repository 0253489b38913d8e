package peerfsm

import (
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// invariants are what must hold of the predicates in every state; each names its clause.
var invariants = []struct {
	name string
	id   clause.ID
	ok   func(s *State) bool
}{
	{"at most one of queued, connecting, handshake, open, closed", clause.FLG4, func(s *State) bool {
		return count(s.Queued(), s.Connecting(), s.Handshake(), s.Open(), s.Closed()) == 1
	}},
	{"queued and connecting are ours", clause.FLG1, func(s *State) bool { return !s.Queued() && !s.Connecting() || s.LocalConnection() }},
	{"ours are bound", clause.FLG5, func(s *State) bool { return !s.LocalConnection() || s.Bound() }},
	{"open is bound", clause.TOR1, func(s *State) bool { return !s.Open() || s.Bound() }},
	{"extensions wait for the handshake", clause.FLG7, func(s *State) bool {
		return !s.SupportExtensions() || !s.Queued() && !s.Connecting()
	}},
	{"open knows the extensions", clause.FLG7, func(s *State) bool { return !s.Open() || s.at[mExtensions] != extensionsUnknown }},
	{"optimistic is unchoked", clause.FLG9, func(s *State) bool { return !s.OptimisticUnchoke() || !s.Choked() }},
	{"a slot is for the interested", clause.CHK3, func(s *State) bool { return s.Choked() || s.RemoteInterested() }},
	{"a slot is for the open", clause.FLG8, func(s *State) bool { return s.Choked() || s.Open() }},
	{"interest is in an open peer", clause.FLG10, func(s *State) bool { return !s.Interesting() || s.Open() }},
	{"interest is in what was told", clause.MSG9, func(s *State) bool { return !s.Interesting() || s.at[mSupply] != supplyUnknown }},
	{"only an open peer unchokes us", clause.FLG11, func(s *State) bool { return s.RemoteChoked() || s.Open() }},
	{"only an open peer is interested", clause.FLG12, func(s *State) bool { return !s.RemoteInterested() || s.Open() }},
	{"only an open peer is snubbed", clause.FLG13, func(s *State) bool { return !s.Snubbed() || s.Open() }},
	{"parole is not a ban", clause.FLG14, func(s *State) bool { return !s.OnParole() || !s.Banned() }},
	{"nothing is told before the handshake", clause.FLG15, func(s *State) bool {
		return s.at[mSupply] == supplyUnknown && s.at[mIntent] == intentSilent || s.Open() || s.Closed()
	}},
	{"a seed is upload-only", clause.FLG17, func(s *State) bool { return !s.Seed() || s.UploadOnly() }},
}

func count(flags ...bool) (n int) {
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// Every invariant holds in every state that any history of any length can lead to.
func TestInvariants(t *testing.T) {
	states := reachable()
	for _, s := range states {
		for _, inv := range invariants {
			if !inv.ok(&s) {
				t.Errorf("%s [%s] fails in %s", inv.name, inv.id, describe(&s))
			}
		}
	}
	t.Logf("%d invariants hold in all %d reachable states", len(invariants), len(states))
}

// A refused event leaves no trace, and a legal one tells truly whether it changed anything.
func TestStepTellsTheTruth(t *testing.T) {
	for _, before := range reachable() {
		for e := range Ev(numEvents) {
			after := before
			changed, ok := after.Step(e, nil)
			if changed != (after != before) || changed && !ok {
				t.Fatalf("%s in %s: changed %t, ok %t, now %s", eventNames[e], describe(&before), changed, ok, describe(&after))
			}
		}
	}
}

// What never goes back never does, whatever happens. [FLG-4] [FLG-6] [TOR-1] [TRU-7]
func TestWhatLasts(t *testing.T) {
	for _, before := range reachable() {
		for e := range Ev(numEvents) {
			after := before
			after.Step(e, nil)
			switch {
			case before.LocalConnection() != after.LocalConnection(),
				before.Bound() && !after.Bound(),
				before.Closed() && !after.Closed(),
				before.Banned() && !after.Banned():
				t.Fatalf("%s leads from %s to %s", eventNames[e], describe(&before), describe(&after))
			}
		}
	}
}

func TestNewState(t *testing.T) {
	out, in := NewState(bt.Outgoing), NewState(bt.Incoming)
	if !out.Queued() || !out.Bound() || !out.LocalConnection() {
		t.Errorf("outgoing: %s", describe(&out))
	}
	if !in.Handshake() || in.Bound() || in.LocalConnection() {
		t.Errorf("incoming: %s", describe(&in))
	}
	for _, s := range []State{out, in} {
		if !s.Choked() || !s.RemoteChoked() || s.Interesting() || s.RemoteInterested() || s.OptimisticUnchoke() ||
			s.Snubbed() || s.OnParole() || s.SupportExtensions() || s.Seed() || s.UploadOnly() {
			t.Errorf("not the initial flags: %s", describe(&s))
		}
	}
}

// An outgoing connection's life, and what its end takes away. [FLG-8] [CHK-3]
func TestLife(t *testing.T) {
	s := NewState(bt.Outgoing)
	for _, e := range []Ev{LinkDial, LinkConnected, ExtPresent, LinkShaken, SupplySeed, InterestGain,
		PeerUnchokes, PeerInterested, SlotOptimistic, Snub, ParoleBegin} {
		if changed, ok := s.Step(e, nil); !changed || !ok {
			t.Fatalf("%s: changed %t, ok %t in %s", eventNames[e], changed, ok, describe(&s))
		}
	}
	var rec clause.Recorder
	interested := s
	s.Step(PeerNotInterested, &rec)
	if !s.Choked() || s.OptimisticUnchoke() || rec.Hits(clause.CHK3) != 1 {
		t.Errorf("keeps its slot when no longer interested: %s", describe(&s))
	}
	s = interested
	s.Step(LinkClose, &rec)
	if !s.Closed() || !s.Choked() || s.Interesting() || !s.RemoteChoked() || s.RemoteInterested() || s.Snubbed() {
		t.Errorf("closed: %s", describe(&s))
	}
	if !s.OnParole() || !s.Seed() || !s.Bound() || !s.SupportExtensions() {
		t.Errorf("forgets what is known of the peer: %s", describe(&s))
	}
}

// describe names the state of every machine.
func describe(s *State) string {
	text := ""
	for i, m := range machines {
		text += " " + m.Name() + "=" + m.StateName(s.at[i])
	}
	return text[1:]
}

func TestStepAllocates(t *testing.T) {
	s := openState()
	var rec clause.Recorder
	if n := testing.AllocsPerRun(100, func() { s.Step(PeerUnchokes, &rec); s.Step(PeerChokes, &rec) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// openState is an open outgoing connection to an interested peer.
func openState() State {
	s := NewState(bt.Outgoing)
	for _, e := range []Ev{LinkDial, LinkConnected, ExtPresent, LinkShaken, PeerInterested} {
		s.Step(e, nil)
	}
	return s
}

func BenchmarkStep(b *testing.B) {
	for _, bench := range []struct {
		name   string
		events []Ev
	}{
		{"one machine", []Ev{PeerUnchokes, PeerChokes}},
		{"with a rule", []Ev{PeerInterested, PeerNotInterested}},
		{"self-loop", []Ev{SupplyPartial, SupplyPartial}},
		{"refused", []Ev{LinkDial, LinkDial}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			s, i := openState(), 0
			for b.Loop() {
				s.Step(bench.events[i&1], nil)
				i++
			}
		})
	}
	b.Run("close", func(b *testing.B) {
		b.ReportAllocs()
		open := openState()
		for b.Loop() {
			s := open
			s.Step(LinkClose, nil)
		}
	})
}
