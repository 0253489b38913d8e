package peerfsm

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// timers holds the deadlines of one connection, by name.
type timers struct {
	least bt.Instant                    // none of the deadlines is earlier, nor is the pretence's
	at    [bt.TimerKeepAlive]bt.Instant // by name, from the first on
}

// The deadlines before blameless hold something against the peer, and a suspended machine moves them on; those before unheld also stand still while
// it is we who do not read. [TMR-13] [TMR-14]
const (
	firstTimer = bt.TimerConnect
	unheld     = bt.TimerUntaken
	blameless  = bt.TimerRetry
)

func (t *timers) init() {
	for k := range t.at {
		t.at[k] = bt.Never
	}
	t.least = bt.Never
}

func (t *timers) due(k bt.Timer) bt.Instant { return t.at[k-firstTimer] }
func (t *timers) clear(k bt.Timer)          { t.at[k-firstTimer] = bt.Never }

func (t *timers) set(k bt.Timer, at bt.Instant) {
	t.at[k-firstTimer] = at
	t.least = min(t.least, at)
}

// shift moves the deadlines on from one until before another.
func (t *timers) shift(from, to bt.Timer, d time.Duration) {
	for k := from; k < to; k++ {
		t.set(k, t.due(k).Add(d))
	}
}

// Deadline is the connection's earliest deadline, and its name; Never when there is none.
func (p *Peer) Deadline() (bt.Instant, bt.Timer) {
	first := firstTimer
	if p.Held() {
		first = unheld
	}
	at, name := bt.Never, bt.NoTimer
	for k := first; int(k-firstTimer) < len(p.times.at); k++ {
		if due := p.times.due(k); due < at {
			at, name = due, k
		}
	}
	if p.super != nil && p.super.due < at {
		at, name = p.super.due, bt.TimerSuperSeed
	}
	return at, name
}

// NotBefore is a time before which no deadline of the connection is. It is looked up, where Deadline is reckoned.
func (p *Peer) NotBefore() bt.Instant { return p.times.least }

// Reckon is Deadline, and makes NotBefore as late as it may be.
func (p *Peer) Reckon() (bt.Instant, bt.Timer) {
	at, name := p.Deadline()
	p.times.least = at
	return at, name
}

// Due is the deadline of one timer; Never when it does not run.
func (p *Peer) Due(name bt.Timer) bt.Instant { return p.times.due(name) }

// Hold stops the blame timers: we read nothing from the peer until Unhold.
func (p *Peer) Hold(now bt.Instant) {
	if !p.Held() {
		p.deal()
		p.down.heldAt = now
	}
}

// Unhold lets the blame timers go on where they stood.
func (p *Peer) Unhold(now bt.Instant) {
	if p.Held() {
		since := p.down.heldAt
		p.down.heldAt = bt.Never
		p.postpone(now.Sub(since))
	}
}

// Held tells whether the blame timers stand still.
func (p *Peer) Held() bool { return p.down.heldAt != bt.Never }

// Forgive moves the blame timers on by d: time that passed while nobody looked. Those that stand still anyway go on where
// they stood.
func (p *Peer) Forgive(d time.Duration) {
	p.boredSince = p.boredSince.Add(d)
	p.times.shift(unheld, blameless, d)
	if !p.Held() {
		p.postpone(d)
	}
}

// postpone moves the blame timers on that can be held, and the times that they are counted from, so that they stay so when they are set again.
func (p *Peer) postpone(d time.Duration) {
	p.times.shift(firstTimer, unheld, d)
	if p.idle() {
		return
	}
	p.up.since = p.up.since.Add(d)
	p.down.clock, p.down.flow = p.down.clock.Add(d), p.down.flow.Add(d)
	for _, a := range p.down.sent.all() {
		a.at += micros(d / time.Microsecond)
	}
}

// Fire acts on a deadline of the connection that is due. It tells why the connection must be closed, or
// NoCause; after TimerRequest the torrent is to call GiveBack, after TimerSuperSeed ShowAnother.
func (p *Peer) Fire(now bt.Instant, name bt.Timer) bt.Cause {
	if name == bt.TimerSuperSeed {
		p.super.due = bt.Never
		return bt.NoCause
	}
	p.times.clear(name)
	switch name {
	case bt.TimerConnect:
		return bt.ConnectTimeout
	case bt.TimerHandshake:
		if p.Open() {
			p.hit(clause.TMR20)
		} else {
			p.hit(clause.TMR4)
		}
		return bt.HandshakeTimeout
	case bt.TimerInactivity:
		p.hit(clause.TMR6)
		return bt.Inactive
	case bt.TimerNoRequest:
		return p.noRequest(now)
	case bt.TimerRequest:
		p.requestOverdue(now)
	case bt.TimerRedundant:
		p.hit(clause.TMR16)
		return bt.Uninteresting
	case bt.TimerUntaken:
		p.hit(clause.TMR15)
		return bt.TakesNothing
	case bt.TimerRetry:
		p.rested()
	case bt.TimerKeepAlive:
		p.hit(clause.TMR5)
		p.out.keepAlive = true
	}
	return bt.NoCause
}
