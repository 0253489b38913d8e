package utp

// pool lends the buffers of all connections of a Socket, in a few sizes, and counts what is lent.
type pool struct {
	free  [len(poolSizes)][][]byte
	lent  int // bytes
	limit int // bytes that connections may have lent together, beyond the least share of each
}

// poolSizes are the sizes of buffers, from a packet of an ordinary network to the largest.
var poolSizes = [...]int{2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10}

// poolKeeps is how many bytes of each size are kept for the next who needs them.
const poolKeeps = 4 << 20

// class is the size that n bytes need.
func class(n int) int {
	for i, size := range poolSizes {
		if n <= size {
			return i
		}
	}
	panic("BUG: larger than any datagram")
}

// lend gives a buffer of at least n bytes.
func (p *pool) lend(n int) []byte {
	k := class(n)
	p.lent += poolSizes[k]
	last := len(p.free[k]) - 1
	if last < 0 {
		return make([]byte, poolSizes[k])
	}
	b := p.free[k][last]
	p.free[k] = p.free[k][:last]
	return b
}

// back takes a buffer back.
func (p *pool) back(b []byte) {
	k := class(len(b))
	p.lent -= len(b)
	if len(p.free[k]) < poolKeeps/poolSizes[k] {
		p.free[k] = append(p.free[k], b)
	}
}
