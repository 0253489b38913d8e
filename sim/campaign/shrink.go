package campaign

import (
	"strings"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/scenario"
)

// Shrinker makes a scenario that fails as small as it can, the failed checker staying the same.
type Shrinker struct {
	Options Options // of the run that failed; its Enough is for all runs together
	Runs    int     // that it took
	Late    bool    // there was no more time: it may be made smaller still

	scene   *scenario.Scenario
	verdict Verdict
}

// Shrink gives the smallest scenario that was found, and its verdict. What it is given has failed.
func (k *Shrinker) Shrink(s *scenario.Scenario, v Verdict) (*scenario.Scenario, Verdict) {
	k.scene, k.verdict = copied(s), v
	if v.Checker != Endless {
		k.Options.Most = v.Events + v.Events/2 + 1000 // a smaller one that takes longer is not wanted
	}
	k.cut()
	k.leap()
	for again := true; again && !k.over(); {
		again = k.fewer()
		again = k.simpler() || again
		again = k.sooner() || again
	}
	k.cut()
	return k.scene, k.verdict
}

func (k *Shrinker) over() bool {
	k.Late = k.Late || k.Options.Enough != nil && k.Options.Enough()
	return k.Late
}

// copied is a scenario that shares nothing with another. What is written of it is what counts.
func copied(s *scenario.Scenario) *scenario.Scenario {
	again, err := scenario.Read(s.Name+".toml", scenario.Write(s))
	if err != nil {
		panic("BUG: what was written cannot be read: " + err.Error())
	}
	return again
}

// How many other seeds a smaller scenario is tried with, which fails no more with its own: none when it is not so much smaller that it is worth it,
// and many when it is very much smaller.
const (
	ownSeed    = 0
	otherSeeds = 5
	manySeeds  = 30
)

// try takes a change over when the scenario fails as before with it, or with one of so many other seeds.
func (k *Shrinker) try(seeds uint64, change func(s *scenario.Scenario) bool) bool {
	s := copied(k.scene)
	if k.over() || !change(s) {
		return false
	}
	text := scenario.Write(s)
	s, err := scenario.Read(s.Name+".toml", text)
	if err != nil || string(text) == string(scenario.Write(k.scene)) {
		return false
	}
	own := s.Seed
	for i := range 1 + seeds {
		if k.over() {
			return false
		}
		if s.Seed = own; i > 0 {
			s.Seed = scenario.Seed(i)
		}
		k.Runs++
		v := Run(s, k.Options)
		if v.Checker == k.verdict.Checker {
			k.scene, k.verdict = s, v
			return true
		}
		k.Late = k.Late || v.Late
	}
	return false
}

// cut ends the run when it has failed.
func (k *Shrinker) cut() {
	k.try(ownSeed, func(s *scenario.Scenario) bool {
		end := scenario.Span((k.verdict.Virtual/time.Second + 1) * time.Second)
		if end >= s.Until {
			return false
		}
		s.Until = end
		return true
	})
}

// leap tries at once what fewer comes to step by step, as a large scenario takes long each time: one peer of each kind, or two, and few
// pieces.
func (k *Shrinker) leap() {
	for peers := 1; peers <= 2; peers++ {
		if k.try(manySeeds, func(s *scenario.Scenario) bool {
			for i := range s.Groups {
				s.Groups[i].Count = min(s.Groups[i].Count, peers)
			}
			s.Torrent.Size = s.Torrent.Piece * scenario.Size(min(s.Torrent.Geometry().NumPieces(), fewPieces))
			return true
		}) {
			return
		}
	}
}

// fewPieces is how many pieces a small scenario has.
const fewPieces = 4

// fewer leaves out peers and pieces.
func (k *Shrinker) fewer() (better bool) {
	for i := len(k.scene.Groups) - 1; i >= 0 && len(k.scene.Groups) > 1; i-- {
		better = k.try(otherSeeds, func(s *scenario.Scenario) bool {
			s.Groups = append(s.Groups[:i], s.Groups[i+1:]...)
			return true
		}) || better
	}
	for i := range k.scene.Groups {
		better = k.least(int64(k.scene.Groups[i].Count), 1, func(s *scenario.Scenario, n int64) { s.Groups[i].Count = int(n) }) || better
	}
	better = k.least(int64(k.scene.Torrent.Geometry().NumPieces()), 1, func(s *scenario.Scenario, n int64) {
		s.Torrent.Size = scenario.Size(n) * s.Torrent.Piece
	}) || better
	blocks := int64((k.scene.Torrent.Piece + bt.BlockSize - 1) / bt.BlockSize)
	return k.least(blocks, 1, func(s *scenario.Scenario, n int64) {
		pieces := s.Torrent.Geometry().NumPieces()
		s.Torrent.Piece = scenario.Size(n * bt.BlockSize)
		s.Torrent.Size = s.Torrent.Piece * scenario.Size(pieces)
	}) || better
}

// least makes a number as small as it can: the smallest, half, one less.
func (k *Shrinker) least(n, smallest int64, set func(s *scenario.Scenario, n int64)) (better bool) {
	for n > smallest {
		found := false
		for _, to := range []int64{smallest, n / 2, n - 1} {
			if to < n && to >= smallest && k.try(otherSeeds, func(s *scenario.Scenario) bool { set(s, to); return true }) {
				n, found, better = to, true, true
				break
			}
		}
		if !found {
			break
		}
	}
	return better
}

// simpler leaves out what a scenario need not say: whole tables, then keys. It knows nothing of what they mean.
func (k *Shrinker) simpler() (better bool) {
	for i := 0; i < strings.Count(string(scenario.Write(k.scene)), "\n"); {
		done := k.try(ownSeed, func(s *scenario.Scenario) bool {
			lines := strings.Split(string(scenario.Write(s)), "\n")
			if i >= len(lines) || kept(lines[i]) {
				return false
			}
			to := i + 1
			for strings.HasPrefix(lines[i], "[") && to < len(lines) && !strings.HasPrefix(lines[to], "[") {
				to++
			}
			less, err := scenario.Read(s.Name+".toml", []byte(strings.Join(append(lines[:i:i], lines[to:]...), "\n")))
			if err != nil {
				return false
			}
			*s = *less
			return true
		})
		if better = better || done; !done {
			i++
		}
	}
	return better
}

// kept tells whether a line is not to be left out: the scenario would be larger without it, or fewer looks for less.
func kept(line string) bool {
	key, _, _ := strings.Cut(line, " =")
	switch key {
	case "", "seed", "until", "size", "piece", "name", "count", "[[peers]]", "[torrent]":
		return true
	}
	return false
}

// sooner lets peers arrive at once, and makes long times short.
func (k *Shrinker) sooner() (better bool) {
	for i := range k.scene.Groups {
		g := &k.scene.Groups[i]
		for _, f := range []struct {
			is scenario.Span
			at func(s *scenario.Scenario) *scenario.Span
		}{
			{g.Arrive, func(s *scenario.Scenario) *scenario.Span { return &s.Groups[i].Arrive }},
			{g.Within, func(s *scenario.Scenario) *scenario.Span { return &s.Groups[i].Within }},
			{g.Every, func(s *scenario.Scenario) *scenario.Span { return &s.Groups[i].Every }},
		} {
			set := func(s *scenario.Scenario, n int64) { *f.at(s) = scenario.Span(n) * scenario.Span(time.Second) }
			better = k.least(int64(f.is)/int64(time.Second), 0, set) || better
		}
	}
	return better
}
