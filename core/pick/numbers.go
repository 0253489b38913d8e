package pick

// numbers is a list of numbers that are below its length: two bytes for each, or four in a torrent of so many pieces that it takes them. Every torrent has
// two such lists, as long as it has pieces.
type numbers struct {
	short []uint16
	long  []uint32 // nil where short will do
}

// mostShort is how long a list of two bytes for each may be.
const mostShort = 1 << 16

// newNumbers is a list of 0, 1, and so on until n.
func newNumbers(n uint32) (l numbers) {
	if n > mostShort {
		l.long = make([]uint32, n)
	} else {
		l.short = make([]uint16, n)
	}
	for i := range n {
		l.set(i, i)
	}
	return l
}

func (l *numbers) len() int { return len(l.short) + len(l.long) }

func (l *numbers) at(i uint32) uint32 {
	if l.long != nil {
		return l.long[i]
	}
	return uint32(l.short[i])
}

func (l *numbers) set(i, v uint32) {
	if l.long != nil {
		l.long[i] = v
	} else {
		l.short[i] = uint16(v)
	}
}

// first is how many of n pieces that are listed from an index on come before the first that a peer has, or -1.
func (l *numbers) first(w *Want, from uint32, n int) int {
	if l.long != nil {
		return first(w, l.long[from:][:n])
	}
	return first(w, l.short[from:][:n])
}

// first is the index of the first of the pieces that the peer has, or -1.
func first[T uint16 | uint32](w *Want, pieces []T) int {
	switch {
	case len(pieces) == 0, w.Have == nil && !w.Seed:
		return -1
	case w.Seed:
		return 0
	}
	words := w.Have.Words()
	for i, piece := range pieces {
		if at := piece / 64; int(at) < len(words) && words[at]>>(piece%64)&1 != 0 {
			return i
		}
	}
	return -1
}
