package peerfsm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// State is where each of a connection's machines stands, a byte each. It is what we have decided;
// what the peer was told of it is kept elsewhere. [ANN-1] Copies are snapshots, and two can be compared.
type State struct {
	at [numMachines]fsm.State
}

// NewState is the state of a new connection: an outgoing one is queued and bound, an incoming one is in
// handshake and unbound. Both sides choke and nobody is interested.
func NewState(o bt.Origin) State {
	var s State
	if o == bt.Outgoing {
		s.at[mOrigin] = originOutgoing
		s.at[mLink] = linkQueued
		s.at[mBinding] = bindingBound
	} else {
		s.at[mOrigin] = originIncoming
		s.at[mLink] = linkHandshake
		s.at[mBinding] = bindingUnbound
	}
	return s
}

// Step lets e happen, with all that follows from it in other machines. It tells whether any of them
// changed, and whether e was legal here; when not, nothing has changed. The clauses that were
// obeyed go to rec, which may be nil.
func (s *State) Step(e Ev, rec *clause.Recorder) (changed, ok bool) {
	return joint.Step(s.at[:], e, rec)
}

// Queued tells whether the connection waits for a half-open place. [FLG-1]
func (s *State) Queued() bool { return s.at[mLink] == linkQueued }

// Connecting tells whether the transport was asked to connect and has not answered. [FLG-2]
func (s *State) Connecting() bool { return s.at[mLink] == linkConnecting }

// Handshake tells whether the transport is open and a handshake is still missing. [FLG-3]
func (s *State) Handshake() bool { return s.at[mLink] == linkHandshake }

// Open tells whether messages can be exchanged.
func (s *State) Open() bool { return s.at[mLink] == linkOpen }

// Closed tells whether the connection has ended.
func (s *State) Closed() bool { return s.at[mLink] == linkClosed }

// Bound tells whether the connection belongs to a torrent. [FLG-5]
func (s *State) Bound() bool { return s.at[mBinding] == bindingBound }

// LocalConnection tells whether we opened the connection. [FLG-6]
func (s *State) LocalConnection() bool { return s.at[mOrigin] == originOutgoing }

// SupportExtensions tells whether the peer's handshake set the bit of BEP 10. [FLG-7]
func (s *State) SupportExtensions() bool { return s.at[mExtensions] == extensionsPresent }

// Choked tells whether we have decided to choke the peer. [FLG-8]
func (s *State) Choked() bool { return s.at[mSlot] == slotChoked }

// holding tells whether the connection is open and its peer holds an upload slot.
func (s *State) holding() bool { return s.Open() && !s.Choked() }

// waiting tells whether the connection is open and its peer could use an upload slot that it does not hold.
func (s *State) waiting() bool { return s.Open() && s.Choked() && s.RemoteInterested() }

// OptimisticUnchoke tells whether the peer holds an optimistic slot. [FLG-9]
func (s *State) OptimisticUnchoke() bool { return s.at[mSlot] == slotOptimistic }

// Interesting tells whether the peer has a piece that we want. [FLG-10]
func (s *State) Interesting() bool { return s.at[mInterest] == interestSome }

// RemoteChoked tells whether the peer chokes us. [FLG-11]
func (s *State) RemoteChoked() bool { return s.at[mTheirChoke] == theirChokeOn }

// RemoteInterested tells whether the peer says that it wants a piece of ours. [FLG-12]
func (s *State) RemoteInterested() bool { return s.at[mTheirInterest] == theirInterestSome }

// Snubbed tells whether the peer left our requests unanswered for too long. [FLG-13]
func (s *State) Snubbed() bool { return s.at[mService] == serviceSnubbed }

// OnParole tells whether the peer took part in a piece that failed, and nothing has cleared it. [FLG-14]
func (s *State) OnParole() bool { return s.at[mTrust] == trustParole }

// Banned tells whether the peer alone was found to blame for bad data. [TRU-2]
func (s *State) Banned() bool { return s.at[mTrust] == trustBanned }

// Seed tells whether the peer has every piece. [FLG-16]
func (s *State) Seed() bool { return s.at[mSupply] == supplySeed }

// UploadOnly tells whether the peer downloads no more: it declared so, or it is a seed. [FLG-17]
func (s *State) UploadOnly() bool { return s.at[mIntent] == intentDeclared || s.Seed() }
