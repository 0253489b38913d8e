package sim

import "peerwire/core/bt"

// buffer is where payload is received, or stands read: what it would hold if there were any.
type buffer struct {
	token bt.Token
	runs  []Run
}

// hold adds an empty buffer to a list. A node has few.
func hold(list []buffer, t bt.Token) []buffer {
	n := len(list)
	if n == cap(list) {
		return append(list, buffer{token: t})
	}
	list = list[:n+1]
	list[n] = buffer{token: t, runs: list[n].runs[:0]}
	return list
}

// held finds a buffer in a list; -1 when it is not there.
func held(list []buffer, t bt.Token) int {
	for i := range list {
		if list[i].token == t {
			return i
		}
	}
	return -1
}

// release takes a buffer from a list; its room waits behind the list's end to be used again.
func release(list []buffer, i int) []buffer {
	last := len(list) - 1
	list[i], list[last] = list[last], list[i]
	return list[:last]
}

// drop is release for a buffer that may not be there.
func drop(list []buffer, t bt.Token) []buffer {
	if i := held(list, t); i >= 0 {
		return release(list, i)
	}
	return list
}

// add puts a run behind the others.
func (b *buffer) add(r Run) {
	if n := len(b.runs); n == 0 || !b.runs[n-1].extend(r) {
		b.runs = append(b.runs, r)
	}
}

// holds gives what the buffer is filled with as a block of a torrent: however it was cut when it came, and for two blocks
// the same only if they are.
func (b *buffer) holds(h bt.InfoHash, block bt.Block) content {
	whole := Run{InfoHash: h, Range: bt.Block{Piece: block.Piece, Begin: block.Begin}}
	if len(b.runs) > 0 {
		whole.Bad, whole.Lie = b.runs[0].Bad, b.runs[0].Lie
	}
	for _, r := range b.runs {
		if !whole.extend(r) {
			return muddle(b.runs)
		}
	}
	switch {
	case whole.Range != block:
		return muddle(b.runs)
	case whole.Bad:
		return lie(whole.Lie)
	}
	return right
}
