package script

import (
	"fmt"
	"slices"
	"strconv"

	"peerwire/core/wire"
	"peerwire/sim"
)

// answers lets a scripted peer answer the requests that it was sent, the oldest first: all, or so many, or those for one piece.
func (s *Script) answers(r *sim.Raw, c *command, _ string) (string, error) {
	name, _ := c.value("torrent")
	t, err := s.torrent(name)
	if err != nil {
		return "", err
	}
	run := sim.Run{InfoHash: t.InfoHash, Bad: c.flag("bad"), Lie: c.number("lie", 0)}
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

func (s *Script) answer(r *sim.Raw, run sim.Run, reject bool) {
	if reject {
		r.Write(wire.AppendReject(nil, run.Range))
		return
	}
	r.Write(wire.AppendPieceHeader(nil, run.Range))
	r.WritePayload(run)
}
