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

func (clock) figures(c *crowd.Crowd) Figures {
	b := boundOf(c)
	if !b.all {
		return Figures{farUp, farUp}
	}
	return Figures{b.over(), ratio(int64(b.mean/time.Microsecond), int64(b.least/time.Microsecond))}
}

func newClock(*scenario.Scenario) probe { return clock{} }

// flash is a swarm that comes at once and stays: a file of so many pieces of 16 KiB, a seed of a rate in KiB/s, and more groups.
func flash(name string, pieces, seed int, groups string) Point {
	return swarm(name, fmt.Sprintf(`
[torrent]
size = "%d KiB"
piece = "16 KiB"

[[peers]]
name = "seed"
have = "all"
up = "%d KiB/s"
%s`, pieces*16, seed, groups), time.Minute, newClock)
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
	Setting: "400 pieces of 16 KiB, one seed, all peers come at once and stay. `even`: 100 peers that send 16 KiB/s, a seed of 160 KiB/s. " +
		"`classes`: a seed of 256 KiB/s, " +
		"30 peers each that send 8, 16 and 32 KiB/s. `many`: 150 peers as in `even`. `slow-seed`: 50 peers of 16 KiB/s, a seed of 8 KiB/s. " +
		"`slow-lines`: 50 peers that send " +
		"16 and receive 8 KiB/s, a seed of 64 KiB/s. `few`: 10 peers as in `even`. All swarms of all studies that come at once are held to the " +
		"bound as well: " +
		"a run that beats it is an error.",
	Seeds: 5,
	Points: []Point{
		flash("even", 400, 160, leeches("peer", 100, 16, 256)),
		flash("classes", 400, 256, leeches("slow", 30, 8, 256)+leeches("middle", 30, 16, 256)+leeches("fast", 30, 32, 256)),
		flash("many", 400, 160, leeches("peer", 150, 16, 256)),
		flash("few", 400, 160, leeches("peer", 10, 16, 256)),
		flash("slow-seed", 400, 8, leeches("peer", 50, 16, 256)),
		flash("slow-lines", 400, 64, leeches("peer", 50, 16, 8)),
	},
	judge: func(runs Runs) (all []Finding) {
		for i, name := range []string{"even", "classes", "many", "few", "slow-seed", "slow-lines"} {
			all = append(all, extreme(name, "last one done, over the minimum: least of all runs", Least, runs.column(i, 0), atLeast(one)))
			band := atMost(1150)
			if name == "slow-seed" || name == "slow-lines" {
				band = told
			}
			all = append(all, average(name, "last one done, over the minimum", runs.column(i, 0), band))
		}
		return all
	},
}
