// Package prefetch asks the processor for memory that is looked at soon. It changes nothing but how long that look takes: who runs thousands of sessions
// knows whose turn comes next, and has none of them in a cache.
package prefetch

import "unsafe"

// Value fetches what p points to, if anything.
func Value[T any](p *T) {
	if p != nil {
		lines(unsafe.Pointer(p), unsafe.Sizeof(*p))
	}
}

// Element fetches the i-th element of a slice, if there is one.
func Element[T any](s []T, i int) {
	if uint(i) < uint(len(s)) {
		Value(&s[i])
	}
}
