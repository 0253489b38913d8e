package peerfsm

import "peerwire/core/bt"

// Flag names one of the sixteen status methods.
type Flag uint8

// The sixteen, in the order of SPEC.md's clauses. Torrent and Pieces are true when there is something.
const (
	Queued            Flag = iota // [FLG-1]
	Connecting                    // [FLG-2]
	Handshake                     // [FLG-3]
	Torrent                       // [FLG-5]
	LocalConnection               // [FLG-6]
	SupportExtensions             // [FLG-7]
	Choked                        // [FLG-8]
	OptimisticUnchoke             // [FLG-9]
	Interesting                   // [FLG-10]
	RemoteChoked                  // [FLG-11]
	RemoteInterested              // [FLG-12]
	Snubbed                       // [FLG-13]
	OnParole                      // [FLG-14]
	Pieces                        // [FLG-15]
	Seed                          // [FLG-16]
	UploadOnly                    // [FLG-17]
	NumFlags
)

// flags tells of each flag its name, the machine behind it, and how it is read.
var flags = [NumFlags]struct {
	name    string
	machine int
	is      func(*State) bool
}{
	Queued:            {"Queued", mLink, (*State).Queued},
	Connecting:        {"Connecting", mLink, (*State).Connecting},
	Handshake:         {"Handshake", mLink, (*State).Handshake},
	Torrent:           {"Torrent", mBinding, (*State).Bound},
	LocalConnection:   {"LocalConnection", mOrigin, (*State).LocalConnection},
	SupportExtensions: {"SupportExtensions", mExtensions, (*State).SupportExtensions},
	Choked:            {"Choked", mSlot, (*State).Choked},
	OptimisticUnchoke: {"OptimisticUnchoke", mSlot, (*State).OptimisticUnchoke},
	Interesting:       {"Interesting", mInterest, (*State).Interesting},
	RemoteChoked:      {"RemoteChoked", mTheirChoke, (*State).RemoteChoked},
	RemoteInterested:  {"RemoteInterested", mTheirInterest, (*State).RemoteInterested},
	Snubbed:           {"Snubbed", mService, (*State).Snubbed},
	OnParole:          {"OnParole", mTrust, (*State).OnParole},
	Pieces:            {"Pieces", mSupply, (*State).told},
	Seed:              {"Seed", mSupply, (*State).Seed},
	UploadOnly:        {"UploadOnly", mIntent, (*State).UploadOnly},
}

// String is the name of the status method.
func (f Flag) String() string { return flags[f].name }

// Is tells how the flag stands. Pieces is true when the peer has told what it has, were it nothing.
func (s *State) Is(f Flag) bool { return flags[f].is(s) }

// Flags is how the sixteen stand together, a bit each.
type Flags uint16

// Flags is how the flags stand.
func (s *State) Flags() (all Flags) {
	for f := range NumFlags {
		if s.Is(f) {
			all |= 1 << f
		}
	}
	return all
}

// told tells whether the peer has told what it has.
func (s *State) told() bool { return s.at[mSupply] != supplyUnknown }

// Flags is how the flags stand.
func (p *Peer) Flags() Flags { return p.state.Flags() }

// watched is how the flags stand before a step, if anybody is to be told what it changes.
func (p *Peer) watched() Flags {
	if p.self.Moved == nil {
		return 0
	}
	return p.Flags()
}

// moved tells who watches that the state has changed.
func (p *Peer) moved(before Flags) {
	if p.self.Moved != nil {
		p.self.Moved(p, before)
	}
}

// Why tells why a flag stands as it does: for a seed that has not declared it, UploadOnly is explained by what it has. [WHY-1]
func (p *Peer) Why(f Flag) bt.Why {
	m := flags[f].machine
	if m == mIntent && p.state.at[mIntent] == intentSilent && p.Seed() {
		m = mSupply
	}
	return p.note(m)
}
