package validate

import (
	"fmt"
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

const (
	waiters   = 20               // who want the one slot
	theirTime = 30 * time.Minute // that they wait
)

var optimisticSlot = Study{
	Name: "libtorrent",
	By:   "libtorrent's own simulation, test_optimistic_unchoke",
	Claim: "Twenty interested peers that ask for nothing want the one slot there is, which the optimistic turn gives and takes: in 1,800 s " +
		"each of them is unchoked for 90 s, give or take 1.5 s.",
	Setting: "One client with one upload slot in all, as a seed and as a leech that has nothing; twenty peers connect at once, say that they are " +
		"interested, and nothing else. A peer's time is measured by the messages that the client sends it, over 1,800 s.",
	Seeds:   20,
	Figures: 2,
	Points: []Point{
		{Name: "seed", run: func(_ *Point, seed uint64, see See) (Figures, error) { return oneSlot(seed, true, see) }},
		{Name: "leech", run: func(_ *Point, seed uint64, see See) (Figures, error) { return oneSlot(seed, false, see) }},
	},
	judge: func(runs Runs) (all []Finding) {
		fair := around(span(theirTime/waiters), span(1500*time.Millisecond))
		for i, name := range []string{"as a seed", "as a leech"} {
			all = append(all,
				extreme(name, "least time of a peer, s", Least, runs.column(i, 0), fair),
				extreme(name, "most time of a peer, s", Most, runs.column(i, 1), fair))
		}
		return all
	},
}

// oneSlot gives the least and the most time for which any of the peers is unchoked.
func oneSlot(seed uint64, complete bool, see See) (Figures, error) {
	w := sim.NewWorld(sim.Options{Seed: seed})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: bt.BlockSize, Total: 4 * bt.BlockSize})
	cfg := bt.DefaultConfig()
	cfg.UploadSlots = 1
	node := w.AddNode(sim.NodeSpec{Name: "A", Config: cfg})
	node.Join(torrent, func(uint32) bool { return complete })
	var peers []*sim.Raw
	for i := range waiters {
		r := w.AddRaw(fmt.Sprintf("X%d", i), netip.AddrPort{})
		r.Connect(node)
		w.Settle()
		hello := wire.AppendHandshake(nil, wire.NewHandshake(torrent.InfoHash, r.ID))
		r.Write(wire.AppendInterested(wire.AppendHaveNone(hello)))
		peers = append(peers, r)
	}
	end := bt.Instant(theirTime)
	for w.Now() < end {
		w.RunTo(w.Now().Add(time.Minute))
		for _, r := range peers {
			r.Write(wire.AppendKeepAlive(nil))
		}
		if err := see(w.Now(), end, waiters+1); err != nil {
			return nil, err
		}
	}
	if err := w.Fault(); err != nil {
		return nil, err
	}
	served := unchoked(w.Journal(), "A", end)
	least, most := theirTime, time.Duration(0)
	for _, r := range peers {
		least, most = min(least, served[r.Name()]), max(most, served[r.Name()])
	}
	return Figures{span(least), span(most)}, nil
}

// unchoked is for how long a host let each other have a slot, by what it said.
func unchoked(journal []sim.Entry, who string, end bt.Instant) map[string]time.Duration {
	served, open := map[string]time.Duration{}, map[string]bool{}
	turn := func(whom string, on bool, at bt.Instant) {
		if open[whom] == on {
			return
		}
		open[whom] = on
		if left := end.Sub(at); on {
			served[whom] += left
		} else {
			served[whom] -= left
		}
	}
	for _, e := range journal {
		if e.Who == who && (e.Text == "unchoke" || e.Text == "choke") {
			turn(e.To, e.Text == "unchoke", e.At)
		}
	}
	return served
}
