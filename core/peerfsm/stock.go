package peerfsm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Stock is the memory of queues that have run empty, for those that fill next, and that of downloads and uploads that have ended. Of the dozen queues of a
// connection most are empty most of the time, and they fill by turns: in the steady state nothing is allocated, and a swarm has the memory of
// what waits, not of what ever waited. Connections of several sessions can have one together, if one goroutine owns them all. The zero Stock is
// ready to be used.
type Stock struct {
	asks     spare[ask]
	serves   spare[serve]
	blocks   spare[bt.Block]
	pieces   spare[uint32]
	tokens   spare[bt.Token]
	breaches spare[clause.Violation]

	downloads retired[download]
	uploads   retired[upload]
	fast      retired[fastPiece]

	allowed, suggested, named []uint32 // the last answers of Peer.Allowed, Suggested and namedFast
}

// stock is where the connection's queues have their memory from.
func (p *Peer) stock() *Stock {
	if p.self.Stock == nil {
		p.self.Stock = new(Stock)
	}
	return p.self.Stock
}

// spare is bunches that no queue has.
type spare[T any] struct{ first *bunch[T] }

// take is an empty bunch.
func (s *spare[T]) take() *bunch[T] {
	b := s.first
	if b == nil {
		return new(bunch[T])
	}
	s.first = b.next
	b.head, b.count = 0, 0
	return b
}

// give takes bunches back, from one to another that comes after it or is it.
func (s *spare[T]) give(from, to *bunch[T]) { to.next, s.first = s.first, from }

// retired is values that nobody has any more.
type retired[T any] []*T

// take is one of them, as it was left, or a new one.
func (r *retired[T]) take() *T {
	last := len(*r) - 1
	if last < 0 {
		return new(T)
	}
	v := (*r)[last]
	*r = (*r)[:last]
	return v
}

// give takes one back.
func (r *retired[T]) give(v *T) { *r = append(*r, v) }
