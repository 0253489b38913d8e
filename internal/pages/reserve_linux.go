// Package pages has the memory of a large run laid out in large pages.
package pages

import (
	"math"
	"runtime"

	"golang.org/x/sys/unix"
)

// most is what is reserved at most, bytes.
const most = min(2<<30, math.MaxInt/8)

// Reserve has so many bytes of the heap, which the program is about to use, laid out in pages of 2 MiB where the system allows it. A swarm is looked
// at in no order; with pages of 4 KiB the processor spends a fifth of its time on finding them. What is not used takes no room.
func Reserve(bytes int) {
	room := make([]byte, min(bytes, most))
	if len(room) > 0 {
		_ = unix.Madvise(room, unix.MADV_HUGEPAGE) // a wish: without it all is the same, but slower
	}
	room = nil
	runtime.GC() // what comes next takes its place
}
