package peerfsm

import "peerwire/core/bt"

// Unchoke decides to serve the peer, in an optimistic slot or a regular one. The peer learns of it when the
// transport takes bytes. [FLG-8]
func (p *Peer) Unchoke(optimistic bool, why bt.Why) {
	e, was := SlotUnchoke, p.Choked()
	switch {
	case optimistic:
		e = SlotOptimistic
	case p.OptimisticUnchoke():
		e = SlotPromote
	}
	if p.stepFor(e, why) && was { // another slot is no unchoke [TMR-11]
		p.uploads()
		p.up.since = why.Since
		p.rearmNoRequest()
	}
}

// Choke decides not to serve the peer.
func (p *Peer) Choke(why bt.Why) {
	p.stepFor(SlotChoke, why)
	p.slotLost()
	stop(&p.up.noRequest)
}

// Interest decides whether we are interested. [MSG-9]
func (p *Peer) Interest(now bt.Instant, on bool) {
	if on {
		p.step(now, InterestGain, bt.HasWanted, int64(p.supply.useful))
	} else if p.step(now, InterestLose, bt.HasNoneWanted) {
		p.takeBackUnsent()
	}
	p.settleBoredom(now)
}

// Bored is since when neither side of an open connection has been interested in the other; false when one is. What
// is said again and again does not change it. [TMR-12]
func (p *Peer) Bored() (bt.Instant, bool) { return p.boredSince, p.boredSince != bt.Never }

// settleBoredom follows a change of either side's interest.
func (p *Peer) settleBoredom(now bt.Instant) {
	bored := p.Open() && !p.Interesting() && !p.RemoteInterested()
	if bored == (p.boredSince != bt.Never) {
		return
	}
	p.self.Moods++
	p.boredSince = bt.Never
	if bored {
		p.boredSince = now
	}
}

// SettleRedundancy follows a change of interest, supply or intent: a peer that downloads no more, and has told what it has, and nothing of it
// that we want, is given some time to tell of more, and is closed then. [TMR-16]
func (p *Peer) SettleRedundancy(now bt.Instant) {
	redundant := p.Open() && p.local.Geometry.Known() && p.UploadOnly() && !p.Interesting() && p.state.at[mSupply] != supplyUnknown
	switch running := p.times.redundant != bt.Never; {
	case redundant && !running:
		p.run(&p.times.redundant, now.Add(RedundantGrace))
	case !redundant && running:
		stop(&p.times.redundant)
	}
}

// Suspect puts the peer on parole. What was chosen for it before and not said is given up: it may be others' business. [TRU-3] [FLG-14] [PCK-9]
func (p *Peer) Suspect(why bt.Why) {
	if p.stepFor(ParoleBegin, why) {
		p.takeBackUnsent()
	}
}

// Condemn notes that the peer is proven to send bad data. [TRU-2]
func (p *Peer) Condemn(why bt.Why) { p.stepFor(TrustBan, why) }

// Acquit takes the peer off parole: a piece that it shared in has passed. [TRU-4]
func (p *Peer) Acquit(why bt.Why) { p.stepFor(ParoleClear, why) }

// Close ends the connection: every machine rests, and what was asked in either direction is given up. Retire is to follow.
func (p *Peer) Close(now bt.Instant) {
	p.Abort()
	p.step(now, LinkClose, bt.HasEnded)
	p.stopTimers()
	p.super = nil
}
