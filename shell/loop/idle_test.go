package loop

import (
	"runtime"
	"testing"

	"peerwire/core"
	"peerwire/shell/tcp"
)

// idle gives a node so many peers that say their handshake and nothing more, and tells what each costs it: bytes of heap
// and stacks, and goroutines. The peers' own sockets are made before the count begins: they wait in the system's queue.
func idle(t testing.TB, conns int) (bytes, goroutines float64) {
	t.Helper()
	to := makeTorrent(256<<10, 20_000_000)
	n := startNode(t, to, to.place(t, all), func(o *Options) { o.Config.MaxConns = conns })
	l := waiting(t, to, conns)
	before, running := memory()
	permits := make(chan struct{})
	l.Serve(func(c *tcp.Conn) { <-permits; n.Accept(c) })
	for range conns {
		permits <- struct{}{}
	}
	n.await("all of them", func() bool { return n.peers() == conns })
	n.look(func(*core.Session, *core.Snapshot) {
		after, runs := memory()
		bytes, goroutines = (after-before)/float64(conns), (runs-running)/float64(conns)
	})
	return bytes, goroutines
}

// memory is what the process holds: bytes of heap and stacks, and goroutines.
func memory() (bytes, goroutines float64) {
	runtime.GC()
	runtime.GC() // what the first one left to be finished
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc + m.StackInuse), float64(runtime.NumGoroutine())
}

// maxIdle is what an idle connection may cost, bytes. A portable one has a goroutine that reads ahead besides.
const maxIdle = 6 << 10

// TestIdle wants idle connections to be cheap.
func TestIdle(t *testing.T) {
	bytes, goroutines := idle(t, 200)
	if goroutines > 0.5 {
		bytes -= 28 << 10
	}
	if bytes > maxIdle {
		t.Errorf("an idle connection costs %.0f bytes", bytes)
	}
}

// BenchmarkIdle shows what an idle connection costs.
func BenchmarkIdle(b *testing.B) {
	for b.Loop() {
		bytes, goroutines := idle(b, 200)
		b.ReportMetric(bytes, "B/conn")
		b.ReportMetric(goroutines, "goroutines/conn")
	}
}
