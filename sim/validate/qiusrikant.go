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
)

// fluid is the probe for mean numbers.
type fluid struct {
	occupancy
	every time.Duration // 1/lambda
}

// figures are the seeds, the leeches, those there would be if all could always send, over the leeches, and the mean download.
func (f *fluid) figures(c *crowd.Crowd) Figures {
	seeds, leeches := meanOf(f.seeds), meanOf(f.leeches)
	ideal := ratio(int64(fileTime), int64(f.every)) - seeds - one // the origin is a seed too
	return Figures{seeds, leeches, ratio(int64(ideal), int64(leeches)), f.download(c)}
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

[[peers]]
name = "peer"
count = %d
up = "%d B/s"
slots = 4
connections = 20
arrive-every = "%dms"
stays = "complete"
seed-for = "%ds"
`, until/time.Second, fluidPieces*64, rate, until/every*5/4, rate, every/time.Millisecond, fluidStays/time.Second),
		5*time.Second, func(s *scenario.Scenario) probe {
			return &fluid{occupancy{every: 5 * time.Second, from: bt.Instant(fluidFrom), origins: 1, complete: bt.Instant(until - 3*fileTime)}, every}
		})
}

var fluidModel = Study{
	Name: "qiu-srikant",
	By:   "Qiu and Srikant, Modeling and performance analysis of BitTorrent-like peer-to-peer networks, 2004",
	Claim: "Peers come at a rate lambda and leave, once complete, at a rate gamma each. Then there are lambda/gamma seeds in the mean (here to " +
		"within 5 %), the mean number of leeches " +
		"is in proportion to lambda (within 3 %), and the time of a download does not depend on lambda.",
	Setting: fmt.Sprintf("%d pieces of 64 KiB; what a peer sends fills the file in %v; 1/gamma = %v; 20 connections and four slots a peer; one "+
		"origin that stays; "+
		"from when it has become steady, after %v, as long as %d peers take to come, in the mean. The point is called by 1/lambda. The leeches "+
		"are compared with those the fluid needs, lambda F/u - seeds - origin: their ratio is the fluid's eta, "+
		"and is one number whatever lambda is if leeches are in proportion to lambda.", fluidPieces, fileTime, fluidStays, fluidFrom, fluidPeers),
	Seeds:  8,
	Points: []Point{flow("10s", 10*time.Second), flow("5s", 5*time.Second), flow("2.5s", 2500*time.Millisecond)},
	judge: func(runs Runs) (all []Finding) {
		every := []time.Duration{10 * time.Second, 5 * time.Second, 2500 * time.Millisecond}
		eta, took := Milli(0), Milli(0)
		for i := range every {
			eta += mean(runs.column(i, 2)) / Milli(len(every))
			took += mean(runs.column(i, 3)) / Milli(len(every))
		}
		for i, e := range every {
			name := fmt.Sprintf("1/lambda = %v", e)
			seeds := ratio(int64(fluidStays), int64(e))
			all = append(all,
				average(name, "seeds", runs.column(i, 0), around(seeds, seeds/20)),
				average(name, "leeches", runs.column(i, 1), told),
				average(name, "eta: leeches of the fluid over leeches; within 3 % of the mean of all", runs.column(i, 2), around(eta, eta*3/100)),
				average(name, "time of a download, s; within 3 % of the mean of all", runs.column(i, 3), around(took, took*3/100)))
		}
		return all
	},
}
