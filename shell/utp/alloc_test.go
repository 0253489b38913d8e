//go:build !race

package utp

import (
	"errors"
	"runtime"
	"testing"
)

// Once warm, our own engine allocates nothing for a datagram, however few of them there are: over loopback they are as long as can be. What is
// counted is the collector's own, and what the system's scheduler does.
func TestNoAllocation(t *testing.T) {
	a, b := newStation(t, "127.0.0.1", Options{Engine: Own}), newStation(t, "127.0.0.1", Options{Engine: Own})
	near, far := a.dial(b)
	text, room := [][]byte{make([]byte, 256<<10)}, [][]byte{make([]byte, 256<<10)}
	readable := far.Readable
	pass := func(rounds int) {
		for range rounds {
			if _, err := near.Write(text); err != nil && !errors.Is(err, ErrWait) {
				t.Fatal(err)
			}
			b.await("bytes", readable)
			if _, err := far.Read(room); err != nil && !errors.Is(err, ErrWait) {
				t.Fatal(err)
			}
			a.Tell()
		}
	}
	pass(1000)
	var before, after runtime.MemStats
	in := b.Stats().In
	runtime.ReadMemStats(&before)
	pass(1000)
	runtime.ReadMemStats(&after)
	datagrams := b.Stats().In - in
	if n := after.Mallocs - before.Mallocs; datagrams < 1000 || n > datagrams/5 {
		t.Errorf("%d allocations for %d datagrams", n, datagrams)
	}
	near.Close()
	far.Close()
}
