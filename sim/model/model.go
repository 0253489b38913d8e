package model

import (
	"fmt"
	"slices"

	"peerwire/core/bt"
)

// Model is all that SPEC.md allows a session to be, after what was seen of it.
type Model struct {
	worlds []*world // the likeliest first
}

// maxWays is how many ways through one step are tried, and maxWorlds how many of those that agree are followed on.
const (
	maxWays   = 4000
	maxWorlds = 24
)

// New is the model of a session that was told cfg and nothing else.
func New(cfg bt.Config) *Model { return &Model{worlds: []*world{newWorld(cfg)}} }

// Follow takes one step, and says what in it disagrees with SPEC.md; nil when there is a way in which it agrees. After it disagreed,
// the model stays where it was before.
func (m *Model) Follow(s *Step) error {
	var first error
	var next []*world
	var keys []string
	for _, w := range m.worlds {
		g := &guide{}
		for way, more := 0, true; more && way < maxWays && len(next) < maxWorlds; way++ {
			tried := w.clone()
			tried.guide = g
			tried.step(s)
			if first == nil {
				first = tried.err
			}
			if tried.err == nil {
				next, keys = tried.join(next, keys)
			}
			more = g.again()
		}
	}
	if len(next) == 0 {
		return first
	}
	m.worlds = next
	return nil
}

// join adds a world to those that agree, unless one of them is the same.
func (w *world) join(list []*world, keys []string) ([]*world, []string) {
	w.guide = nil
	if len(list) == 0 {
		return append(list, w), keys
	}
	if len(keys) == 0 {
		keys = append(keys, list[0].key())
	}
	key := w.key()
	if slices.Contains(keys, key) {
		return list, keys
	}
	return append(list, w), append(keys, key)
}

// key is all there is to know of a world, as text.
func (w *world) key() string { return fmt.Sprintf("%+v", *w) }

// Deadlines lists when something is due, the earliest first.
func (m *Model) Deadlines() (list []bt.Instant) {
	for _, d := range m.worlds[0].deadlines() {
		list = append(list, d.at)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Outstanding lists the requests that a peer was told and has not answered, withdrawn ones included.
func (m *Model) Outstanding(id bt.ConnID) (list []bt.Block) {
	if c := m.worlds[0].conn(id); c != nil {
		for i := range c.asks {
			list = append(list, c.asks[i].block)
		}
		list = append(list, c.memory...)
	}
	return list
}
