package peerfsm

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// timers holds the deadlines of one connection, but for those of what few have: a download, an upload, a pretence. One that does not run is bt.Never.
type timers struct {
	least      bt.Instant // none of the deadlines is earlier, wherever it is kept
	start      bt.Instant // TimerConnect while it is dialled, then TimerHandshake
	inactivity bt.Instant
	redundant  bt.Instant
	untaken    bt.Instant
	keepAlive  bt.Instant
}

func (t *timers) init() {
	*t = timers{bt.Never, bt.Never, bt.Never, bt.Never, bt.Never, bt.Never}
}

// run sets a deadline of the connection, wherever it is kept.
func (p *Peer) run(deadline *bt.Instant, until bt.Instant) {
	*deadline = until
	if until < p.times.least {
		p.times.least, p.sooner = until, true
	}
}

// shift moves a deadline on, if it runs.
func (p *Peer) shift(deadline *bt.Instant, d time.Duration) {
	if *deadline != bt.Never {
		p.run(deadline, deadline.Add(d))
	}
}

// stop stops a deadline. Where it does not run it is not written to: it may be that which all share.
func stop(deadline *bt.Instant) {
	if *deadline != bt.Never {
		*deadline = bt.Never
	}
}

// stopTimers stops all deadlines but the pretence's.
func (p *Peer) stopTimers() {
	p.times.init()
	stop(&p.up.noRequest)
	stop(&p.down.request)
	stop(&p.down.retry)
}

// earliest is the earliest of the deadlines that it has seen, and its name. Of equals it is the first.
type earliest struct {
	at   bt.Instant
	name bt.Timer
}

func (e *earliest) see(at bt.Instant, name bt.Timer) {
	if at < e.at {
		e.at, e.name = at, name
	}
}

// Deadline is the connection's earliest deadline, and its name; Never when there is none.
func (p *Peer) Deadline() (bt.Instant, bt.Timer) {
	t, first := &p.times, earliest{bt.Never, bt.NoTimer}
	if !p.Held() {
		first.see(t.start, p.starting())
		first.see(t.inactivity, bt.TimerInactivity)
		first.see(p.up.noRequest, bt.TimerNoRequest)
		first.see(p.down.request, bt.TimerRequest)
		first.see(t.redundant, bt.TimerRedundant)
	}
	first.see(t.untaken, bt.TimerUntaken)
	first.see(p.down.retry, bt.TimerRetry)
	first.see(t.keepAlive, bt.TimerKeepAlive)
	if p.super != nil {
		first.see(p.super.due, bt.TimerSuperSeed)
	}
	return first.at, first.name
}

// Sooner tells whether the connection's deadline may be earlier than Reckon has said last. It is looked up, where Deadline is reckoned.
func (p *Peer) Sooner() bool { return p.sooner }

// Reckon is Deadline, until Sooner tells that it may be earlier.
func (p *Peer) Reckon() (bt.Instant, bt.Timer) {
	at, name := p.Deadline()
	p.times.least, p.sooner = at, false
	return at, name
}

// Due is the deadline of one timer; Never when it does not run.
func (p *Peer) Due(name bt.Timer) bt.Instant {
	if (name == bt.TimerConnect || name == bt.TimerHandshake) && name != p.starting() {
		return bt.Never
	}
	return *p.timer(name)
}

// starting is the name of the timer that runs until the connection is open.
func (p *Peer) starting() bt.Timer {
	if p.Connecting() {
		return bt.TimerConnect
	}
	return bt.TimerHandshake
}

// timer is where the deadline of a timer of the connection stands.
func (p *Peer) timer(name bt.Timer) *bt.Instant {
	switch name {
	case bt.TimerConnect, bt.TimerHandshake:
		return &p.times.start
	case bt.TimerInactivity:
		return &p.times.inactivity
	case bt.TimerNoRequest:
		return &p.up.noRequest
	case bt.TimerRequest:
		return &p.down.request
	case bt.TimerRedundant:
		return &p.times.redundant
	case bt.TimerUntaken:
		return &p.times.untaken
	case bt.TimerRetry:
		return &p.down.retry
	case bt.TimerKeepAlive:
		return &p.times.keepAlive
	case bt.TimerSuperSeed:
		return &p.super.due
	}
	panic("BUG: a timer that is no connection's")
}

// Hold stops the blame timers: we read nothing from the peer until Unhold.
func (p *Peer) Hold(now bt.Instant) {
	if !p.Held() {
		p.downloads()
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
	p.shift(&p.times.untaken, d)
	if !p.Held() {
		p.postpone(d)
	}
}

// postpone moves the blame timers on that can be held, and the times that they are counted from, so that they stay so when they are set again.
func (p *Peer) postpone(d time.Duration) {
	for _, deadline := range [...]*bt.Instant{&p.times.start, &p.times.inactivity, &p.up.noRequest, &p.down.request, &p.times.redundant} {
		p.shift(deadline, d)
	}
	if p.up != &noUpload {
		p.up.since = p.up.since.Add(d)
	}
	if p.down == &noDownload {
		return
	}
	p.down.clock, p.down.flow = p.down.clock.Add(d), p.down.flow.Add(d)
	for _, a := range p.down.sent.all() {
		a.at += micros(d / time.Microsecond)
	}
}

// Fire acts on a deadline of the connection that is due. It tells why the connection must be closed, or
// NoCause; after TimerRequest the torrent is to call GiveBack, after TimerSuperSeed ShowAnother.
func (p *Peer) Fire(now bt.Instant, name bt.Timer) bt.Cause {
	stop(p.timer(name))
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
