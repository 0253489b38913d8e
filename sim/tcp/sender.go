package tcp

import (
	"time"

	"peerwire/core/bt"
	"peerwire/sim/packet"
)

const (
	maxWindow    = 1 << 14 // segments, 23 MiB: as much as a receiver's buffer holds
	firstWindow  = 10      // segments (RFC 6928)
	leastWindow  = 2       // segments, after a loss
	dupThreshold = 3       // segments above one that were acknowledged, for it to be lost
	firstTimeout = time.Second
	minTimeout   = 200 * time.Millisecond // as Linux has it; RFC 6298 would have a second
	maxTimeout   = time.Minute
)

// state is what a sender knows of a segment.
type state uint8

const (
	sent   state = iota // once, and nothing was heard of it
	again               // it was lost, and sent again
	lost                // and not sent again yet
	sacked              // it arrived
)

// Sender is a flow that always has more to send.
type Sender struct {
	to     packet.ID
	from   bt.Instant // when it begins
	growth growth

	una, next int64      // the first segment that is not acknowledged, and the first that was never sent
	fack      int64      // above all that are known to have arrived
	scanned   int64      // all below were looked at for being lost
	mend      int64      // no segment below is lost and not sent again
	recover   int64      // a loss below belongs to the last cut
	pipe      int64      // segments on their way
	latest    bt.Instant // when that was sent which is known to have arrived, of what was sent once

	window, threshold int64 // segments
	recovering        bool

	srtt, rttvar, rto time.Duration
	timer             bt.Instant

	states  [maxWindow]state
	sentAt  [maxWindow]bt.Instant
	cuts    int64
	timeout int64
}

// NewReno makes a flow to a host that begins at a time.
func NewReno(to packet.ID, from bt.Instant) *Sender { return newSender(to, from, &reno{}) }

// NewCubic is NewReno with CUBIC's growth.
func NewCubic(to packet.ID, from bt.Instant) *Sender { return newSender(to, from, &cubic{}) }

func newSender(to packet.ID, from bt.Instant, g growth) *Sender {
	return &Sender{to: to, from: from, growth: g, window: firstWindow, threshold: maxWindow, rto: firstTimeout, timer: from}
}

// Window is the congestion window in segments.
func (s *Sender) Window() int64 { return s.window }

// Cuts is how often the window was cut for a loss, and Timeouts how often nothing came back at all.
func (s *Sender) Cuts() int64 { return s.cuts }

// Timeouts is how often the retransmission timer fired.
func (s *Sender) Timeouts() int64 { return s.timeout }

// Arrived implements packet.Host.
func (s *Sender) Arrived(now bt.Instant, p packet.Packet) {
	a := parseAck(p.Data)
	fresh := s.mark(now, a.got)
	for ; s.una < a.next; s.una++ {
		if st := s.state(s.una); *st != sacked { // its own acknowledgement was lost
			if *st != lost {
				s.pipe--
			}
			fresh++
		}
		s.timer = now.Add(s.rto)
	}
	s.fack = max(s.fack, s.una)
	s.scanned, s.mend = max(s.scanned, s.una), max(s.mend, s.una)
	if s.una == s.next {
		s.timer = bt.Never
	}
	found := s.findLost()
	s.recovering = s.recovering && s.una < s.recover
	if found {
		s.cut()
	}
	if !s.recovering {
		s.grow(now, fresh)
	}
}

// mark notes that a segment arrived, and what it tells about the round trip. It gives how many are newly acknowledged.
func (s *Sender) mark(now bt.Instant, got int64) int64 {
	if got < s.una || got >= s.next {
		return 0
	}
	st := s.state(got)
	if *st == sacked {
		return 0
	}
	if *st == sent { // of one that was sent twice nobody knows which it was that arrived (Karn)
		s.latest = max(s.latest, s.sentAt[got%maxWindow])
		s.sample(now.Sub(s.sentAt[got%maxWindow]))
	}
	if *st != lost {
		s.pipe--
	}
	*st = sacked
	s.fack = max(s.fack, got+1)
	return 1
}

// findLost finds what has enough segments above it that arrived, and tells whether there was any that was sent after the last cut.
func (s *Sender) findLost() (found bool) {
	for ; s.scanned < s.fack-dupThreshold; s.scanned++ {
		if st := s.state(s.scanned); *st == sent {
			*st = lost
			s.pipe--
			s.mend = min(s.mend, s.scanned)
			found = found || s.scanned >= s.recover
		}
	}
	// What was sent again and lost again shows by others that were sent after it (RACK, RFC 8985, looking at the first hole alone).
	if st := s.state(s.una); s.una < s.next && *st == again && s.sentAt[s.una%maxWindow] < s.latest {
		*st = lost
		s.pipe--
		s.mend = s.una
	}
	return found
}

func (s *Sender) cut() {
	s.cuts++
	s.threshold = max(s.growth.cut(s.window), leastWindow)
	s.window = s.threshold
	s.recover, s.recovering = s.next, true
}

func (s *Sender) grow(now bt.Instant, acked int64) {
	if s.window < s.threshold {
		n := min(acked, s.threshold-s.window)
		s.window += n
		acked -= n
	}
	if acked > 0 {
		s.window = s.growth.grow(now, s.srtt, s.window, acked)
	}
	s.window = min(s.window, maxWindow)
}

// sample takes a round trip (RFC 6298).
func (s *Sender) sample(rtt time.Duration) {
	if s.srtt == 0 {
		s.srtt, s.rttvar = rtt, rtt/2
	} else {
		s.rttvar += (max(s.srtt-rtt, rtt-s.srtt) - s.rttvar) / 4
		s.srtt += (rtt - s.srtt) / 8
	}
	s.rto = min(s.srtt+max(4*s.rttvar, minTimeout), maxTimeout)
}

// Tick implements packet.Host: nothing came back in time. All that is on its way counts as lost.
func (s *Sender) Tick(now bt.Instant) {
	if now < s.timer {
		return
	}
	if s.timer = bt.Never; s.una == s.next {
		return // it is the beginning
	}
	s.timeout++
	if s.una >= s.recover {
		s.threshold = max(s.growth.cut(s.window), leastWindow)
	}
	s.window, s.pipe, s.recovering = 1, 0, false
	s.recover, s.scanned, s.mend = s.next, s.next, s.una
	for n := s.una; n < s.next; n++ {
		if st := s.state(n); *st != sacked {
			*st = lost
		}
	}
	s.rto = min(2*s.rto, maxTimeout)
	s.timer = now.Add(s.rto)
}

// NextDeadline implements packet.Host.
func (s *Sender) NextDeadline() bt.Instant { return s.timer }

// Transmit implements packet.Host: first what was lost, then what is new.
func (s *Sender) Transmit(now bt.Instant, buf []byte) (packet.Packet, bool) {
	if now < s.from || s.pipe >= s.window {
		return packet.Packet{}, false
	}
	n := s.choose()
	if n < 0 {
		return packet.Packet{}, false
	}
	s.pipe++
	s.sentAt[n%maxWindow] = now
	if s.timer == bt.Never {
		s.timer = now.Add(s.rto)
	}
	return packet.Packet{To: s.to, Size: size, Data: putNumber(buf, n)}, true
}

// choose gives the segment to be sent, -1 when there is none.
func (s *Sender) choose() int64 {
	for ; s.mend < s.next; s.mend++ {
		if st := s.state(s.mend); *st == lost {
			*st = again
			s.mend++
			return s.mend - 1
		}
	}
	if s.next-s.una >= maxWindow {
		return -1
	}
	s.next++
	s.mend = s.next
	*s.state(s.next - 1) = sent
	return s.next - 1
}

// Refused implements packet.Host: what is refused is lost, and found to be so like anything that is.
func (*Sender) Refused(bt.Instant, packet.Packet, packet.Verdict) {}

func (s *Sender) state(n int64) *state { return &s.states[n%maxWindow] }
