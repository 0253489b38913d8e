package utp

import "encoding/binary"

// reorder keeps packets that came before an earlier one.
type reorder struct {
	packets [][]byte // by sequence number; the buffer of one that is there, as long as what it holds
	here    bitRing
	count   int
	bytes   int    // in them
	held    int    // bytes of their buffers, which are larger
	last    uint16 // the latest that is there, if one is
}

// leastRing is the number of places to begin with; they double as they are needed.
const leastRing = 128

// put keeps a packet that lies after the next one. It tells whether it is new and there was room.
func (r *reorder) put(p *pool, next, seq uint16, payload []byte) bool {
	if r.packets == nil || int(seq-next) >= len(r.packets) {
		r.grow(next, int(seq-next)+1)
	}
	if r.here.has(seq) {
		return false
	}
	b := p.lend(len(payload))
	r.held += cap(b)
	r.bytes += len(payload)
	r.packets[int(seq)&(len(r.packets)-1)] = b[:copy(b, payload)]
	r.here.set(seq)
	if r.count == 0 || before(r.last, seq) {
		r.last = seq
	}
	r.count++
	return true
}

// grow makes places for n packets from next on.
func (r *reorder) grow(next uint16, n int) {
	size := max(leastRing, len(r.packets))
	for size < n {
		size *= 2
	}
	old := *r
	r.packets, r.here = make([][]byte, size), newBitRing(size)
	for i := range len(old.packets) {
		seq := next + uint16(i)
		if old.here.has(seq) {
			r.packets[int(seq)&(size-1)] = old.packets[int(seq)&(len(old.packets)-1)]
			r.here.set(seq)
		}
	}
}

// next gives the packet of that number, if it is there; done gives its buffer back.
func (r *reorder) next(seq uint16) ([]byte, bool) {
	if r.count == 0 || !r.here.has(seq) {
		return nil, false
	}
	return r.packets[int(seq)&(len(r.packets)-1)], true
}

// done gives back the buffer of a packet that is there.
func (r *reorder) done(p *pool, seq uint16) {
	at := &r.packets[int(seq)&(len(r.packets)-1)]
	r.held -= cap(*at)
	r.bytes -= len(*at)
	p.back((*at)[:cap(*at)])
	*at = nil
	r.here.clear(seq)
	r.count--
}

// drop forgets all packets.
func (r *reorder) drop(p *pool) {
	for i := range r.packets {
		if b := r.packets[i]; b != nil {
			p.back(b[:cap(b)])
		}
	}
	*r = reorder{}
}

// sackSize is the length of the selective acknowledgement after ack: a multiple of 4, as BEP 29 has it.
func (r *reorder) sackSize(ack uint16) int {
	if r.count == 0 {
		return 0
	}
	span := int(r.last-ack) - 1 // bits, of which the first is ack + 2
	return min((span+31)/32*4, sackLimit)
}

// sack writes the selective acknowledgement of that length.
func (r *reorder) sack(ack uint16, body []byte) {
	for i := 0; i < len(body); i += 4 {
		binary.LittleEndian.PutUint32(body[i:], uint32(r.here.from(ack+2+uint16(i*8))))
	}
}
