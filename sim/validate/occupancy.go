package validate

import (
	"time"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// occupancy is the probe that counts who is there.
type occupancy struct {
	every    time.Duration
	from     bt.Instant // what was before does not count for the means
	origins  int        // seeds that are always there, and do not count
	leeches  []int64    // at each look from then on
	seeds    []int64
	complete bt.Instant // downloads that began later than this may not be over
}

func (o *occupancy) look(c *crowd.Crowd) {
	if c.Now() < o.from {
		return
	}
	n := c.Counts()
	o.leeches = append(o.leeches, int64(n.Present-n.Seeds))
	o.seeds = append(o.seeds, int64(n.Seeds-o.origins))
}

// meanOf is the mean of counts.
func meanOf(of []int64) Milli {
	sum := int64(0)
	for _, n := range of {
		sum += n
	}
	return ratio(sum, int64(len(of)))
}

// slope is the growth of counts, peers an hour, by least squares.
func slope(of []int64, every time.Duration) Milli {
	n := int64(len(of))
	var up, across int64
	for i, v := range of {
		x := 2*int64(i) - (n - 1) // twice the distance from the middle
		up += x * v
		across += x * x
	}
	return ratio(2*up*int64(time.Hour/every), across)
}

// download is the mean time of the downloads that began after the time from and well before the end.
func (o *occupancy) download(c *crowd.Crowd) Milli {
	sum, n := time.Duration(0), int64(0)
	for i := range c.Len() {
		if m := c.Member(i); m.Arrived >= o.from && m.Arrived < o.complete && m.Completed != bt.Never {
			sum, n = sum+m.Completed.Sub(m.Arrived), n+1
		}
	}
	return ratio(int64(sum/time.Millisecond), n*int64(one))
}

// club is how many of those who are there lack the same single piece, of all who are there and not complete, and how many copies of the
// rarest piece leeches hold, over their number.
func club(c *crowd.Crowd, s *scenario.Scenario) (single, rarest Milli) {
	pieces := s.Torrent.Geometry().NumPieces()
	lacking, copies := make([]int64, pieces), make([]int64, pieces)
	n := int64(0)
	for i := range c.Len() {
		m := c.Member(i)
		if m.Node == nil || m.Completed != bt.Never || m.Group.Share == 100 {
			continue
		}
		n++
		has := m.Node.Pieces(c.Torrent())
		for p := range pieces {
			if has.Test(uint(p)) {
				copies[p]++
			} else if has.Count() == uint(pieces)-1 {
				lacking[p]++
			}
		}
	}
	most, least := int64(0), n
	for p := range pieces {
		most, least = max(most, lacking[p]), min(least, copies[p])
	}
	return ratio(most, n), ratio(least, n)
}
