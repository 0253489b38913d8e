package peerfsm

import (
	"math/bits"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Stock is the memory of queues that have run empty, for those that fill next, and that of trades that have ended. Of the dozen queues of a
// connection most are empty most of the time, and they fill by turns: in the steady state nothing is allocated, and a swarm has the memory of
// what waits, not of what ever waited. Connections of several sessions can have one together, if one goroutine owns them all. The zero Stock is
// ready to be used.
type Stock struct {
	asks     spare[ask]
	serves   spare[serve]
	blocks   spare[bt.Block]
	pieces   spare[uint32]
	tokens   spare[bt.Token]
	fast     spare[fastPiece]
	breaches spare[clause.Violation]
	trades   *trade
}

// stock is where the connection's queues have their memory from.
func (p *Peer) stock() *Stock {
	if p.self.Stock == nil {
		p.self.Stock = new(Stock)
	}
	return p.self.Stock
}

// spare is memory for queues of one kind, by how many elements it has room for.
type spare[T any] struct{ rooms [roomSizes]*items[T] }

// Memory has room for 4 elements, or 5, 6, 7, 8, 10, 12, 14, 16 and so on, up to 1,792: with hundreds of requests on each of hundreds of
// connections what stands empty counts. What is larger is nobody else's.
const (
	leastRoom = 4
	steps     = 4 // from one power of two to the next
	roomSizes = 36
)

// roomFor is the size of room that n elements need, and which of the sizes that is.
func roomFor(n int) (room, size int) {
	n = max(n, leastRoom)
	octave := bits.Len(uint(n)) - 1 // n is at least 1<<octave, and less than twice that
	step := (1 << octave) / steps
	i := (n - 1<<octave + step - 1) / step
	return 1<<octave + i*step, (octave-2)*steps + i
}

// take is an empty queue's memory with room for n elements.
func (s *spare[T]) take(n int) *items[T] {
	room, size := roomFor(n)
	if size < roomSizes {
		if i := s.rooms[size]; i != nil {
			s.rooms[size], i.next = i.next, nil
			return i
		}
	}
	return &items[T]{all: make([]T, 0, room)}
}

// give takes memory back.
func (s *spare[T]) give(i *items[T]) {
	room, size := roomFor(cap(i.all))
	if size >= roomSizes || room != cap(i.all) {
		return
	}
	i.all, i.head = i.all[:0], 0
	i.next, s.rooms[size] = s.rooms[size], i
}
