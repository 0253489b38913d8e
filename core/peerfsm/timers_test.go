package peerfsm

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// While we do not read from a peer its blame timers stand still, but for the one that watches whether it reads; a jump of time moves on
// all that blame, once. What is our own duty goes on. [TMR-13] [TMR-14] [TMR-15] [TMR-16]
func TestHeldTimers(t *testing.T) {
	const due, held, jump = bt.Instant(time.Minute), 7 * time.Second, time.Hour
	for k := bt.TimerConnect; k <= bt.TimerKeepAlive; k++ {
		blames := k < bt.TimerRetry
		stands := blames && k != bt.TimerUntaken
		for _, test := range []struct {
			name string
			do   func(p *Peer)
			want bt.Instant
		}{
			{"hold and unhold", func(p *Peer) { p.Hold(0); p.Unhold(bt.Instant(held)) }, after(due, held, stands)},
			{"a jump", func(p *Peer) { p.Forgive(jump) }, after(due, jump, blames)},
			{"a jump while held", func(p *Peer) { p.Hold(0); p.Forgive(jump); p.Unhold(bt.Instant(jump)) }, after(due, jump, blames)},
		} {
			p := with(t, k, due)
			test.do(p)
			if at, name := p.Deadline(); at != test.want || name != k {
				t.Errorf("%v, %s: due at %v as %v, want %v", k, test.name, at, name, test.want)
			}
		}
		p := with(t, k, due)
		p.Hold(0)
		if at, _ := p.Deadline(); (at == bt.Never) != stands {
			t.Errorf("%v is due at %v while we do not read", k, at)
		}
	}
}

// with is a connection of which one timer runs.
func with(t *testing.T, k bt.Timer, due bt.Instant) *Peer {
	p := open(t, 1)
	p.downloads()
	p.uploads()
	p.stopTimers()
	if k == bt.TimerConnect {
		p.state.at[mLink] = linkConnecting
	}
	p.run(p.timer(k), due)
	return p
}

// after is d after due if so, else due.
func after(due bt.Instant, d time.Duration, so bool) bt.Instant {
	if so {
		return due.Add(d)
	}
	return due
}

// The time in which something must be taken runs while the transport is waited for, and anew whenever it takes something: also when all it
// took is what it was given before. [TMR-15] [ANN-5]
func TestUntaken(t *testing.T) {
	p := open(t, 1)
	room := make([]byte, 4096)
	tell(p)
	due := func(when string, want bt.Instant) {
		t.Helper()
		if at := p.Due(bt.TimerUntaken); at != want {
			t.Errorf("%s: due at %v, want %v", when, at, want)
		}
	}
	const second = bt.Instant(time.Second)
	due("nothing to say", bt.Never)
	p.Have(0)
	if !p.Arm(second) || p.Arm(2*second) {
		t.Error("it is asked for room other than once")
	}
	due("asked for room", second.Add(UntakenTimeout))
	if n := p.Transmit(3*second, nil).N; n != 0 || p.Arm(3*second) || p.Disarm() {
		t.Errorf("%d bytes written into none", n)
	}
	due("some was taken", (3 * second).Add(UntakenTimeout))
	if n := p.Transmit(4*second, room).N; n == 0 {
		t.Error("nothing is said")
	}
	due("something was said", (4 * second).Add(UntakenTimeout))
	if !p.Disarm() {
		t.Error("there is more to say")
	}
	due("all is said", bt.Never)
}

// When all is said that is to be said now nothing more is written, however often room is offered, until it is asked for: not even haves that
// may wait for company. [ANN-8] [MSG-29]
func TestNothingIsWrittenUnasked(t *testing.T) {
	p := open(t, 2)
	hear(t, p, wire.AppendHave(wire.AppendHave(nil, 0), 1))
	tell(p)
	room := make([]byte, 4096)
	p.Have(0)
	if n := p.Transmit(1, room).N; n != 0 || !p.Untold() || !p.Disarm() {
		t.Errorf("%d bytes, and a have waits is %t", n, p.Untold())
	}
	p.Tell()
	if !p.Arm(2) || p.Disarm() {
		t.Error("a have is due, and no room is asked for")
	}
	if n := p.Transmit(2, room).N; n != 9 || p.Untold() || !p.Disarm() {
		t.Errorf("%d bytes, and a have waits is %t", n, p.Untold())
	}
	if n := p.Transmit(3, room).N; n != 0 || p.Due(bt.TimerUntaken) != bt.Never {
		t.Errorf("%d bytes more", n)
	}
}
