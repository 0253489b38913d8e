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
		s.Seed = scenario.Seed(seed)
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
		if come, most := c.Flow(); come > most {
			return nil, errBeaten
		}
		if s.Until == scenario.New().Until && c.Now() >= bt.Instant(s.Until) {
			return nil, errEndless
		}
		return eye.figures(c), nil
	}}
}

// What must not be: more has come than can, and a swarm that is to end when everybody has everything does not.
var (
	errBeaten  = errors.New("the swarm was faster than any swarm can be")
	errEndless = errors.New("not everybody was complete in the time that a run has")
)
