package validate

import (
	"errors"
	"fmt"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// probe looks at a crowd while it lives, and says in the end what it saw.
type probe interface {
	look(c *crowd.Crowd)
	figures(c *crowd.Crowd) Figures
}

// swarm is a point that is a scenario, which a new probe looks at every so often.
func swarm(name, scene string, every time.Duration, anew func(s *scenario.Scenario) probe) Point {
	return Point{Name: name, Scene: scene, run: func(p *Point, seed uint64, see See) (Figures, error) {
		s, err := scenario.Read(p.Name+".toml", []byte(p.Scene))
		if err != nil {
			return nil, fmt.Errorf("BUG: %w", err)
		}
		s.Seed = seed
		c, eye := crowd.New(s, nil), anew(s)
		for !c.Over() {
			if err := c.Run(c.Now().Add(every)); err != nil {
				return nil, err
			}
			eye.look(c)
			if err := see(c.Now(), bt.Instant(s.Until), c.Counts().Present); err != nil {
				return nil, err
			}
		}
		if err := c.Check(); err != nil {
			return nil, err
		}
		if b := boundOf(c); b.beaten() {
			return nil, errBeaten
		}
		return eye.figures(c), nil
	}}
}

var errBeaten = errors.New("the swarm was faster than any swarm can be")

// bound is the least time in which a file can be brought to everybody (Kumar and Ross), and what it took.
type bound struct {
	least, took time.Duration
	mean        time.Duration // to a peer
	all         bool          // everybody has it
}

func (b *bound) beaten() bool { return b.all && b.took < b.least }

// over is how many times the least it took.
func (b *bound) over() Milli {
	return ratio(int64(b.took/time.Microsecond), int64(b.least/time.Microsecond))
}

// boundOf counts from the beginning, so it is the least also for peers who come later: the file over the rate of all seeds, over the least rate
// at which somebody receives, and all copies over the rate of all.
func boundOf(c *crowd.Crowd) bound {
	size := c.Torrent().Geometry.Total
	seeds, all, slowest, n := int64(0), int64(0), int64(1<<62), int64(0)
	b := bound{all: true}
	for i := range c.Len() {
		m := c.Member(i)
		all += int64(m.Group.Up)
		if m.Group.Share == 100 {
			seeds += int64(m.Group.Up)
			continue
		}
		if n++; m.Group.Share > 0 || m.Completed == bt.Never {
			b.all = false
			continue
		}
		if down := int64(m.Group.Down); down > 0 {
			slowest = min(slowest, down)
		}
		b.took = max(b.took, time.Duration(m.Completed))
		b.mean += time.Duration(m.Completed)
	}
	b.mean /= time.Duration(max(1, n))
	b.least = max(taking(size, slowest), taking(size, seeds), taking(size*n, all))
	return b
}

// taking is how long bytes take at a rate.
func taking(size, rate int64) time.Duration {
	rate = max(1, rate)
	return time.Duration(size/rate)*time.Second + time.Duration(size%rate)*time.Second/time.Duration(rate)
}
