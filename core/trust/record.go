package trust

import (
	"slices"

	"peerwire/core/bt"
)

// What is kept of pieces that failed is bounded: the piece that failed longest ago makes room.
const (
	maxRecords = 64     // pieces [TRU-11]
	maxFacts   = 131072 // blocks of all of them [TRU-11]
)

// fact is one block of a piece that failed: who sent it, and what it was. There is one for each content that somebody sent.
type fact struct {
	sender id
	block  uint32 // number within the piece
	digest bt.Digest
}

// records are the pieces that failed by shared blame and are not right yet, the one that failed longest ago first.
type records struct {
	list  []record
	facts int // of all of them
}

// record is what is known of one of them, in the order of the blocks.
type record struct {
	piece uint32
	facts []fact
}

// find is the place of a piece's record; -1 when there is none.
func (r *records) find(piece uint32) int {
	return slices.IndexFunc(r.list, func(rec record) bool { return rec.piece == piece })
}

// take removes a piece's record and gives its facts, whose senders are in use until they are released.
func (r *records) take(piece uint32) []fact {
	i := r.find(piece)
	if i < 0 {
		return nil
	}
	facts := r.list[i].facts
	r.list = slices.Delete(r.list, i, i+1)
	r.facts -= len(facts)
	return facts
}

// put makes facts the record of a piece that has failed just now. Where they are too many the oldest record goes, in the end
// this one. [TRU-11]
func (r *records) put(n *names, piece uint32, facts []fact) {
	if len(facts) == 0 {
		return
	}
	r.list = append(r.list, record{piece, facts})
	r.facts += len(facts)
	for len(r.list) > maxRecords || r.facts > maxFacts {
		n.forget(r.take(r.list[0].piece))
	}
}

// filter keeps the facts that are to be kept. A record of none is none.
func (r *records) filter(n *names, keep func(*fact) bool) {
	for i := range r.list {
		rec := &r.list[i]
		kept := rec.facts[:0]
		for k := range rec.facts {
			if f := &rec.facts[k]; keep(f) {
				kept = append(kept, *f)
			} else {
				n.release(f.sender)
				r.facts--
			}
		}
		rec.facts = kept
	}
	r.list = slices.DeleteFunc(r.list, func(rec record) bool { return len(rec.facts) == 0 })
}

// each calls f for every fact.
func (r *records) each(f func(*fact)) {
	for i := range r.list {
		for k := range r.list[i].facts {
			f(&r.list[i].facts[k])
		}
	}
}

// forget ends the use of the senders of facts.
func (n *names) forget(facts []fact) {
	for i := range facts {
		n.release(facts[i].sender)
	}
}
