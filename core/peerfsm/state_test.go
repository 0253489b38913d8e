package peerfsm

import (
	"strings"
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
	{"a closed connection rests", clause.FLG18, func(s *State) bool {
		return !s.Closed() || s.Choked() && s.RemoteChoked() && !s.Interesting() && !s.RemoteInterested() && !s.Snubbed()
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

// flags lists the status methods that are true, in the order of SPEC.md.
func flags(s *State) string {
	text := ""
	for _, f := range []struct {
		name string
		is   bool
	}{
		{"Queued", s.Queued()}, {"Connecting", s.Connecting()}, {"Handshake", s.Handshake()}, {"Bound", s.Bound()},
		{"LocalConnection", s.LocalConnection()}, {"SupportExtensions", s.SupportExtensions()}, {"Choked", s.Choked()},
		{"OptimisticUnchoke", s.OptimisticUnchoke()}, {"Interesting", s.Interesting()}, {"RemoteChoked", s.RemoteChoked()},
		{"RemoteInterested", s.RemoteInterested()}, {"Snubbed", s.Snubbed()}, {"OnParole", s.OnParole()}, {"Seed", s.Seed()},
		{"UploadOnly", s.UploadOnly()},
	} {
		if f.is {
			text += " " + f.name
		}
	}
	return strings.TrimPrefix(text, " ")
}

// The flags of an outgoing and of an incoming connection, event by event, from birth to death. [FLG-1, FLG-2, FLG-3,
// FLG-5, FLG-6, FLG-7, FLG-8, FLG-9, FLG-10] [FLG-11, FLG-12, FLG-13, FLG-14, FLG-15, FLG-16, FLG-17]
func TestLives(t *testing.T) {
	type step struct {
		on   Ev
		want string
	}
	lives := []struct {
		origin bt.Origin
		start  string
		steps  []step
	}{
		{bt.Outgoing, "Queued Bound LocalConnection Choked RemoteChoked", []step{
			{LinkDial, "Connecting Bound LocalConnection Choked RemoteChoked"},
			{LinkConnected, "Handshake Bound LocalConnection Choked RemoteChoked"},
			{ExtPresent, "Handshake Bound LocalConnection SupportExtensions Choked RemoteChoked"},
			{LinkShaken, "Bound LocalConnection SupportExtensions Choked RemoteChoked"},
			{SupplySeed, "Bound LocalConnection SupportExtensions Choked RemoteChoked Seed UploadOnly"},
			{SupplyPartial, "Bound LocalConnection SupportExtensions Choked RemoteChoked"},
			{InterestGain, "Bound LocalConnection SupportExtensions Choked Interesting RemoteChoked"},
			{PeerUnchokes, "Bound LocalConnection SupportExtensions Choked Interesting"},
			{Snub, "Bound LocalConnection SupportExtensions Choked Interesting Snubbed"},
			{IntentDeclare, "Bound LocalConnection SupportExtensions Choked Interesting Snubbed UploadOnly"},
			{ParoleBegin, "Bound LocalConnection SupportExtensions Choked Interesting Snubbed OnParole UploadOnly"},
			{LinkClose, "Bound LocalConnection SupportExtensions Choked RemoteChoked OnParole UploadOnly"},
		}},
		{bt.Incoming, "Handshake Choked RemoteChoked", []step{
			{Bind, "Handshake Bound Choked RemoteChoked"},
			{ExtAbsent, "Handshake Bound Choked RemoteChoked"},
			{LinkShaken, "Bound Choked RemoteChoked"},
			{PeerInterested, "Bound Choked RemoteChoked RemoteInterested"},
			{SlotOptimistic, "Bound OptimisticUnchoke RemoteChoked RemoteInterested"},
			{SlotPromote, "Bound RemoteChoked RemoteInterested"},
			{SlotChoke, "Bound Choked RemoteChoked RemoteInterested"},
			{SlotUnchoke, "Bound RemoteChoked RemoteInterested"},
			{PeerNotInterested, "Bound Choked RemoteChoked"},
			{PeerInterested, "Bound Choked RemoteChoked RemoteInterested"},
			{SlotUnchoke, "Bound RemoteChoked RemoteInterested"},
			{LinkClose, "Bound Choked RemoteChoked"},
		}},
	}
	for _, life := range lives {
		t.Run(life.origin.String(), func(t *testing.T) {
			s := NewState(life.origin)
			if got := flags(&s); got != life.start {
				t.Fatalf("born with %q, want %q", got, life.start)
			}
			for _, step := range life.steps {
				if _, ok := s.Step(step.on, nil); !ok {
					t.Fatalf("%s is refused in %s", eventNames[step.on], describe(&s))
				}
				if got := flags(&s); got != step.want {
					t.Fatalf("after %s: %q, want %q", eventNames[step.on], got, step.want)
				}
			}
		})
	}
}

// The clauses of the row and of each rule that fires are recorded, those of refused events are not. [CHK-3]
func TestStepRecords(t *testing.T) {
	var rec clause.Recorder
	s := openState()
	s.Step(SlotUnchoke, &rec)
	s.Step(PeerNotInterested, &rec)
	s.Step(SlotUnchoke, &rec)
	for _, want := range []struct {
		id clause.ID
		n  int
	}{{clause.CHK4, 1}, {clause.MSG1, 1}, {clause.CHK3, 1}} {
		if got := rec.Hits(want.id); got != want.n {
			t.Errorf("%s recorded %d times, want %d", want.id, got, want.n)
		}
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
