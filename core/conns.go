package core

import (
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// received lets a connection take the bytes that came, message by message, until one is not whole or a block begins.
func (s *Session) received(now bt.Instant, c *conn, data []byte) {
	c.peer.Heard(now)
	c.heard = true
	for taken := 0; ; {
		if c.mirror {
			s.need(c, len(data), bt.WantBytes, 1)
			break
		}
		n, f := c.peer.Step(now, data[taken:])
		taken += n
		if !s.judge(now, c, f) || !s.act(now, c, f) || !s.spare(now, c) {
			return
		}
		switch f.Kind {
		case peerfsm.More:
			s.need(c, taken, bt.WantBytes, f.Size)
		case peerfsm.PieceBegan:
			s.expect(c, f.Block, taken)
		case peerfsm.Quiet:
			continue
		default: // what follows from a message follows before the next, however they were joined [FRM-2]
			c.torrent.Pump(&c.peer)
			continue
		}
		break
	}
	if c.torrent != nil {
		c.torrent.Arm(&c.peer)
	}
	s.unclog(now, c)
	s.schedule.touch(c)
}

// need says how many bytes were taken, and what is needed next.
func (s *Session) need(c *conn, taken int, want bt.Want, size int) {
	e := s.out.Add(bt.Need, c.peer.ID())
	e.N, e.Want, e.Size = taken, want, size
	if want == bt.WantPayload {
		e.Token = c.peer.Token()
	}
}

// expect asks for the payload of a block: into a buffer if it is missing, to be dropped if not.
func (s *Session) expect(c *conn, b bt.Block, taken int) {
	c.peer.Expect(c.torrent.Began(&c.peer, b))
	want := bt.WantPayload
	if c.peer.Token() == 0 {
		want = bt.WantDiscard
	}
	s.need(c, taken, want, int(b.Length))
}

// judge acts on what the peer did wrong. It tells whether the connection is still there.
func (s *Session) judge(now bt.Instant, c *conn, f peerfsm.Fact) bool {
	c.peer.Offences(func(v clause.Violation) { s.notice(c, v) })
	if f.Violation == 0 {
		return true
	}
	s.convict(now, c, f.Violation)
	return false
}

// spare tells whether the peer's milder breaches are still put up with, and closes the connection when not. What the last of them told
// was taken before, so that nothing the connection counts is unknown to its torrent. [LIM-5]
func (s *Session) spare(now bt.Instant, c *conn) bool {
	if c.peer.Struck() {
		s.convict(now, c, clause.TooManyStrikes)
		return false
	}
	return true
}

// convict closes a connection for a violation.
func (s *Session) convict(now bt.Instant, c *conn, v clause.Violation) {
	s.notice(c, v)
	s.hit(v.Clause())
	s.close(now, c, bt.Reason{Cause: bt.Misbehaved, Violation: v})
}

// lost takes the end of a transport that is not our doing. If it ended because more came on it than may wait for us, the peer is to
// blame. [LIM-16]
func (s *Session) lost(now bt.Instant, c *conn, f bt.Fault) {
	if f == bt.Overrun {
		s.convict(now, c, clause.Overrun)
		return
	}
	s.close(now, c, bt.Reason{Cause: bt.Transported, Fault: f})
}

// Allowance is how many bytes may have come on a connection that were not handed over yet: those of the blocks that were asked for, and as
// many besides as other messages can need. A shell whose transport takes in bytes before they are read closes a connection that has more,
// and tells Closed with the fault Overrun. It is 0 when there is no such connection. [LIM-16]
func (s *Session) Allowance(id bt.ConnID) int {
	c := s.conn(id)
	if c == nil {
		return 0
	}
	return c.peer.Allowance()
}

// notice tells of a violation, for a log: the first of its kind on a connection, as a peer that errs once
// may err a thousand times.
func (s *Session) notice(c *conn, v clause.Violation) {
	if c.noticed&(1<<v) != 0 {
		return
	}
	s.own(c).noticed |= 1 << v
	id, _ := c.peer.Torrent()
	s.out.Emit(bt.Effect{Kind: bt.Noticed, Conn: c.peer.ID(), Torrent: id, Addr: c.peer.Addr(),
		Reason: bt.Reason{Cause: bt.Misbehaved, Violation: v}})
}

// act does what a fact asks of the torrent and the session. It tells whether the connection is still there.
func (s *Session) act(now bt.Instant, c *conn, f peerfsm.Fact) bool {
	switch f.Kind {
	case peerfsm.Quiet, peerfsm.More, peerfsm.PieceBegan:
		return true
	case peerfsm.Headed:
		return s.bind(now, c, f.InfoHash)
	case peerfsm.Shaken:
		return s.shaken(now, c)
	case peerfsm.Moved:
		s.preempt(now, c)
		return true
	case peerfsm.Introduced:
		s.introduced(now, c)
	default:
		c.torrent.Act(&c.peer, f)
	}
	if c.torrent.Pointless(&c.peer) {
		s.close(now, c, bt.Reason{Cause: bt.BothSeeds})
		return false
	}
	return true
}

// bind gives an incoming connection the torrent that it names. [TOR-1] [TOR-2]
func (s *Session) bind(now bt.Instant, c *conn, h bt.InfoHash) bool {
	for _, t := range s.torrents {
		if t.Local().InfoHash == h {
			if t.Known().Full(c.peer.Addr().Addr()) {
				s.hit(clause.LIM12)
				s.close(now, c, bt.Reason{Cause: bt.AddressFull})
				return false
			}
			s.hit(clause.TOR1)
			c.peer.Bind(now, t.Local())
			c.torrent = t
			s.shaking.bound(t)
			t.Join(&c.peer)
			c.peer.SetKnown(t.Known().Arrived(c.peer.Addr().Addr()))
			c.peer.Accepted()
			t.Arm(&c.peer)
			return true
		}
	}
	s.hit(clause.TOR2)
	s.close(now, c, bt.Reason{Cause: bt.UnknownTorrent})
	return false
}

// shaken takes a connection whose handshake is done: the peer may be us, or somebody we know already, or one too many.
func (s *Session) shaken(now bt.Instant, c *conn) bool {
	p := &c.peer
	if p.PeerID() == s.cfg.PeerID {
		return s.meetSelf(now, c)
	}
	s.release(c)
	s.forgetEnd(c)
	if !s.unique(now, c) || !s.seat(now, c) {
		return false
	}
	c.torrent.Known().Shaken(p.Known(), p.Transport())
	c.torrent.Greet(p)
	s.startRounds(now)
	return true
}

// payloadRead takes the shell's word that n bytes of payload were read. A block that is whole goes to the disk.
func (s *Session) payloadRead(now bt.Instant, c *conn, n int) {
	if !c.peer.Took(now, n) {
		s.schedule.touch(c)
		return
	}
	s.disk.waiting += c.torrent.Delivered(now, &c.peer)
	s.pauseForDisk(now, c)
	s.schedule.touch(c)
}

// MinTransmit is the least room that Transmit needs, in bytes.
const MinTransmit = peerfsm.MinTransmit

// Transmit encodes into buf what the peer must be told now, as much as fits, and at most one block to follow it. It is
// called when the transport takes bytes, until it gives the Last; called once more all the same, it gives nothing. buf holds at least MinTransmit
// bytes; a shell that was given more than the transport takes at once calls it with none when some of that was taken, so that the peer is seen
// to read, and is told nothing, nor that this was the last. Poll after it.
func (s *Session) Transmit(now bt.Instant, id bt.ConnID, buf []byte) bt.Transmission {
	c := s.conn(id)
	if c == nil {
		return bt.Transmission{Last: true}
	}
	now = max(now, s.out.Now)
	s.out.Now = now
	t := c.peer.Transmit(now, slices.Clip(buf))
	if c.torrent != nil && (t.N > 0 || t.Token != 0) {
		c.torrent.Pump(&c.peer)
	}
	t.Last = len(buf) >= MinTransmit && c.peer.Disarm()
	s.unclog(now, c)
	s.schedule.touch(c)
	s.armRetry(now)
	return t
}

// unclog stops reading from a peer that does not read our answers, and goes on when it does. [LIM-7]
func (s *Session) unclog(now bt.Instant, c *conn) {
	if clogged := c.peer.Clogged(); clogged != c.clogged {
		s.hit(clause.LIM7)
		c.clogged = clogged
		s.hold(now, c, clogged || c.paused)
	}
}

// hold tells the shell to stop or to go on reading; meanwhile nothing is held against the peer. [TMR-13]
func (s *Session) hold(now bt.Instant, c *conn, stop bool) {
	if stop == c.peer.Held() {
		return
	}
	if stop {
		s.hit(clause.TMR13)
		c.peer.Hold(now)
		s.out.Emit(bt.Effect{Kind: bt.PauseRead, Conn: c.peer.ID()})
	} else {
		c.peer.Unhold(now)
		s.out.Emit(bt.Effect{Kind: bt.ResumeRead, Conn: c.peer.ID()})
	}
	s.schedule.touch(c)
}

// close ends a connection and gives back all it held.
func (s *Session) close(now bt.Instant, c *conn, why bt.Reason) {
	p := &c.peer
	s.conns.Delete(p.ID())
	s.schedule.remove(c)
	s.release(c)
	s.acquit(c)
	if tok := p.Token(); tok != 0 {
		s.out.Emit(bt.Effect{Kind: bt.Release, Token: tok})
	}
	if why.Cause != bt.Transported && !p.Queued() {
		s.out.Emit(bt.Effect{Kind: bt.Close, Conn: p.ID(), Reason: why})
	}
	s.forgetEnd(c)
	s.disown(c)
	if c.torrent == nil {
		p.Close(now)
		p.Retire()
		return
	}
	s.remember(now, c, why)
	held := !p.Choked()
	c.torrent.Leave(p)
	if held {
		s.fill(now)
	}
}
