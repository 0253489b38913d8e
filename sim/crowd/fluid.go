package crowd

import (
	"time"

	"peerwire/core/bt"
)

// fluid is what the best of all swarms could do with a crowd's peers, if data were a fluid: Kumar and Ross's minimum distribution time (2006), with
// arrivals. Nothing that peers choose can beat it. Of what all peers together lacked when they came, until a time no more can have come to them than
//
//   - went up: each peer's rate, from its arrival on;
//   - came down: each peer's rate from its arrival on, up to what it lacks;
//   - is there to be had: what the seeds have sent out once, when nobody else brought anything.
//
// With all peers there from the start, the first time at which all of it can have come is max(F/u_s, F/d_min, NF/(u_s + sum of u_i)). That peers leave is
// left out, so it is a bound with them, too.
type fluid struct {
	peers  []fluidPeer
	wanted int64 // bytes
	whole  int64 // bytes of the torrent, when only seeds brought something of it; else 0, and the third limit is none
}

type fluidPeer struct {
	arrived  bt.Instant
	up, down int64 // bytes a second; 0 is without limit
	lacks    int64 // bytes
	seed     bool
}

func newFluid(c *Crowd) *fluid {
	f := &fluid{whole: int64(c.scene.Torrent.Size)}
	g := c.torrent.Geometry
	for _, m := range c.members {
		p := fluidPeer{arrived: m.arrived, up: int64(m.group.Up), down: int64(m.group.Down), seed: m.group.Share == 100}
		has := m.has()
		for piece := range g.NumPieces() {
			if !has(piece) {
				p.lacks += int64(g.PieceSize(piece))
			} else if !p.seed {
				f.whole = 0
			}
		}
		f.wanted += p.lacks
		f.peers = append(f.peers, p)
	}
	return f
}

// at is how much can have come to all peers together until a time, bytes.
func (f *fluid) at(now bt.Instant) int64 {
	out := f.whole
	if out > 0 {
		out = 0
		for i := range f.peers {
			if p := &f.peers[i]; p.seed {
				out += p.flow(now, p.up, f.whole-out)
			}
		}
	}
	up, down := int64(0), int64(0)
	for i := range f.peers {
		p := &f.peers[i]
		up += p.flow(now, p.up, f.wanted-up)
		most := p.lacks
		if f.whole > 0 {
			most = min(most, out)
		}
		down += p.flow(now, p.down, most)
	}
	return min(up, down)
}

// flow is what goes through at a rate from the peer's arrival on, up to a limit.
func (p *fluidPeer) flow(now bt.Instant, rate, most int64) int64 {
	switch {
	case now < p.arrived:
		return 0
	case rate == 0:
		return most
	}
	return min(most, product(now.Sub(p.arrived), rate)+1) // what division loses must not make a bound of it
}

// Flow is how much of what they lacked has come to all peers together, and the most that can have: see fluid. More than that is an error of the world,
// or of who counts.
func (c *Crowd) Flow() (come, most int64) {
	for _, m := range c.members {
		total, _ := m.sums()
		come += total.Downloaded - total.Wasted - total.Corrupt
	}
	return come, newFluid(c).at(c.world.Now())
}

// horizon is longer than any run.
const horizon = bt.Instant(5 * 365 * 24 * time.Hour)

// bound is the first time, to a microsecond, at which all that is wanted can have come; bt.Never when it never can, or nothing is wanted.
func (f *fluid) bound() bt.Instant {
	if f.wanted == 0 || f.at(horizon) < f.wanted {
		return bt.Never
	}
	low, high := int64(0), int64(horizon)/int64(time.Microsecond)
	for low < high {
		mid := (low + high) / 2
		if f.at(bt.Instant(mid*int64(time.Microsecond))) >= f.wanted {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return bt.Instant(max(0, low-1) * int64(time.Microsecond))
}
