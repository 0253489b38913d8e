package crowd_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/internal/pages"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// midst is a crowd with the torrent that is measured, 100 MiB in 400 pieces, and 50 connections each, in the midst of its download:
// everybody came with half of the pieces, and has been at it for a while.
func midst(b *testing.B, peers int) *crowd.Crowd {
	b.Helper()
	s := shipped(b, "flash-crowd-1000", peers)
	if s.Scale(peers) != nil {
		b.Fatal(peers)
	}
	most := &s.Groups[1]
	most.Have, most.Share, most.Within = "half", 50, scenario.Span(2*time.Second)
	c := crowd.New(s, nil)
	if err := c.Run(bt.Instant(8 * time.Second)); err != nil {
		b.Fatal(err)
	}
	return c
}

// last is until when a crowd is in the midst of its download: nobody is done before.
const last = bt.Instant(30 * time.Second)

// BenchmarkEvent is a message delivered, from the core that says it to the core that hears it, with all that the world does for it, and all
// that follows from it until the next. It should not take much longer where there are more peers.
func BenchmarkEvent(b *testing.B) {
	for _, peers := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(peers), func(b *testing.B) {
			before := liveHeap()
			pages.Reserve(peers * (256 << 10))
			c := midst(b, peers)
			weight := int64(liveHeap()-before) / int64(peers)
			var events, mallocs uint64
			b.ResetTimer()
			for events < uint64(b.N) {
				if c.Now() >= last {
					b.StopTimer()
					c = midst(b, peers)
					b.StartTimer()
				}
				from, allocated := c.World().Messages(), allocations()
				if err := c.Run(min(last, c.Now().Add(20*time.Millisecond))); err != nil {
					b.Fatal(err)
				}
				events += c.World().Messages() - from
				mallocs += allocations() - allocated
			}
			b.StopTimer()
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
			b.ReportMetric(float64(mallocs)/float64(events), "allocs/event")
			b.ReportMetric(float64(weight), "B/peer")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// allocations counts what was ever allocated.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// liveHeap is how many bytes are in use.
func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
