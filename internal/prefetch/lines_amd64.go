package prefetch

import "unsafe"

// lines fetches every cache line that n bytes from p on lie in; n > 0.
//
//go:noescape
func lines(p unsafe.Pointer, n uintptr)
