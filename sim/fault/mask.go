package fault

import "math/bits"

// Mask is a set of faults.
type Mask uint64

const _ = uint(64 - numKinds) // a Mask has room for all

// Of is the set of some faults.
func Of(kinds ...Kind) (m Mask) {
	for _, k := range kinds {
		m |= 1 << k
	}
	return m
}

// Every is the set of all faults.
func Every() Mask { return 1<<numKinds - 2 }

// Has tells whether a fault is in the set.
func (m Mask) Has(k Kind) bool { return m>>k&1 != 0 }

// With is the set and one fault more.
func (m Mask) With(k Kind) Mask { return m | 1<<k }

// Without is the set, but for a fault.
func (m Mask) Without(k Kind) Mask { return m &^ (1 << k) }

// Len is how many faults are in the set.
func (m Mask) Len() int { return bits.OnesCount64(uint64(m)) }

// Kinds lists the faults in the set.
func (m Mask) Kinds() (list []Kind) {
	for _, k := range All() {
		if m.Has(k) {
			list = append(list, k)
		}
	}
	return list
}

// Counts is how often each fault was injected.
type Counts [numKinds]uint64

// Mask is the set of those that were.
func (c *Counts) Mask() (m Mask) {
	for k, n := range c {
		if n > 0 {
			m = m.With(Kind(k))
		}
	}
	return m
}

// Total is how many were injected of all kinds together.
func (c *Counts) Total() (n uint64) {
	for _, of := range c {
		n += of
	}
	return n
}
