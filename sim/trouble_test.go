package sim_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
	"peerwire/sim"
)

// troubled is a swarm to which things happen.
type troubled struct {
	*scene
	world *sim.World
	nodes []*sim.Node
	liars []*sim.Raw
}

// trouble lets one thing happen, drawn at random.
func (s *troubled) trouble(t *rapid.T) {
	n := s.nodes[rapid.IntRange(0, len(s.nodes)-1).Draw(t, "victim")]
	switch rapid.IntRange(0, 8).Draw(t, "trouble") {
	case 0:
		n.Disk.Full = bt.NoSpace
	case 1:
		n.Disk.Unread = bt.IOError
	case 2:
		n.Disk.Unhash = bt.IOError
	case 3:
		n.Repair()
	case 4:
		n.Hold(rapid.Bool().Draw(t, "hold"))
	case 5:
		s.world.Cut(rapid.IntRange(0, 5).Draw(t, "which"))
	case 6:
		n.Sleep(s.world.Now().Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "sleep")) * time.Second))
	case 7:
		s.lie(t)
	case 8:
		s.join(n)
	}
}

// join lets one more liar connect to a node, and promise everything.
func (s *troubled) join(to *sim.Node) {
	liar := s.world.AddRaw(fmt.Sprintf("Liar%d", len(s.liars)+1), netip.AddrPort{})
	liar.Refuses = true
	s.liars = append(s.liars, liar)
	torrent := s.world.Torrents()[0]
	n := torrent.Geometry.NumPieces()
	b := wire.AppendHandshake(nil, wire.NewHandshake(torrent.InfoHash, liar.ID))
	b = wire.AppendBitfield(b, bitset.New(uint(n)).FlipRange(0, uint(n)), n)
	liar.Write(wire.AppendUnchoke(b))
	liar.Connect(to)
}

// lie lets a liar answer some of what it was asked, wrong or right, or reject it.
func (s *troubled) lie(t *rapid.T) {
	if len(s.liars) == 0 {
		return
	}
	liar := s.liars[rapid.IntRange(0, len(s.liars)-1).Draw(t, "liar")]
	for _, b := range slices.Clone(liar.Asked()[:min(3, len(liar.Asked()))]) {
		liar.Answered(b)
		if !s.line.Plain && rapid.IntRange(0, 4).Draw(t, "reject") == 0 {
			liar.Write(wire.AppendReject(nil, b))
			continue
		}
		liar.Write(wire.AppendPieceHeader(nil, b))
		run := sim.Run{Torrent: s.world.Torrents()[0].ID, Range: b}
		if rapid.Bool().Draw(t, "bad") {
			run.Lie = 1
		}
		liar.WritePayload(run)
	}
}

// heal ends all troubles: disks work, machines are awake, the liar is gone, and a tracker names everybody again, now and then.
func (s *troubled) heal() {
	torrent := s.world.Torrents()[0]
	for _, liar := range s.liars {
		liar.Close(bt.EOF)
	}
	s.world.RunTo(s.world.Now().Add(6 * time.Minute)) // all have woken
	for _, n := range s.nodes {
		n.Hold(false)
		n.Repair()
	}
	for range 10 {
		s.world.RunTo(s.world.Now().Add(time.Minute))
		for _, a := range s.nodes {
			for _, b := range s.nodes {
				if a != b {
					a.Learn(torrent, b.Addr(), bt.Tracker)
				}
			}
		}
	}
}

// Whatever happens to a small swarm (full disks, disks that cannot be read, cut connections, machines that sleep, a peer that lies), its invariants
// hold, no honest node is ever banned by another, and when all is healed everybody gets everything, right to the last block. [TRU-8] [TRU-9]
func TestSwarmsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &troubled{scene: drawScene(t)}
		s.world, s.nodes = s.build(false)
		for range rapid.IntRange(1, 40).Draw(t, "troubles") {
			s.world.RunTo(s.world.Now().Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "wait")) * time.Millisecond))
			s.trouble(t)
		}
		s.heal()
		torrent := s.world.Torrents()[0]
		done := s.world.RunUntil(s.world.Now().Add(4*time.Hour), func() bool {
			for _, n := range s.nodes {
				if !n.Complete(torrent) {
					return false
				}
			}
			return true
		})
		journal := sim.Format(s.world.Journal())
		if err := s.world.Fault(); err != nil {
			t.Fatalf("%v\n%s", err, tail(journal))
		}
		if !done {
			t.Fatalf("not complete by %v\n%s", s.world.Now(), tail(journal))
		}
		for _, v := range s.world.Violations() {
			// Two keep-alives that came while the machine slept are read at one time, and who wakes may ask before it reads that it
			// was choked: a strike each, and no more.
			if v != clause.CorruptPiece && v != clause.CorruptBlock && v != clause.KeepAliveFlood && v != clause.RequestWhileChoked {
				t.Fatalf("%v\n%s", v, tail(journal))
			}
		}
		for line := range strings.Lines(journal) {
			for _, n := range s.nodes {
				if strings.Contains(line, " bans "+n.Addr().Addr().String()+" ") {
					t.Fatalf("an honest node is banned\n%s", tail(journal))
				}
			}
		}
	})
}
