package clause

// Recorder counts how often each clause was obeyed or enforced, so that tests can
// tell which clauses a transcript really reached. A nil *Recorder records nothing, which is
// how production runs. It belongs to one goroutine.
type Recorder struct {
	hits [len(clauses)]int
}

// Hit counts one more reaching of the clause. It never allocates.
func (r *Recorder) Hit(id ID) {
	if r != nil && int(id) < len(r.hits) {
		r.hits[id]++
	}
}

// Hits is how often the clause was reached.
func (r *Recorder) Hits(id ID) int {
	if r == nil || int(id) >= len(r.hits) {
		return 0
	}
	return r.hits[id]
}
