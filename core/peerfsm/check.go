package peerfsm

import (
	"fmt"
	"slices"

	"peerwire/core/bt"
)

// Check gives the first thing that is wrong with the connection, or nil. Nothing that a peer or a caller does can
// make it fail; tests, simulation and fuzzing call it after every event.
func (p *Peer) Check() error {
	if noDownload != newDownload() || noUpload != newUpload() {
		return fmt.Errorf("%v: wrote to what the idle share: %+v, %+v", p.id, noDownload, noUpload)
	}
	for _, check := range []func() error{p.checkFlags, p.checkSupply, p.checkDownload, p.checkUpload, p.checkShown, p.checkTimers} {
		if err := check(); err != nil {
			return fmt.Errorf("%v: %w", p.id, err)
		}
	}
	return nil
}

// checkFlags wants the status methods to agree with each other. [FLG-4] [FLG-9] [FLG-16] [FLG-17] [CHK-3]
func (p *Peer) checkFlags() error {
	s := &p.state
	stages := 0
	for _, on := range []bool{s.Queued(), s.Connecting(), s.Handshake(), s.Open(), s.Closed()} {
		if on {
			stages++
		}
	}
	switch {
	case stages != 1:
		return fmt.Errorf("in %d stages of the link at once", stages)
	case s.OptimisticUnchoke() && s.Choked():
		return fmt.Errorf("optimistic, and choked")
	case !s.Choked() && !s.RemoteInterested():
		return fmt.Errorf("holds a slot and is not interested")
	case !s.Open() && (!s.Choked() || s.Interesting() || !s.RemoteChoked() || s.RemoteInterested() || s.Snubbed()):
		return fmt.Errorf("not open, and messages have had effects")
	case s.Seed() && !s.UploadOnly():
		return fmt.Errorf("a seed that is not upload-only")
	case s.Bound() != (p.local != nil):
		return fmt.Errorf("bound is %t", s.Bound())
	case p.refused != 0:
		return fmt.Errorf("%s was refused", eventNames[p.refused-1])
	}
	return nil
}

// checkSupply wants what is counted to be what is there. [FLG-15] [FLG-16]
func (p *Peer) checkSupply() error {
	if p.local == nil || !p.Open() {
		return nil
	}
	n := uint32(p.supply.pieces.Count())
	switch {
	case n != p.supply.count:
		return fmt.Errorf("%d pieces counted as %d", n, p.supply.count)
	case p.supply.nextBy == bt.Unexplained && p.Seed() != p.supply.whole(p.rules().Pieces):
		return fmt.Errorf("%d of %d pieces, and seed is %t", n, p.rules().Pieces, p.Seed())
	case p.rules().Pieces > 0 && p.supply.nextBy == bt.Unexplained && uint32(p.supply.pieces.DifferenceCardinality(p.local.Have)) != p.supply.useful:
		return fmt.Errorf("%d useful pieces, counted as %d", p.supply.pieces.DifferenceCardinality(p.local.Have), p.supply.useful)
	case p.Interesting() != (p.supply.useful > 0):
		return fmt.Errorf("%d useful pieces, and interesting is %t", p.supply.useful, p.Interesting())
	}
	return nil
}

// checkDownload wants each request once, none to be said that may not be, and the counts to agree. [MSG-10] [MSG-11] [LIM-3]
func (p *Peer) checkDownload() error {
	d := p.down
	said := make(map[bt.Block]askState)
	live := 0
	for i := range d.sent.len() {
		a := d.sent.at(i)
		if _, twice := said[p.blockOf(a)]; twice {
			return fmt.Errorf("%v is asked for twice", p.blockOf(a))
		}
		said[p.blockOf(a)] = a.state
		if a.state == askLive {
			live++
		}
	}
	for i := range p.unsent.len() {
		a := p.unsent.at(i)
		if state, ok := said[p.blockOf(a)]; ok && state != askTimedOut {
			return fmt.Errorf("%v is asked for, and is to be again", p.blockOf(a))
		}
		if p.supply.nextBy == bt.Unexplained && !p.mayAsk(a.piece) {
			return fmt.Errorf("%v is to be asked for, and may not be", p.blockOf(a))
		}
	}
	switch {
	case live != int(d.live):
		return fmt.Errorf("%d live requests counted as %d", live, d.live)
	case d.sent.len()+p.unsent.len() > MaxOutgoingRequests:
		return fmt.Errorf("%d requests, %d not said", d.sent.len(), p.unsent.len())
	case d.withdrawn.len() > MaxWithdrawn, p.allowed.len() > MaxAllowedFast, p.suggested.len() > MaxSuggested:
		return fmt.Errorf("remembers %d withdrawn, %d allowed, %d suggested", d.withdrawn.len(), p.allowed.len(), p.suggested.len())
	case d.recv.active && d.recv.left > d.recv.length:
		return fmt.Errorf("%d bytes to come of %v", d.recv.left, d.recv.block())
	}
	return nil
}

// checkUpload wants the blocks that were read first in the queue, nothing in it that a choke forbids, and no more of anything than
// the limits. [LIM-2] [MSG-17]
func (p *Peer) checkUpload() error {
	u, allowed := p.up, p.allowedFast()
	for i := range p.serves.len() {
		s := p.serves.at(i)
		if begun := s.state != serveQueued; begun != (i < u.tokens.len()) {
			return fmt.Errorf("request %d of %d, of which %d are begun: state %d", i, p.serves.len(), u.tokens.len(), s.state)
		}
		if p.out.choking && p.Choked() && !slices.Contains(allowed, s.piece) {
			return fmt.Errorf("%v is to be sent, and the peer knows itself choked", s.block())
		}
	}
	switch {
	case p.serves.len() > MaxIncomingRequests, u.tokens.len() > FetchAhead:
		return fmt.Errorf("%d requests queued, %d begun", p.serves.len(), u.tokens.len())
	case !p.out.urgent && p.out.haves.len() >= MaxUntold:
		return fmt.Errorf("%d haves wait", p.out.haves.len())
	case p.out.urgent && p.out.haves.empty() && p.Open():
		return fmt.Errorf("haves are urgent, and there is none")
	case p.strikes > MaxStrikes+1:
		return fmt.Errorf("%d strikes", p.strikes)
	}
	spent := 0
	for f := u.spent; f != nil; f = f.next {
		spent++
	}
	if spent > AllowedFastSet {
		return fmt.Errorf("%d pieces were served while choked", spent)
	}
	return nil
}

// checkShown wants what was shown to a peer to be shown once, and the time to the next to run exactly while the peer wants none of it.
// [SUP-3] [SUP-6]
func (p *Peer) checkShown() error {
	if len(p.Awaited()) > MaxAwaited {
		return fmt.Errorf("%d pieces awaited", len(p.Awaited()))
	}
	if !p.hides() || p.supply.nextBy != bt.Unexplained {
		return nil
	}
	s := p.super
	for i := range p.out.haves.len() {
		if piece := *p.out.haves.at(i); s.shown.Test(uint(piece)) {
			return fmt.Errorf("piece %d was shown, and is to be again", piece)
		}
	}
	idle := s.lacked == 0 || !p.RemoteInterested()
	switch n := uint32(s.shown.DifferenceCardinality(&p.supply.pieces)); {
	case !p.local.Finished() && !s.ending:
		return fmt.Errorf("hides what it has, and is not complete")
	case n != s.lacked:
		return fmt.Errorf("%d shown pieces lacked, counted as %d", n, s.lacked)
	case (s.due != bt.Never) != (!s.ending && s.any && p.out.haves.len() == 0 && idle):
		return fmt.Errorf("idle is %t, and another piece is due at %v", idle, s.due)
	}
	return nil
}

// checkTimers wants a timer to run exactly while there is something to wait for.
func (p *Peer) checkTimers() error {
	on := func(k bt.Timer) bool { return p.Due(k) != bt.Never }
	switch at, name := p.Deadline(); {
	case at < p.times.least:
		return fmt.Errorf("%v is due at %v, and nothing before %v", name, at, p.times.least)
	case p.state.Closed() || p.Queued():
		if at, name := p.Deadline(); at != bt.Never {
			return fmt.Errorf("not there, and timer %v runs", name)
		}
	case on(bt.TimerConnect) != p.Connecting():
		return fmt.Errorf("connecting is %t, its timer %t", p.Connecting(), on(bt.TimerConnect))
	case on(bt.TimerHandshake) != (p.Handshake() || p.out.unshaken > 0):
		return fmt.Errorf("handshake is %t, %d bytes of ours unsaid, its timer %t", p.Handshake(), p.out.unshaken, on(bt.TimerHandshake))
	case on(bt.TimerRequest) != (p.down.live > 0):
		return fmt.Errorf("%d live requests, their timer %t", p.down.live, on(bt.TimerRequest))
	case on(bt.TimerRetry) != p.down.resting:
		return fmt.Errorf("resting is %t, its timer %t", p.down.resting, on(bt.TimerRetry))
	case on(bt.TimerUntaken) != p.out.armed:
		return fmt.Errorf("armed is %t, the timer that watches it %t", p.out.armed, on(bt.TimerUntaken))
	case on(bt.TimerRedundant) && (!p.UploadOnly() || p.Interesting()):
		return fmt.Errorf("upload-only is %t, interesting %t, and taken for redundant", p.UploadOnly(), p.Interesting())
	case p.Open() && !on(bt.TimerInactivity):
		return fmt.Errorf("open, and nothing watches whether it is alive")
	}
	return nil
}

// EachAsk calls f for each block that is asked of the peer and not given up: said, or chosen and not said yet.
func (p *Peer) EachAsk(f func(b bt.Block, said bool)) {
	for i := range p.down.sent.len() {
		if a := p.down.sent.at(i); a.state == askLive {
			f(p.blockOf(a), true)
		}
	}
	for i := range p.unsent.len() {
		f(p.blockOf(p.unsent.at(i)), false)
	}
}
