package loop

// line is where links wait for their turn, each at most once.
type line struct {
	side    side
	waiting []*link
	taken   []*link // having their turn: its memory is the next line's
}

// side tells the two lines apart.
type side uint8

const (
	reading side = iota
	writing
	sides
)

// add puts a link at the end of the line.
func (n *line) add(k *link) {
	if !k.lined[n.side] {
		k.lined[n.side] = true
		n.waiting = append(n.waiting, k)
	}
}

func (n *line) empty() bool { return len(n.waiting) == 0 }

// take gives all who wait their turn; the list is good until the next call.
func (n *line) take() []*link {
	clear(n.taken)
	n.taken, n.waiting = n.waiting, n.taken[:0]
	for _, k := range n.taken {
		k.lined[n.side] = false
	}
	return n.taken
}
