package peerfsm

import (
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

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
		{bt.Outgoing, "Queued Torrent LocalConnection Choked RemoteChoked", []step{
			{LinkDial, "Connecting Torrent LocalConnection Choked RemoteChoked"},
			{LinkConnected, "Handshake Torrent LocalConnection Choked RemoteChoked"},
			{ExtPresent, "Handshake Torrent LocalConnection SupportExtensions Choked RemoteChoked"},
			{LinkShaken, "Torrent LocalConnection SupportExtensions Choked RemoteChoked"},
			{SupplySeed, "Torrent LocalConnection SupportExtensions Choked RemoteChoked Seed UploadOnly"},
			{SupplyPartial, "Torrent LocalConnection SupportExtensions Choked RemoteChoked"},
			{InterestGain, "Torrent LocalConnection SupportExtensions Choked Interesting RemoteChoked"},
			{PeerUnchokes, "Torrent LocalConnection SupportExtensions Choked Interesting"},
			{Snub, "Torrent LocalConnection SupportExtensions Choked Interesting Snubbed"},
			{IntentDeclare, "Torrent LocalConnection SupportExtensions Choked Interesting Snubbed UploadOnly"},
			{ParoleBegin, "Torrent LocalConnection SupportExtensions Choked Interesting Snubbed OnParole UploadOnly"},
			{LinkClose, "Torrent LocalConnection SupportExtensions Choked RemoteChoked OnParole UploadOnly"},
		}},
		{bt.Incoming, "Handshake Choked RemoteChoked", []step{
			{Bind, "Handshake Torrent Choked RemoteChoked"},
			{ExtAbsent, "Handshake Torrent Choked RemoteChoked"},
			{LinkShaken, "Torrent Choked RemoteChoked"},
			{PeerInterested, "Torrent Choked RemoteChoked RemoteInterested"},
			{SlotOptimistic, "Torrent OptimisticUnchoke RemoteChoked RemoteInterested"},
			{SlotPromote, "Torrent RemoteChoked RemoteInterested"},
			{SlotChoke, "Torrent Choked RemoteChoked RemoteInterested"},
			{SlotUnchoke, "Torrent RemoteChoked RemoteInterested"},
			{PeerNotInterested, "Torrent Choked RemoteChoked"},
			{PeerInterested, "Torrent Choked RemoteChoked RemoteInterested"},
			{SlotUnchoke, "Torrent RemoteChoked RemoteInterested"},
			{LinkClose, "Torrent Choked RemoteChoked"},
		}},
	}
	for _, life := range lives {
		t.Run(life.origin.String(), func(t *testing.T) {
			s := NewState(life.origin)
			if got := allFlags(&s); got != life.start {
				t.Fatalf("born with %q, want %q", got, life.start)
			}
			for _, step := range life.steps {
				if _, ok := s.Step(step.on, nil); !ok {
					t.Fatalf("%s is refused in %s", eventNames[step.on], describe(&s))
				}
				if got := allFlags(&s); got != step.want {
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
