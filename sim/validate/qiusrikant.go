package validate

import (
	"fmt"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// The swarms of Qiu and Srikant: what a peer sends in a second is so much of the file that it takes fileTime to send all of it.
const (
	fluidPieces = 100
	fileTime    = 250 * time.Second
	fluidPeers  = 1000               // that come after it has become steady, in the mean
	fluidFrom   = 1000 * time.Second // until then it has become steady
	fluidStays  = 100 * time.Second  // 1/gamma
	fluidShare  = 5 * time.Second    // of fileTime is what the seed that stays gives for each file
)

// fluid is the probe for mean numbers.
type fluid struct {
	occupancy
	every time.Duration // 1/lambda
}

// figures are the seeds; the leeches; the leeches over lambda, s; the mean download, s.
func (f *fluid) figures(c *crowd.Crowd) Figures {
	leeches := meanOf(f.leeches)
	return Figures{meanOf(f.seeds), leeches, leeches * Milli(f.every/time.Millisecond) / one, f.download(c)}
}

// flow is a swarm into which a peer comes every so often.
func flow(name string, every time.Duration) Point {
	until := fluidFrom + fluidPeers*every
	rate := 4 * fluidPieces * (16<<10 + 13) * int64(time.Second) / int64(fileTime)
	return swarm(name, fmt.Sprintf(`
until = "%ds"

[torrent]
size = "%d KiB"
piece = "64 KiB"

[[peers]]
name = "origin"
have = "all"
up = "%d B/s"
slots = 4
connections = 20
stays = "one-copy"

[[peers]]
name = "warden"
have = "all"
up = "%d B/s"
slots = 4
connections = 20

[[peers]]
name = "peer"
count = %d
up = "%d B/s"
slots = 4
connections = 20
arrive-every = "%dms"
stays = "complete"
seed-for = "%ds"
`, until/time.Second, fluidPieces*64, rate, rate*int64(fluidShare)/int64(every), until/every*5/4, rate, every/time.Millisecond,
		fluidStays/time.Second),
		5*time.Second, func(s *scenario.Scenario) probe {
			return &fluid{occupancy{every: 5 * time.Second, from: bt.Instant(fluidFrom), origins: 1, complete: bt.Instant(until - 3*fileTime)}, every}
		})
}

// gaps are the times between two arrivals that are compared, in the mean.
var gaps = []time.Duration{10 * time.Second, 5 * time.Second, 2 * time.Second}

func flows() (all []Point) {
	for _, every := range gaps {
		all = append(all, flow(every.String(), every))
	}
	return all
}

var fluidModel = Study{
	Name: "qiu-srikant",
	By:   "Qiu and Srikant, Modeling and performance analysis of BitTorrent-like peer-to-peer networks, 2004",
	Claim: "Peers come at a rate lambda and leave, once complete, at a rate gamma each. Then there are lambda/gamma seeds in the mean (here to " +
		"within 5 %), the mean number of leeches is in proportion to lambda (within 3 %), and the time of a download does not depend on lambda.",
	Setting: fmt.Sprintf("%d pieces of 64 KiB; what a peer sends fills the file in %v; a complete one stays by chance (exponential), 1/gamma = %v; "+
		"20 connections and four slots a peer. The model has no seeds but peers that have become complete, so the first one leaves when it has sent every "+
		"piece once. But the model's swarms do not die out, and where there were none but those, one of eight did at the lowest rate. So a seed stays, "+
		"uncounted, whose rate is in proportion to lambda: for each file it gives the same, what a peer sends in %v. Measured is from when it has "+
		"become steady, after %v, for as long as %d peers take to come, in the mean. Eta is the share of their uplinks that leeches make use of for each "+
		"other, as the model has it: what a file takes less what seeds give, F/u - 1/gamma - %v, over the time of a download.",
		fluidPieces, fileTime, fluidStays, fluidShare, fluidFrom, fluidPeers, fluidShare),
	Note: `How much chance there is in the figures is known. Each peer that comes is counted for as long as it stays, so the mean number over a time in which N
come, each for a time that is exponential, varies by the root of 2/N, and for one that hardly varies by the root of 1/N. 8,000 peers a rate, over all
seeds, are 1.6 % and 1.1 %. A seed draws the same gaps for each lambda, but for their length, so what is left between rates is less.`,
	Seeds:   8,
	Figures: 4,
	Points:  flows(),
	judge:   judgeFluid,
}

func judgeFluid(runs Runs) (all []Finding) {
	reserve, took := Milli(0), Milli(0) // the means over all rates
	for i := range gaps {
		reserve += mean(runs.column(i, 2)) / Milli(len(gaps))
		took += mean(runs.column(i, 3)) / Milli(len(gaps))
	}
	for i, every := range gaps {
		name := fmt.Sprintf("1/lambda = %v", every)
		seeds := ratio(int64(fluidStays), int64(every))
		downloads := runs.column(i, 3)
		var eta []Milli
		for _, d := range downloads {
			eta = append(eta, ratio(int64(span(fileTime-fluidStays-fluidShare)), int64(d)))
		}
		all = append(all,
			average(name, "seeds", runs.column(i, 0), around(seeds, seeds/20)),
			average(name, "leeches", runs.column(i, 1), told),
			average(name, "leeches over lambda, s; within 3 % of the mean of all", runs.column(i, 2), around(reserve, reserve*3/100)),
			average(name, "time of a download, s; within 3 % of the mean of all", downloads, around(took, took*3/100)),
			average(name, "eta", eta, told))
	}
	return all
}
