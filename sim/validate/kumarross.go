package validate

import (
	"fmt"
	"time"

	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// clock is the probe that only takes the time.
type clock struct{}

func (clock) look(*crowd.Crowd) {}

// figures are the time until the last one had everything, and that in the mean, over the least.
func (clock) figures(c *crowd.Crowd) Figures {
	s := c.Summary()
	return Figures{Milli(s.Distance), ratio(int64(s.Times.Mean/time.Microsecond), int64(s.Bound)/int64(time.Microsecond))}
}

func newClock(*scenario.Scenario) probe { return clock{} }

// flash is a swarm that comes at once and stays: a file of 400 pieces of so many KiB, a seed of a rate in KiB/s, and more groups.
func flash(name string, piece, seed int, groups string) Point {
	return swarm(name, fmt.Sprintf(`
[torrent]
size = "%d KiB"
piece = "%d KiB"

[[peers]]
name = "seed"
have = "all"
up = "%d KiB/s"
%s`, 400*piece, piece, seed, groups), time.Minute, newClock)
}

func leeches(name string, count, up, down int) string {
	return fmt.Sprintf(`
[[peers]]
name = "%s"
count = %d
up = "%d KiB/s"
down = "%d KiB/s"
`, name, count, up, down)
}

var minimumTime = Study{
	Name: "kumar-ross",
	By:   "Kumar and Ross, Peer-assisted file distribution: the minimum distribution time, 2006",
	Claim: "No swarm brings a file of F bytes to N peers sooner than max(F / seed's rate, F / least download rate, N F / sum of all upload rates). " +
		"Well seeded, with at least 400 pieces, it takes no more than 1.15 of that until the last one has it.",
	Setting: "400 pieces of 64 KiB, one seed, all peers come at once and stay. `even`: 100 peers that send 64 KiB/s and receive 1,024, a seed of 640 " +
		"KiB/s. `classes`: a seed of 1,024 KiB/s, 30 peers each that send 32, 64 and 128 KiB/s. `many`: 150 peers as in `even`. `few`: 10 peers as in " +
		"`even`. `one-block`: as `even`, with pieces of 16 KiB and all rates a fourth, so that a piece takes as long. `slow-seed`: 50 peers of 64 KiB/s, " +
		"a seed of 32 KiB/s. `slow-lines`: 50 peers that send 64 and receive 32 KiB/s, a seed of 256 KiB/s. All swarms of all studies are held to the " +
		"bound as well, with the arrivals that there were and at the end of the run, complete or not: a run that beats it is an error.",
	Note: `A run of "even" took 16 s longer than the least, 364 s. 11 s were lost in the beginning, until peers had pieces to give: the four blocks of a piece
come to a peer one after the other, and the seed serves eight peers at a time. 3 s went into blocks that came twice (0.9 % of all), 3 s into what is no
payload.

Pieces of one block, in "one-block", are too coarse for a fluid's bound. When all that is left is asked for, a block is asked of several (end-game). 400
blocks are all there are, and a peer has two or more on their way from each of those who serve it (LIM-4), so that comes early, and what was asked twice
is sent before it can be cancelled: 10 % of what came had come already, 38 s of the least time. The have messages, one a block, took 2 % of the uplinks.

A slow seed serves all whom it allows pieces while they are choked, and sends some pieces twice before each is with somebody: see "Why a slow seed takes
so long" in simulator.md.`,
	Seeds:   5,
	Figures: 2,
	Points: []Point{
		flash("even", 64, 640, leeches("peer", 100, 64, 1024)),
		flash("classes", 64, 1024, leeches("slow", 30, 32, 1024)+leeches("middle", 30, 64, 1024)+leeches("fast", 30, 128, 1024)),
		flash("many", 64, 640, leeches("peer", 150, 64, 1024)),
		flash("few", 64, 640, leeches("peer", 10, 64, 1024)),
		flash("one-block", 16, 160, leeches("peer", 100, 16, 256)),
		flash("slow-seed", 64, 32, leeches("peer", 50, 64, 1024)),
		flash("slow-lines", 64, 256, leeches("peer", 50, 64, 32)),
	},
	judge: func(runs Runs) (all []Finding) {
		for i, name := range []string{"even", "classes", "many", "few", "one-block", "slow-seed", "slow-lines"} {
			all = append(all, extreme(name, "last one done, over the minimum: least of all runs", Least, runs.column(i, 0), atLeast(one)))
			band := told
			if i < 4 {
				band = atMost(1150)
			}
			all = append(all, average(name, "last one done, over the minimum", runs.column(i, 0), band))
		}
		return all
	},
}
