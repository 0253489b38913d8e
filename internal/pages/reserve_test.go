package pages_test

import (
	"runtime"
	"testing"

	"peerwire/internal/pages"
)

// What is reserved is free for whoever comes next, and what is too much is not asked for.
func TestReserve(t *testing.T) {
	for _, bytes := range []int{0, 1, 64 << 20, 1 << 30} {
		before := inUse()
		pages.Reserve(bytes)
		if more := inUse() - before; more > 1<<20 {
			t.Errorf("%d bytes reserved, and %d more in use", bytes, more)
		}
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
