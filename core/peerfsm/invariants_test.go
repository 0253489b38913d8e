package peerfsm

import (
	"testing"

	"peerwire/core/clause"
)

// declared is whether the peer has said that it downloads no more, and not taken it back.
func declared(s *State) bool { return s.at[mIntent] == intentDeclared }

// invariants are what must hold of the predicates in every state; each names its clause.
var invariants = []struct {
	name string
	id   clause.ID
	ok   func(s *State) bool
}{
	{"queued is ours", clause.FLG1, func(s *State) bool { return !s.Queued() || s.LocalConnection() }},
	{"connecting is ours", clause.FLG2, func(s *State) bool { return !s.Connecting() || s.LocalConnection() }},
	{"what is over the handshake has settled its questions", clause.FLG3, func(s *State) bool {
		return !s.Open() || s.Bound() && s.at[mExtensions] != extensionsUnknown
	}},
	{"exactly one of queued, connecting, handshake, open, closed", clause.FLG4, func(s *State) bool {
		return count(s.Queued(), s.Connecting(), s.Handshake(), s.Open(), s.Closed()) == 1
	}},
	{"ours are bound", clause.FLG5, func(s *State) bool { return !s.LocalConnection() || s.Bound() }},
	{"unbound is incoming and before the open, or never got there", clause.TOR1, func(s *State) bool {
		return s.Bound() || !s.LocalConnection() && (s.Handshake() || s.Closed() && !s.told())
	}},
	{"extensions wait for the handshake", clause.FLG7, func(s *State) bool { return !s.SupportExtensions() || !s.Queued() && !s.Connecting() }},
	{"a slot is for the open", clause.FLG8, func(s *State) bool { return s.Choked() || s.Open() }},
	{"optimistic is unchoked", clause.FLG9, func(s *State) bool { return !s.OptimisticUnchoke() || !s.Choked() }},
	{"a slot is for the interested", clause.CHK3, func(s *State) bool { return s.Choked() || s.RemoteInterested() }},
	{"interest is in an open peer", clause.FLG10, func(s *State) bool { return !s.Interesting() || s.Open() }},
	{"interest is in what was told", clause.MSG9, func(s *State) bool { return !s.Interesting() || s.told() }},
	{"only an open peer unchokes us", clause.FLG11, func(s *State) bool { return s.RemoteChoked() || s.Open() }},
	{"only an open peer is interested", clause.FLG12, func(s *State) bool { return !s.RemoteInterested() || s.Open() }},
	{"only an open peer is snubbed", clause.FLG13, func(s *State) bool { return !s.Snubbed() || s.Open() }},
	{"parole is not a ban", clause.FLG14, func(s *State) bool { return !s.OnParole() || !s.Banned() }},
	{"nothing is told before the handshake", clause.FLG15, func(s *State) bool { return !s.told() && !declared(s) || s.Open() || s.Closed() }},
	{"a seed has told", clause.FLG16, func(s *State) bool { return !s.Seed() || s.told() }},
	{"upload-only is declared or a seed", clause.FLG17, func(s *State) bool { return s.UploadOnly() == (declared(s) || s.Seed()) }},
	{"a closed connection rests", clause.FLG18, func(s *State) bool {
		return !s.Closed() || s.Choked() && s.RemoteChoked() && !s.Interesting() && !s.RemoteInterested() && !s.Snubbed()
	}},
}

func count(flags ...bool) (n int) {
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// lasting are what must hold of every step, between the states before and after an event; each names its clause.
var lasting = []struct {
	name string
	id   clause.ID
	ok   func(a, b *State, e Ev) bool
}{
	{"who opened it never changes", clause.FLG6, func(a, b *State, _ Ev) bool { return a.LocalConnection() == b.LocalConnection() }},
	{"a link only goes on", clause.FLG4, func(a, b *State, _ Ev) bool { return stage(b) == stage(a) || stage(b) == stage(a)+1 || b.Closed() }},
	{"a binding stays", clause.TOR1, func(a, b *State, _ Ev) bool { return !a.Bound() || b.Bound() }},
	{"extensions are settled once", clause.FLG7, func(a, b *State, _ Ev) bool {
		return a.at[mExtensions] == extensionsUnknown || a.at[mExtensions] == b.at[mExtensions]
	}},
	{"extensions are settled in the handshake", clause.FLG7, func(a, b *State, _ Ev) bool {
		return a.at[mExtensions] == b.at[mExtensions] || a.Handshake()
	}},
	{"what was told stays told", clause.FLG15, func(a, b *State, _ Ev) bool { return !a.told() || b.told() }},
	{"a ban stays", clause.TRU7, func(a, b *State, _ Ev) bool { return !a.Banned() || b.Banned() }},
	{"only hashes touch trust", clause.FLG14, func(a, b *State, e Ev) bool {
		return a.at[mTrust] == b.at[mTrust] || e == ParoleBegin || e == ParoleClear || e == TrustBan
	}},
	{"a close touches nothing of the peer itself", clause.FLG18, func(a, b *State, e Ev) bool {
		return e != LinkClose || a.at[mTrust] == b.at[mTrust] && a.at[mSupply] == b.at[mSupply] && declared(a) == declared(b) &&
			a.Bound() == b.Bound() && a.at[mExtensions] == b.at[mExtensions]
	}},
	{"only the choker, the end of interest and a close touch slots", clause.FLG8, func(a, b *State, e Ev) bool {
		return a.at[mSlot] == b.at[mSlot] || b.Choked() && (e == PeerNotInterested || e == LinkClose) || isSlot(e)
	}},
	{"choke and unchoke have no part in service", clause.TMR10, func(a, b *State, e Ev) bool {
		return a.Snubbed() == b.Snubbed() || e == Snub || e == Unsnub || e == LinkClose
	}},
	{"only messages and a close touch what the peer says", clause.MSG1, func(a, b *State, e Ev) bool {
		choke := a.RemoteChoked() == b.RemoteChoked() || e == PeerChokes || e == PeerUnchokes || e == LinkClose
		interest := a.RemoteInterested() == b.RemoteInterested() || e == PeerInterested || e == PeerNotInterested || e == LinkClose
		return choke && interest
	}},
}

func isSlot(e Ev) bool {
	return e == SlotUnchoke || e == SlotOptimistic || e == SlotPromote || e == SlotChoke
}

// stage counts how far the link has come.
func stage(s *State) int {
	switch {
	case s.Queued():
		return 0
	case s.Connecting():
		return 1
	case s.Handshake():
		return 2
	case s.Open():
		return 3
	}
	return 4
}

// Every predicate on states holds in every state that any history of any length can lead to.
func TestInvariants(t *testing.T) {
	for _, s := range Reachable() {
		for _, inv := range invariants {
			if !inv.ok(&s) {
				t.Errorf("%s [%s] fails in %s", inv.name, inv.id, describe(&s))
			}
		}
	}
}

// Every predicate on steps holds of every event in every such state. A refused event leaves no trace, and a legal one tells
// truly whether it changed anything.
func TestSteps(t *testing.T) {
	for _, before := range Reachable() {
		for e := range Ev(numEvents) {
			after := before
			changed, ok := after.Step(e, nil)
			if changed != (after != before) || changed && !ok {
				t.Errorf("%s in %s: changed %t, ok %t, now %s", eventNames[e], describe(&before), changed, ok, describe(&after))
			}
			for _, last := range lasting {
				if !last.ok(&before, &after, e) {
					t.Errorf("%s [%s] fails when %s leads from %s to %s", last.name, last.id, eventNames[e], describe(&before), describe(&after))
				}
			}
		}
	}
}

// allFlags lists the status methods that are true, in the order of SPEC.md.
func allFlags(s *State) string {
	text := ""
	for f := range NumFlags {
		if f != Pieces && s.Is(f) {
			text += " " + f.String()
		}
	}
	return text[min(1, len(text)):]
}

// describe names the state of every machine.
func describe(s *State) string {
	text := ""
	for i, m := range machines {
		text += " " + m.Name() + "=" + m.StateName(s.at[i])
	}
	return text[1:]
}
