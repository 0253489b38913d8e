//go:build !race

package crowd_test

import (
	"runtime"
	"testing"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// The memory of a peer with so many connections as it finds, besides the bitsets that tell what each of these has, bytes. What of it is a
// core's is held to limits by core's own TestMemory.
const peerMemory = 48 << 10

// A peer takes so much, with all that the world keeps of it: ten thousand of them fit in the memory of a small machine. The race detector has nothing
// to say of that, and takes a minute to.
func TestMemory(t *testing.T) {
	const peers, conns = 1000, 50
	s := shipped(t, "ten-thousand", peers)
	s.Until, s.Groups[1].Up, s.Groups[0].Up = scenario.Span(time.Hour), 16<<10, 16<<10
	s.Groups[1].Within = scenario.Span(10 * time.Second)
	before := liveHeap()
	c := crowd.New(s, nil)
	if err := c.Run(bt.Instant(40 * time.Second)); err != nil {
		t.Fatal(err)
	}
	each := int64(liveHeap()-before) / peers
	var snap core.Snapshot
	connected, known := 0, 0
	for _, name := range []string{"peer7", "peer77", "peer777"} {
		c.World().Host(name).(*sim.Node).Session().Snapshot(c.Now(), &snap)
		connected += snap.Torrents[0].Connected
		known += snap.Torrents[0].Known
	}
	bitsets := int64(conns) * (32 + 8)
	t.Logf("%d bytes a peer, %d of them bitsets; %d connections and %d known peers each", each, bitsets, connected/3, known/3)
	if connected < 3*conns*8/10 {
		t.Errorf("%d connections of three peers", connected)
	}
	if each-bitsets > peerMemory {
		t.Errorf("the limit is %d", peerMemory)
	}
	runtime.KeepAlive(c)
}
