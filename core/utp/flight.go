package utp

import "peerwire/core/bt"

// place is where a packet that was sent stands.
type place uint8

const (
	gone   place = iota // acknowledged
	flying              // on its way, as far as we know
	lost                // thought lost, to be sent again
)

// sent is a packet that took a sequence number, and is kept until all up to it are acknowledged.
type sent struct {
	kind       kind
	place      place
	runt       bool       // it is smaller than it might be
	probe      int        // the size of datagram that it was padded to, to find out whether that passes; else 0
	start      int64      // where its payload begins in the stream
	times      uint8      // how often it was sent
	prev, next uint16     // its neighbours among those of the same place
	size       int        // bytes of payload
	order      int64      // how many were sent before its last sending, of all packets of the connection
	at         bt.Instant // when that was
}

// flight is what was sent and is not acknowledged, by sequence number.
type flight struct {
	ring      []sent
	una       uint16  // the first that is not acknowledged
	end       uint16  // the next to be sent
	here      bitRing // those that were acknowledged selectively
	out, back chain   // the flying, in the order they were sent; the lost, in the order they were found so
	bytes     int     // of payload that flies
	span      int     // of payload from una on
	orders    int64   // how many packets were sent, each sending counted
}

// chain is a list of packets in a flight.
type chain struct {
	head, tail uint16
	n          int
}

// leastFlight is the number of places to begin with: most connections say little.
const leastFlight = 16

// newFlight begins with a sequence number.
func newFlight(seq uint16) flight {
	return flight{ring: make([]sent, leastFlight), here: newBitRing(leastRing), una: seq, end: seq}
}

func (f *flight) at(seq uint16) *sent { return &f.ring[int(seq)&(len(f.ring)-1)] }

// count is how many sequence numbers are not acknowledged.
func (f *flight) count() int { return int(f.end - f.una) }

// idle tells whether nothing is waited for.
func (f *flight) idle() bool { return f.una == f.end }

// full tells whether no more may be sent until something is acknowledged.
func (f *flight) full() bool { return f.count() >= packetsAhead }

// chainOf is the list of a place.
func (f *flight) chainOf(p place) *chain {
	if p == lost {
		return &f.back
	}
	return &f.out
}

// move takes a packet from its place to another.
func (f *flight) move(seq uint16, to place) {
	p := f.at(seq)
	if p.place != gone {
		c := f.chainOf(p.place)
		c.n--
		if c.head == seq {
			c.head = p.next
		} else {
			f.at(p.prev).next = p.next
		}
		if c.tail == seq {
			c.tail = p.prev
		} else {
			f.at(p.next).prev = p.prev
		}
	}
	if p.place == flying {
		f.bytes -= p.size
	}
	p.place = to
	if to == gone {
		return
	}
	c := f.chainOf(to)
	if c.n == 0 {
		c.head = seq
	} else {
		f.at(c.tail).next, p.prev = seq, c.tail
	}
	c.tail = seq
	c.n++
	if to == flying {
		f.bytes += p.size
	}
}

// add gives the next sequence number to a packet; sending it comes after.
func (f *flight) add(k kind, size int) uint16 {
	if f.count() == len(f.ring) {
		f.grow()
	}
	seq := f.end
	*f.at(seq) = sent{kind: k, size: size}
	f.here.clear(seq)
	f.end++
	f.span += size
	return seq
}

// grow doubles the places.
func (f *flight) grow() {
	old := *f
	f.ring, f.here = make([]sent, 2*len(old.ring)), newBitRing(max(2*len(old.ring), leastRing))
	for seq := f.una; seq != f.end; seq++ {
		*f.at(seq) = *old.at(seq)
		if old.here.has(seq) {
			f.here.set(seq)
		}
	}
}

// send notes that a packet goes out now.
func (f *flight) send(now bt.Instant, seq uint16) {
	f.move(seq, flying)
	p := f.at(seq)
	p.at, p.order = now, f.orders
	p.times += min(1, 255-p.times)
	f.orders++
}

// covers tells whether an ack number can be true: of something that was sent, and not too old. [UTP-10]
func (f *flight) covers(ack uint16) bool {
	return int(ack-f.una+1+oldAcks) <= f.count()+oldAcks
}

// oldAcks is how far behind an ack number may be.
const oldAcks = 3 // [UTP-10]

// find looks for what flies and was sent as that, among all, from the latest on.
func (f *flight) find(order int64) (seq uint16, ok bool) {
	seq = f.out.tail
	for n := f.out.n; n > 0 && f.at(seq).order > order; n-- {
		seq = f.at(seq).prev
	}
	return seq, f.out.n > 0 && f.at(seq).order == order && f.at(seq).place == flying
}
