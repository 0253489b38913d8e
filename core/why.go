package core

import (
	"strings"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// Explanation is why one flag of a connection stands as it does. [WHY-3]
type Explanation struct {
	Flag  peerfsm.Flag
	Is    bool       // how it stands
	Why   bt.Why     // since when, for which reason, and by which numbers
	Next  bt.Instant // when Timer may change it; bt.Never if no deadline of ours can
	Timer bt.Timer
}

// Why explains the sixteen flags of a connection, in the order of the flags; false when there is no such connection. It
// changes nothing. [WHY-3]
func (s *Session) Why(id bt.ConnID) (all [peerfsm.NumFlags]Explanation, ok bool) {
	c := s.conn(id)
	if c == nil {
		return all, false
	}
	s.hit(clause.WHY3)
	state := c.peer.State()
	for f := range peerfsm.NumFlags {
		e := Explanation{Flag: f, Is: state.Is(f), Why: c.peer.Why(f), Next: bt.Never}
		if e.Timer = s.changer(f, &state); e.Timer != bt.NoTimer {
			e.Next = s.due(c, e.Timer)
		}
		if f == peerfsm.OptimisticUnchoke && state.Choked() && e.Timer == bt.TimerOptimistic {
			e.Next = s.optimisticTurn(c)
		}
		all[f] = e
	}
	return all, true
}

// changer is the timer that may change a flag from what it is; NoTimer when none can.
func (s *Session) changer(f peerfsm.Flag, state *peerfsm.State) bt.Timer {
	switch {
	case f == peerfsm.Connecting && state.Connecting():
		return bt.TimerConnect
	case f == peerfsm.Handshake && state.Handshake():
		return bt.TimerHandshake
	case f == peerfsm.Snubbed && !state.Snubbed():
		return bt.TimerRequest
	case !state.RemoteInterested(): // who is not interested waits for no slot
		return bt.NoTimer
	case f == peerfsm.OptimisticUnchoke && !(state.OptimisticUnchoke() || state.Choked()):
		return bt.NoTimer
	case f == peerfsm.OptimisticUnchoke, f == peerfsm.Choked && s.schedule.own[bt.TimerOptimistic] < s.schedule.own[bt.TimerRechoke]:
		return bt.TimerOptimistic
	case f == peerfsm.Choked:
		return bt.TimerRechoke
	}
	return bt.NoTimer
}

// due is the deadline of a timer, the session's or the connection's own; bt.Never when it does not run.
func (s *Session) due(c *conn, name bt.Timer) bt.Instant {
	if name < bt.TimerRechoke {
		return c.peer.Due(name)
	}
	if at := s.schedule.own[name]; at != 0 {
		return at
	}
	return bt.Never
}

// words say how a flag stands when it is true, and when it is false.
var words = [peerfsm.NumFlags][2]string{
	peerfsm.Queued: {"queued", "not queued"}, peerfsm.Connecting: {"connecting", "not connecting"},
	peerfsm.Handshake: {"in handshake", "not in handshake"}, peerfsm.Torrent: {"torrent known", "torrent unknown"},
	peerfsm.LocalConnection: {"dialled by us", "dialled by the peer"}, peerfsm.SupportExtensions: {"extensions", "no extensions"},
	peerfsm.Choked: {"choked", "unchoked"}, peerfsm.OptimisticUnchoke: {"optimistic slot", "no optimistic slot"},
	peerfsm.Interesting: {"interesting", "not interesting"}, peerfsm.RemoteChoked: {"chokes us", "does not choke us"},
	peerfsm.RemoteInterested: {"interested", "not interested"}, peerfsm.Snubbed: {"snubbed", "not snubbed"},
	peerfsm.OnParole: {"on parole", "not on parole"}, peerfsm.Pieces: {"pieces known", "pieces unknown"},
	peerfsm.Seed: {"seed", "not a seed"}, peerfsm.UploadOnly: {"upload-only", "not upload-only"},
}

// nexts say what a timer brings that may change a flag.
var nexts = map[bt.Timer]string{
	bt.TimerConnect: "given up", bt.TimerHandshake: "closed", bt.TimerRequest: "snubbed",
	bt.TimerRechoke: "next round", bt.TimerOptimistic: "optimistic turn",
}

// Text says it in words: how the flag stands, for how long, why, and what may change it when.
func (e *Explanation) Text(now bt.Instant) string {
	var b strings.Builder
	stands := words[e.Flag][1]
	if e.Is {
		stands = words[e.Flag][0]
	}
	b.WriteString(stands + " for " + bt.InWords(now.Sub(e.Why.Since)) + ": " + e.Why.Text())
	if e.Next != bt.Never {
		b.WriteString("; " + nexts[e.Timer] + " in " + bt.InWords(e.Next.Sub(now)))
	}
	return b.String() + " [" + e.Why.Because.Clause().String() + "]"
}
