package model

import (
	"fmt"
	"slices"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// maxEffects is how many of the effects of a step are told of.
const maxEffects = 12

// want says that an effect must be seen in this step.
func (w *world) want(format string, args ...any) {
	w.wanted = append(w.wanted, fmt.Sprintf(format, args...))
}

// judgeEffects looks whether what was seen is what had to be.
func (w *world) judgeEffects() {
	var seen []string
	for i := range w.seen.Effects {
		if e := &w.seen.Effects[i]; e.Kind == bt.Fetch {
			w.fetches(e)
		}
	}
	for _, s := range w.dropped {
		if s.token != 0 && s.state != accepted {
			w.releases(s.token)
		}
	}
	for i := range w.seen.Effects {
		e := &w.seen.Effects[i]
		if e.Kind == bt.WantWrite {
			w.wantsWrite(e)
		} else if text := effect(e); text != "" {
			seen = append(seen, text)
		}
	}
	slices.Sort(seen)
	slices.Sort(w.wanted)
	if slices.Equal(seen, w.wanted) {
		return
	}
	w.fail(about(without(seen, w.wanted), without(w.wanted, seen)), "not wanted: %s; missing: %s", list(without(seen, w.wanted)), list(without(w.wanted, seen)))
}

// about is the clause under which a difference of effects is filed.
func about(more, less []string) clause.ID {
	for _, f := range []struct {
		word string
		id   clause.ID
	}{
		{"close", clause.FLG4}, {"noticed", clause.LIM5}, {"need", clause.FRM6}, {"store", clause.MSG20}, {"verify", clause.PCK11},
		{"release", clause.MSG20}, {"passed", clause.PCK11}, {"completed", clause.PCK11}, {"stalled", clause.PCK10},
		{"banned", clause.TRU7}, {"pause", clause.LIM7}, {"resume", clause.LIM7},
	} {
		if strings.HasPrefix(strings.Join(append(slices.Clone(more), less...), " "), f.word) {
			return f.id
		}
	}
	return clause.FRM2
}

func list(texts []string) string { return strings.Join(texts[:min(len(texts), maxEffects)], ", ") }

// without is what stands in a and not in b, as often as it stands there more.
func without[T comparable](a, b []T) (rest []T) {
	b = slices.Clone(b)
	for _, v := range a {
		if i := slices.Index(b, v); i >= 0 {
			b = slices.Delete(b, i, i+1)
			continue
		}
		rest = append(rest, v)
	}
	return rest
}

// effect is an effect as text, as want says it; empty for those that are looked at elsewhere.
func effect(e *bt.Effect) string {
	switch e.Kind {
	case bt.Need:
		switch e.Want {
		case bt.WantBytes:
			return fmt.Sprintf("need %v %d bytes", e.Conn, e.N)
		case bt.WantPayload:
			return fmt.Sprintf("need %v %d payload %d %d", e.Conn, e.N, e.Size, e.Token)
		}
		return fmt.Sprintf("need %v %d discard %d", e.Conn, e.N, e.Size)
	case bt.Close:
		why := e.Reason
		why.Rank, why.Above = 0, 0 // the numbers of DIA-14 are not modelled
		return fmt.Sprintf("close %v: %v", e.Conn, why)
	case bt.PauseRead:
		return fmt.Sprintf("pause %v", e.Conn)
	case bt.ResumeRead:
		return fmt.Sprintf("resume %v", e.Conn)
	case bt.Store:
		return fmt.Sprintf("store %d %d %v", e.Torrent, e.Token, e.Block)
	case bt.Release:
		return fmt.Sprintf("release %d", e.Token)
	case bt.Verify:
		return fmt.Sprintf("verify %d %d %t", e.Torrent, e.Piece, e.Sums)
	case bt.Passed:
		return fmt.Sprintf("passed %d %d", e.Torrent, e.Piece)
	case bt.Completed:
		return fmt.Sprintf("completed %d", e.Torrent)
	case bt.Stalled:
		return fmt.Sprintf("stalled %d %v", e.Torrent, e.Fault)
	case bt.Banned:
		return fmt.Sprintf("banned %v until %v: %v", e.Addr.Addr(), e.Until, e.Reason)
	case bt.Noticed:
		return fmt.Sprintf("noticed %v %v", e.Conn, e.Reason.Violation)
	}
	return ""
}

// wantsWrite takes it that room to write is asked for: once, and not again before there is nothing to write. [ANN-5]
func (w *world) wantsWrite(e *bt.Effect) {
	c := w.conn(e.Conn)
	switch {
	case c == nil && slices.Contains(w.gone, e.Conn):
	case c == nil:
		w.fail(clause.ANN5, "%v is not there, and wants to write", e.Conn)
	case c.armed:
		w.fail(clause.ANN5, "%v asks for room to write twice", e.Conn)
	default:
		c.armed, c.takenAt = true, w.now
	}
}

// fetches takes it that a block is read to be sent: for a request that was accepted, once. [MSG-16] [PCK-11]
func (w *world) fetches(e *bt.Effect) {
	b := buffer{token: e.Token, use: fetching, conn: e.Conn, torrent: e.Torrent, block: e.Block}
	given := slices.ContainsFunc(w.seen.Effects, func(o bt.Effect) bool { return o.Kind == bt.Release && o.Token == e.Token })
	c := w.conn(e.Conn)
	from := &w.dropped
	if c != nil && !given {
		from = &c.queue
	}
	for i := range *from {
		if s := &(*from)[i]; s.block == e.Block && s.state == accepted {
			s.state, s.token = reading, e.Token
			w.buffers = append(w.buffers, b)
			return
		}
	}
	queue := w.dropped
	if c != nil {
		queue = append(slices.Clone(queue), c.queue...)
	}
	if given && slices.ContainsFunc(queue, func(s serve) bool { return s.block == e.Block }) {
		w.want("release %d", e.Token) // let go at once [ANN-7]
		return
	}
	w.fail(clause.MSG16, "%v: %v is read, and was not asked for", e.Conn, e.Block)
}
