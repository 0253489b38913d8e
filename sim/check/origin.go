package check

import (
	"net/netip"

	"peerwire/core/bt"
)

// origin is where a block of a piece came from, and how far it has come.
type origin struct {
	state originState
	token bt.Token // while it is being written
	conn  bt.ConnID
	from  netip.Addr
}

type originState uint8

const (
	absent originState = iota
	writing
	written
)

// receive takes it that a block came on a connection, and is to be written.
func (n *nodeWatch) receive(token bt.Token, b bt.Block, conn bt.ConnID) {
	if n.blocks[b.Piece] == nil {
		n.blocks[b.Piece] = make([]origin, n.geometry().NumBlocks(b.Piece))
	}
	n.blocks[b.Piece][b.Begin/bt.BlockSize] = origin{writing, token, conn, n.addrs[conn]}
}

// stored takes it that a block was written, or could not be: then it is not known any more who sent the rest of its piece. [TRU-8]
func (n *nodeWatch) stored(token bt.Token, b bt.Block, f bt.Fault) {
	all := n.blocks[b.Piece]
	if all == nil || all[b.Begin/bt.BlockSize].token != token {
		return
	}
	at := &all[b.Begin/bt.BlockSize]
	at.token = 0
	if f == bt.OK {
		at.state = written
		return
	}
	at.state = absent
	for i := range all {
		all[i].conn, all[i].from = 0, netip.Addr{}
	}
}

// shun takes it that an address is banned: what came from it is thrown away, but of pieces that are being verified. [TRU-15]
func (n *nodeWatch) shun(site netip.Addr) {
	for piece := range n.blocks {
		for i := range n.blocks[piece] {
			at := &n.blocks[piece][i]
			if at.state != absent && !n.hashing.Test(uint(piece)) && bt.Site(at.from) == site {
				*at = origin{}
			}
		}
	}
}

// hash takes it that a piece is to be verified: every block of it must have been written, unless the piece was ours before. [MSG-28]
func (n *nodeWatch) hash(piece uint32) {
	n.hashing.Set(uint(piece))
	if n.has.Test(uint(piece)) {
		return
	}
	for k := range n.geometry().NumBlocks(piece) {
		if n.blocks[piece] == nil || n.blocks[piece][k].state != written {
			n.fail(Blocks, "piece %d is to be verified, and block %d of it was not written, or came from who is banned", piece, k)
			return
		}
	}
}

// hashed takes the verdict on a piece.
func (n *nodeWatch) hashed(piece uint32, good bool) {
	n.hashing.Clear(uint(piece))
	if !good {
		n.blocks[piece] = nil
	}
}

// passed takes it that a piece is ours. Who sent all of it is off parole. [TRU-4]
func (n *nodeWatch) passed(piece uint32) {
	n.has.Set(uint(piece))
	n.ours.Set(uint(piece))
	all := n.blocks[piece]
	n.blocks[piece] = nil
	for i := range all {
		if all[i].conn == 0 || all[i].conn != all[0].conn || all[i].state != written {
			return
		}
	}
	if len(all) > 0 {
		n.cleared = append(n.cleared, all[0].conn)
	}
}

// doneParole wants those off parole who sent a whole piece that is right.
func (n *nodeWatch) doneParole() {
	for _, id := range n.cleared {
		if s, ok := n.node.Session().State(id); ok && s.OnParole() {
			n.fail(Parole, "%v is on parole, and has sent a whole piece that is right", id)
		}
	}
	n.cleared = n.cleared[:0]
}
