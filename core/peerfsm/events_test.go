package peerfsm

import (
	"testing"

	"peerwire/core/clause"
)

// occurrences say of each event, in terms of the status methods and not of the tables, when it is legal and what then holds.
var occurrences = []struct {
	on    Ev
	id    clause.ID
	legal func(s *State) bool
	then  func(s *State) bool
}{
	{LinkDial, clause.FLG2, (*State).Queued, (*State).Connecting},
	{LinkConnected, clause.FLG3, (*State).Connecting, (*State).Handshake},
	{LinkShaken, clause.FLG3, func(s *State) bool { return s.Handshake() && s.Bound() && settled(s) }, (*State).Open},
	{LinkClose, clause.FLG4, always, (*State).Closed},
	{Bind, clause.TOR1, func(s *State) bool { return s.Handshake() && !s.Bound() }, (*State).Bound},
	{ExtAbsent, clause.FLG7, func(s *State) bool { return s.Handshake() && !settled(s) }, not((*State).SupportExtensions)},
	{ExtPresent, clause.FLG7, func(s *State) bool { return s.Handshake() && !settled(s) }, (*State).SupportExtensions},
	{SlotUnchoke, clause.CHK4, func(s *State) bool { return s.RemoteInterested() && !s.OptimisticUnchoke() }, byRank},
	{SlotOptimistic, clause.CHK6, (*State).RemoteInterested, (*State).OptimisticUnchoke},
	{SlotPromote, clause.CHK7, (*State).OptimisticUnchoke, byRank},
	{SlotChoke, clause.FLG8, always, (*State).Choked},
	{InterestGain, clause.MSG9, func(s *State) bool { return s.Open() && s.told() }, (*State).Interesting},
	{InterestLose, clause.FLG10, always, not((*State).Interesting)},
	{PeerChokes, clause.MSG1, (*State).Open, (*State).RemoteChoked},
	{PeerUnchokes, clause.MSG1, (*State).Open, not((*State).RemoteChoked)},
	{PeerInterested, clause.MSG1, (*State).Open, (*State).RemoteInterested},
	{PeerNotInterested, clause.MSG1, (*State).Open, not((*State).RemoteInterested)},
	{Snub, clause.FLG13, (*State).Open, (*State).Snubbed},
	{Unsnub, clause.TMR10, always, not((*State).Snubbed)},
	{ParoleBegin, clause.TRU3, always, func(s *State) bool { return s.OnParole() || s.Banned() }},
	{ParoleClear, clause.TRU4, always, not((*State).OnParole)},
	{TrustBan, clause.TRU2, always, (*State).Banned},
	{SupplyPartial, clause.FLG15, (*State).Open, func(s *State) bool { return s.told() && !s.Seed() }},
	{SupplySeed, clause.FLG16, (*State).Open, (*State).Seed},
	{IntentDeclare, clause.FLG17, (*State).Open, declared},
	{IntentWithdraw, clause.EXT11, (*State).Open, not(declared)},
}

func always(*State) bool { return true }

func not(f func(*State) bool) func(*State) bool { return func(s *State) bool { return !f(s) } }

// settled is whether the peer's handshake has told whether it speaks BEP 10.
func settled(s *State) bool { return s.at[mExtensions] != extensionsUnknown }

// byRank is whether the peer holds a slot by rank.
func byRank(s *State) bool { return !s.Choked() && !s.OptimisticUnchoke() }

// In every reachable state, each event is legal exactly when the clauses say so, repeated or not, and then what it is for holds. But
// for a close and the end of the peer's interest, nothing that belongs to another machine changes. A ban outlives what is learnt of
// older pieces. [TRU-7]
func TestEvents(t *testing.T) {
	for _, before := range Reachable() {
		for _, o := range occurrences {
			after := before
			_, ok := after.Step(o.on, nil)
			switch {
			case ok != o.legal(&before):
				t.Errorf("%s [%s]: legal is %t in %s", eventNames[o.on], o.id, ok, describe(&before))
			case ok && !o.then(&after):
				t.Errorf("%s [%s] leads from %s to %s", eventNames[o.on], o.id, describe(&before), describe(&after))
			case ok && before.Banned() && !after.Banned(), ok && after.Banned() && !before.Banned() && o.on != TrustBan:
				t.Errorf("%s: banned was %t, is %t", eventNames[o.on], before.Banned(), after.Banned())
			case o.on != LinkClose && o.on != PeerNotInterested && touched(&before, &after) > 1:
				t.Errorf("%s moves several machines from %s to %s", eventNames[o.on], describe(&before), describe(&after))
			}
		}
	}
}

// touched counts the machines that are in another state.
func touched(a, b *State) (n int) {
	for m := range a.at {
		if a.at[m] != b.at[m] {
			n++
		}
	}
	return n
}

// Every event has its line, in the order of the events.
func TestEveryEventIsSaid(t *testing.T) {
	if len(occurrences) != int(numEvents) {
		t.Fatalf("%d lines for %d events", len(occurrences), numEvents)
	}
	for i, o := range occurrences {
		if o.on != Ev(i) {
			t.Errorf("line %d is of %s", i, eventNames[o.on])
		}
	}
}
