package main

import (
	"path"
	"path/filepath"
	"strings"

	"peerwire/cmd/internal/command"
	sought "peerwire/sim/campaign"
	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
)

// source is where runs come from: a scenario, or chance.
type source struct {
	name  string
	scene *scenario.Scenario // nil for random ones
}

// sources are those of a campaign, all of which are read before anything runs.
func (c *campaign) sources() ([]source, error) {
	if c.globs == "" {
		return []source{{name: sought.Random}}, nil
	}
	var names []string
	for _, name := range scenarios.Names() {
		ok, err := path.Match(c.globs, name)
		if err != nil {
			return nil, command.Misuse("campaign: option --scenarios: %q: %v", c.globs, err)
		}
		if ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		found, err := filepath.Glob(c.globs)
		if err != nil {
			return nil, command.Misuse("campaign: option --scenarios: %q: %v", c.globs, err)
		}
		for _, name := range found {
			if strings.HasSuffix(name, ".toml") {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil, command.Misuse("campaign: option --scenarios: %q matches no scenario that ships, and no file that ends in .toml", c.globs)
	}
	var list []source
	for _, name := range names {
		s, err := loadScenario("campaign", name)
		if err != nil {
			return nil, err
		}
		list = append(list, source{name: name, scene: s})
	}
	return list, nil
}

// order is a run that is to be: which scenario, with which seed.
type order struct {
	source *source
	seed   uint64
}

// orders gives all runs of this shard, one seed of all scenarios after the other.
func (c *campaign) orders(sources []source) func(yield func(order) bool) {
	return func(yield func(order) bool) {
		nth := uint64(0)
		for seed := c.from; ; seed++ {
			for i := range sources {
				o := order{&sources[i], seed}
				if c.from == 0 {
					o.seed = uint64(sources[i].scene.Seed)
				}
				if nth++; (nth-1)%c.shards == c.shard && !yield(o) {
					return
				}
			}
			if seed == c.to {
				return
			}
		}
	}
}

// scenario is what an order's run is of, and which features it was drawn with.
func (o *order) scenario() (*scenario.Scenario, []string) {
	if o.source.scene == nil {
		s, mask := sought.Draw(o.seed)
		return s, mask.Names()
	}
	s := *o.source.scene
	s.Seed = scenario.Seed(o.seed)
	return &s, []string{}
}
