//go:build !race

package utp

import (
	"errors"
	"runtime"
	"testing"
)

// Once warm, our own engine allocates nothing for a datagram. What is counted is the test's own waiting, and timers.
func TestNoAllocation(t *testing.T) {
	a, b := newStation(t, "127.0.0.1", Options{Engine: Own}), newStation(t, "127.0.0.1", Options{Engine: Own})
	near, far := a.dial(b)
	text, room := [][]byte{make([]byte, 256<<10)}, [][]byte{make([]byte, 256<<10)}
	pass := func(rounds int) {
		for range rounds {
			if _, err := near.Write(text); err != nil && !errors.Is(err, ErrWait) {
				t.Fatal(err)
			}
			b.await("bytes", far.Readable)
			if _, err := far.Read(room); err != nil && !errors.Is(err, ErrWait) {
				t.Fatal(err)
			}
			a.Tell()
		}
	}
	pass(300)
	var before, after runtime.MemStats
	in := b.Stats().In
	runtime.ReadMemStats(&before)
	pass(300)
	runtime.ReadMemStats(&after)
	datagrams := b.Stats().In - in
	if n := after.Mallocs - before.Mallocs; datagrams < 10_000 || n > datagrams/5 {
		t.Errorf("%d allocations for %d datagrams", n, datagrams)
	}
	near.Close()
	far.Close()
}
