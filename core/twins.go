package core

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// twinWait is how long the other side has to end one of two connections, where that is for it to do. [DUP-3] [DUP-7]
const twinWait = 10 * time.Second

// sentence is a connection that is to end unless the other side ends it, or what it is too much for, before.
type sentence struct {
	at   bt.Instant
	conn *conn
	why  bt.Cause
}

// unique settles which of several connections to one peer stay, now that the handshake of c is done. It is false when c ends.
// [DUP-2] [DUP-3]
func (s *Session) unique(now bt.Instant, c *conn) bool {
	var losers []*conn
	undecided := false
	for _, twin := range s.twins(c) {
		switch loser := s.loser(c, twin); loser {
		case c:
			s.close(now, c, bt.Reason{Cause: bt.Duplicate})
			return false
		case nil:
			undecided = true
		default:
			losers = append(losers, loser)
		}
	}
	for _, loser := range losers {
		s.close(now, loser, bt.Reason{Cause: bt.Duplicate})
	}
	if undecided {
		s.sentence(now, c, bt.Duplicate)
	}
	return true
}

// twins lists the other open connections of the torrent to the same peer, the oldest first.
func (s *Session) twins(c *conn) (all []*conn) {
	c.torrent.Peers(func(p *peerfsm.Peer) {
		if p != &c.peer && p.Open() && p.PeerID() == c.peer.PeerID() {
			all = append(all, s.conn(p.ID()))
		}
	})
	return all
}

// loser tells which of two connections to one peer ends: the one that the side with the smaller peer id opened, so that both ends keep
// the same. When one side opened both, the other decides, in whose order they came to it; so it is the younger, or nobody here. [DUP-2]
// [DUP-3]
func (s *Session) loser(c, twin *conn) *conn {
	ours := c.peer.LocalConnection()
	if ours == twin.peer.LocalConnection() {
		s.hit(clause.DUP3)
		if ours {
			return nil
		}
		return c
	}
	s.hit(clause.DUP2)
	id := c.peer.PeerID()
	if ours == (bytes.Compare(s.cfg.PeerID[:], id[:]) > 0) {
		return twin
	}
	return c
}

// meetSelf takes a connection to ourselves whose handshake is done. It closes both its ends, where it knows them, and sees to it that
// the address is not dialled again. The end that was dialled hears its own id first. When its other end is not to be found, because
// some box on the way has changed the address, it waits until that has heard its own id too. [DUP-1] [DUP-7]
func (s *Session) meetSelf(now bt.Instant, c *conn) bool {
	s.hit(clause.DUP1)
	other := c
	waiting := false
	for _, e := range s.ends {
		if e.conn != c && e.conn.torrent == c.torrent {
			waiting = true
			if e.local == c.peer.Addr() {
				other = e.conn
			}
		}
	}
	if other == c && waiting && !c.peer.LocalConnection() {
		s.hit(clause.DUP7)
		c.mirror = true
		s.sentence(now, c, bt.SelfConnection)
		return true
	}
	if other.peer.LocalConnection() {
		c.torrent.Known().Self(other.peer.Known())
	}
	if other != c {
		s.close(now, other, bt.Reason{Cause: bt.SelfConnection})
	}
	s.close(now, c, bt.Reason{Cause: bt.SelfConnection})
	return false
}

// end is our end of a connection that we dialled.
type end struct {
	conn  *conn
	local netip.AddrPort
}

// forgetEnd forgets where our end of a connection is: its handshake is done, or it has ended.
func (s *Session) forgetEnd(c *conn) {
	if len(s.ends) == 0 {
		return
	}
	s.ends = slices.DeleteFunc(s.ends, func(e end) bool { return e.conn == c })
	if len(s.ends) == 0 { // as when all were dialled that were known: for long nobody is
		s.ends = nil
	}
}

// sentence lets a connection end in a while.
func (s *Session) sentence(now bt.Instant, c *conn, why bt.Cause) {
	c.sentenced = true
	s.sentences = append(s.sentences, sentence{now.Add(twinWait), c, why})
	s.schedule.own[bt.TimerTwin] = s.sentences[0].at
}

// acquit takes a sentence back: the connection has ended.
func (s *Session) acquit(c *conn) {
	if c.sentenced {
		c.sentenced = false
		s.sentences = slices.DeleteFunc(s.sentences, func(o sentence) bool { return o.conn == c })
		s.nextSentence()
	}
}

func (s *Session) nextSentence() {
	s.schedule.own[bt.TimerTwin] = 0
	if len(s.sentences) > 0 {
		s.schedule.own[bt.TimerTwin] = s.sentences[0].at
	}
}

// execute closes the connections whose time has come: those to ourselves, and those that have an older twin still.
func (s *Session) execute(now bt.Instant) {
	for len(s.sentences) > 0 && s.sentences[0].at <= now {
		o := s.sentences[0]
		s.sentences = append(s.sentences[:0], s.sentences[1:]...)
		o.conn.sentenced = false
		older := slices.ContainsFunc(s.twins(o.conn), func(twin *conn) bool { return !twin.sentenced })
		if o.why == bt.SelfConnection || older {
			s.close(now, o.conn, bt.Reason{Cause: o.why})
		}
	}
	s.nextSentence()
}
