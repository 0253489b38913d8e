//go:build !linux && !darwin

package disk

// openNonblock has no meaning here.
const openNonblock = 0

// What can be synced here: files that are open for writing, and nothing else.
const (
	dirsSync      = false
	readOnlySyncs = false
)

// NextData cannot tell holes from data here: all is data.
func (h *osHandle) NextData(off int64) (int64, error) { return off, nil }

// descriptors is how many files the process may have open.
func descriptors() int { return 1024 }
