package validate

import (
	"fmt"
	"time"

	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// use is the probe for how much of the leeches' uplinks was used while they were there.
type use struct{}

func (use) look(*crowd.Crowd) {}

func (use) figures(c *crowd.Crowd) Figures {
	sent, could := int64(0), int64(0)
	for i := range c.Len() {
		m := c.Member(i)
		if m.Group.Share == 100 {
			continue
		}
		could += int64(m.Group.Up) * int64(min(m.Left, c.Now()).Sub(m.Arrived)/time.Millisecond) / 1000
		sent += m.Sent
	}
	return Figures{ratio(sent, could)}
}

// What a peer of theirs sends, in KiB/s. The rates of their paper are in the same proportions: 400 kbit/s up, 1,500 down, a seed of 6,000.
const peerRate = 16

// burst is a swarm that comes within ten seconds; who is complete leaves. The seed's rate is in KiB/s.
func burst(name string, pieces, peers, seed int, picks string) Point {
	return swarm(name, fmt.Sprintf(`
[torrent]
size = "%d KiB"
piece = "16 KiB"

[line]
plain = true

[[peers]]
name = "seed"
have = "all"
up = "%d KiB/s"
slots = 5
connections = 30

[[peers]]
name = "peer"
count = %d
up = "%d KiB/s"
down = "%d KiB/s"
arrive-within = "10s"
stays = "complete"
slots = 5
connections = 30
picks = "%s"
`, pieces*16, seed, peers, peerRate, peerRate*15/4, picks), time.Minute, func(*scenario.Scenario) probe { return use{} })
}

// The seed's rates that are compared, in KiB/s: half of a peer's, one, one and a half, two and a half, and fifteen.
var seedRates = []int{peerRate / 2, peerRate, peerRate * 3 / 2, peerRate * 5 / 2, peerRate * 15}

// The numbers of peers that are compared.
var crowds = []int{25, 50, 100, 200}

var utilisation = Study{
	Name: "bharambe",
	By:   "Bharambe, Herley and Padmanabhan, Analyzing and improving a BitTorrent network's performance mechanisms, 2006",
	Claim: "Well seeded, more than 90 % of the uplinks are used, however many peers there are. It falls when the seed is slower than about one " +
		"peer. Rarest first is no worse than choosing at random.",
	Setting: fmt.Sprintf("Peers that send %d KiB/s and receive %d come within 10 s and leave when complete; pieces of one block; 5 slots; 30 "+
		"connections; no Fast extension, as the paper's simulator has none. "+
		"The number of peers: 400 pieces, a seed of 15 peers' rate. The seed's rate: 40 peers, 200 pieces. Use is what leeches sent, control "+
		"included, of what they could while they were there.",
		peerRate, peerRate*15/4),
	Seeds:   20,
	Figures: 1,
	Points:  utilisationPoints(),
	judge:   judgeUtilisation,
}

func utilisationPoints() (all []Point) {
	for _, n := range crowds {
		all = append(all, burst(fmt.Sprintf("peers-%d", n), 400, n, peerRate*15, scenario.Rarest))
	}
	for _, picks := range []string{scenario.Rarest, scenario.Random} {
		for _, rate := range seedRates {
			all = append(all, burst(fmt.Sprintf("%s-%d", picks, rate), 200, 40, rate, picks))
		}
	}
	return all
}

func judgeUtilisation(runs Runs) (all []Finding) {
	var flat []Milli
	for i, n := range crowds {
		used := runs.column(i, 0)
		flat = append(flat, mean(used))
		all = append(all, average(fmt.Sprintf("%d peers, well seeded", n), "use of uplinks", used, atLeast(900)))
	}
	off := extreme("", "", Most, flat, told).Figure - extreme("", "", Least, flat, told).Figure
	all = append(all, Finding{Where: "flat in the number of peers", What: "most of these means less the least", Band: atMost(50), Figure: off,
		Runs: len(crowds) * len(runs[0]), Held: off <= 50})
	rarest, random := len(crowds), len(crowds)+len(seedRates)
	bands := []Band{atMost(500), told, told, atLeast(850), atLeast(900)} // the knee is between one and two and a half
	for i, rate := range seedRates {
		name := fmt.Sprintf("seed of %s peers' rate", ratio(int64(rate), peerRate))
		all = append(all, average(name, "use of uplinks, rarest first", runs.column(rarest+i, 0), bands[i]),
			noWorse(name, "rarest first less random", runs.column(rarest+i, 0), runs.column(random+i, 0)))
		if i > 0 && bands[i-1].Least < 850 { // above that it is flat
			all = append(all, noWorse(name, "rarest first, less that with a slower seed", runs.column(rarest+i, 0), runs.column(rarest+i-1, 0)))
		}
	}
	return all
}
