package script

import (
	"fmt"
	"slices"
	"strconv"
	"unicode"

	"peerwire/core/wire"
	"peerwire/sim"
)

// answers lets a scripted peer answer the requests that it was sent, the oldest first: all, or so many, or those for one piece; or the one for a block.
func (s *Script) answers(r *sim.Raw, c *command, _ string) (string, error) {
	name, _ := c.value("torrent")
	t, err := s.torrent(name)
	if err != nil {
		return "", err
	}
	run := sim.Run{Torrent: t.ID, Lie: c.lie()}
	if len(c.words) > 0 && c.words[0] != "" && unicode.IsDigit(rune(c.words[0][0])) {
		return "", s.answersBlock(r, t, run, c)
	}
	reject, n := c.flag("reject"), c.number("n", -1)
	only, oneOnly := c.value("only")
	asked := slices.Clone(r.Asked())
	if len(asked) == 0 {
		return "", fmt.Errorf("it was asked for nothing")
	}
	for _, b := range asked {
		if n == 0 || oneOnly && strconv.FormatUint(uint64(b.Piece), 10) != only {
			continue
		}
		n--
		r.Answered(b)
		run.Range = b
		s.answer(r, run, reject)
	}
	if n > 0 {
		return "", fmt.Errorf("it was asked for less")
	}
	return "", nil
}

// answersBlock lets a scripted peer answer the request for one block: "0 @16384", with to=100 the head and so many bytes of it, and with from=100 what follows.
func (s *Script) answersBlock(r *sim.Raw, t *sim.Torrent, run sim.Run, c *command) error {
	from, to, reject := c.number("from", -1), c.number("to", -1), c.flag("reject")
	b, err := c.block(t)
	if err != nil {
		return err
	}
	if from < 0 {
		if !slices.Contains(r.Asked(), b) {
			return errUnasked
		}
		r.Answered(b)
		if reject {
			r.Write(wire.AppendReject(nil, b))
			return nil
		}
		r.Write(wire.AppendPieceHeader(nil, b))
		s.begun[r] = b
	} else if s.begun[r] != b {
		return errUnasked
	}
	from = max(0, from)
	if to < 0 {
		to = int(b.Length)
	}
	if to > int(b.Length) || from > to {
		return fmt.Errorf("there is no such part of %v", b)
	}
	if run.Range = b; from < to {
		run.Range.Begin, run.Range.Length = b.Begin+uint32(from), uint32(to-from)
		r.WritePayload(run)
	}
	return nil
}

func (s *Script) answer(r *sim.Raw, run sim.Run, reject bool) {
	if reject {
		r.Write(wire.AppendReject(nil, run.Range))
		return
	}
	r.Write(wire.AppendPieceHeader(nil, run.Range))
	r.WritePayload(run)
}
