package sim

import (
	"slices"

	"peerwire/core/bt"
)

// buffer is where payload is received, or stands read: what it would hold if there were any. What was cut when it came, and does not go on where the
// last run ended, stands in another one of the same token behind it.
type buffer struct {
	token bt.Token
	run   Run   // none while nothing was received
	next  int32 // in its row, or among those that are free; 0 when it is the last
}

// row is some buffers, in the order in which they came.
type row struct{ first, last int32 }

// buffers are those of all nodes, with numbers from 1 on. They stand in pages, and who gives one back leaves it to all: lists of each node's own would take
// room for the most that each ever had.
type buffers struct {
	pages []*[bufferPage]buffer
	made  int32
	free  int32
}

const bufferPage = 256

func (s *buffers) at(i int32) *buffer { return &s.pages[i/bufferPage][i%bufferPage] }

// hold puts a buffer behind those of a row.
func (s *buffers) hold(r *row, t bt.Token, run Run) {
	i := s.free
	if i != 0 {
		s.free = s.at(i).next
	} else {
		s.made++
		i = s.made
		if int(i/bufferPage) == len(s.pages) {
			s.pages = append(s.pages, new([bufferPage]buffer))
		}
	}
	if *s.at(i) = (buffer{token: t, run: run}); r.first == 0 {
		r.first = i
	} else {
		s.at(r.last).next = i
	}
	r.last = i
}

// take gives the first run of a buffer, which is in its row no more; false when there is none.
func (s *buffers) take(r *row, t bt.Token) (Run, bool) {
	before := int32(0)
	for i := r.first; i != 0; before, i = i, s.at(i).next {
		b := s.at(i)
		if b.token != t {
			continue
		}
		if before == 0 {
			r.first = b.next
		} else {
			s.at(before).next = b.next
		}
		if r.last == i {
			r.last = before
		}
		run := b.run
		*b, s.free = buffer{next: s.free}, i
		return run, true
	}
	return Run{}, false
}

// drop takes a buffer, with all that it holds, from its row; false when it is not there.
func (s *buffers) drop(r *row, t bt.Token) bool {
	_, there := s.take(r, t)
	for more := there; more; {
		_, more = s.take(r, t)
	}
	return there
}

// find gives the last buffer of a token; nil when there is none.
func (s *buffers) find(r *row, t bt.Token) (last *buffer) {
	for i := r.first; i != 0; i = s.at(i).next {
		if b := s.at(i); b.token == t {
			last = b
		}
	}
	return last
}

// fill adds a run to what a buffer holds, if it is there.
func (s *buffers) fill(r *row, t bt.Token, run Run) {
	switch b := s.find(r, t); {
	case b == nil:
	case b.run == Run{}:
		b.run = run
	case !b.run.extend(run):
		s.hold(r, t, run)
	}
}

// move puts all buffers of a row behind those of another.
func (s *buffers) move(from, to *row) {
	switch {
	case from.first == 0:
		return
	case to.first == 0:
		to.first = from.first
	default:
		s.at(to.last).next = from.first
	}
	to.last = from.last
	*from = row{}
}

// clear gives all buffers of a row back.
func (s *buffers) clear(r *row) {
	for r.first != 0 {
		s.drop(r, s.at(r.first).token)
	}
}

// tokens adds those of a row to a list.
func (s *buffers) tokens(list []bt.Token, r row) []bt.Token {
	for i := r.first; i != 0; i = s.at(i).next {
		list = append(list, s.at(i).token)
	}
	return list
}

// Held is how many buffers the core has not given back: with payload that is being received, waits to be stored, or was read to
// be sent.
func (n *Node) Held() int {
	list := n.world.buffers.tokens(slices.Clone(n.reading), n.buffers)
	for _, s := range n.sockets {
		list = n.world.buffers.tokens(list, s.fetched)
	}
	slices.Sort(list)
	return len(slices.Compact(list))
}

// give takes a buffer back from the core.
func (n *Node) give(t bt.Token) {
	all := &n.world.buffers
	if all.drop(&n.buffers, t) {
		return
	}
	if n.endRead(t) { // the disk is at it still: it reads in vain
		return
	}
	for _, s := range n.sockets {
		if all.drop(&s.fetched, t) {
			return
		}
	}
}

// endRead takes a buffer from those that the disk reads into; false when it is not there.
func (n *Node) endRead(t bt.Token) bool {
	i := slices.Index(n.reading, t)
	if i >= 0 {
		last := len(n.reading) - 1
		n.reading[i] = n.reading[last]
		n.reading = n.reading[:last]
	}
	return i >= 0
}

// stand is the row of what was read for a connection.
func (n *Node) stand(id bt.ConnID) *row {
	if s := n.socket(id); s != nil {
		return &s.fetched
	}
	return &n.buffers
}

// received takes the buffer of a block, and gives what it was filled with: however it was cut when it came, and for two blocks the same only if they are.
func (n *Node) received(t bt.Token, of *Torrent, block bt.Block) content {
	w := n.world
	runs := w.runs[:0]
	for run, ok := w.buffers.take(&n.buffers, t); ok; run, ok = w.buffers.take(&n.buffers, t) {
		if run != (Run{}) {
			runs = append(runs, run)
		}
	}
	w.runs = runs
	whole := Run{Torrent: of.ID, Range: bt.Block{Piece: block.Piece, Begin: block.Begin}}
	if len(runs) > 0 {
		whole.Lie = runs[0].Lie
	}
	for _, r := range runs {
		if !whole.extend(r) {
			return w.muddle(runs)
		}
	}
	switch {
	case whole.Range != block:
		return w.muddle(runs)
	case whole.Lie != 0:
		return lie(whole.Lie)
	}
	return right
}
