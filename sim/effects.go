package sim

import (
	"net/netip"
	"strconv"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// execute does one thing that the core asks for. Whatever comes of it is planned, and never happens at once.
func (n *Node) execute(e *bt.Effect) {
	switch e.Kind {
	case bt.Dial:
		n.dial(e)
	case bt.Need, bt.WantWrite, bt.PauseRead, bt.ResumeRead, bt.Close:
		if s := n.socket(e.Conn); s != nil {
			s.execute(e)
		} else if e.Kind != bt.Close {
			panic("BUG: the core asks for a connection that is not there")
		}
	case bt.Store:
		n.store(*e)
	case bt.Release:
		delete(n.buffers, e.Token)
		delete(n.fetched, e.Token) // if the disk is at it still, it reads in vain
	case bt.Fetch:
		n.fetch(*e)
	case bt.Verify:
		n.verify(*e)
	default:
		n.report(e)
	}
}

// report puts in the journal what asks for nothing here.
func (n *Node) report(e *bt.Effect) {
	switch e.Kind {
	case bt.Passed:
		n.tell("has piece " + strconv.Itoa(int(e.Piece)))
	case bt.Completed:
		n.tell("has every piece")
	case bt.Stalled:
		n.tell("stalls: " + e.Fault.String())
	case bt.MorePeers:
		n.tell("asks for more peers")
	case bt.Banned:
		n.world.broken = append(n.world.broken, e.Reason.Violation)
		n.tell("bans " + e.Addr.Addr().String() + " until t=" + e.Until.String() + ": " + e.Reason.String())
	case bt.Noticed:
		n.world.broken = append(n.world.broken, e.Reason.Violation)
		if e.Reason.Violation.Consequence() != clause.Close { // else the close says it
			n.tell("notices of " + n.labelOf(e) + ": " + e.Reason.String())
		}
	}
}

// labelOf is what the journal calls the peer of an effect.
func (n *Node) labelOf(e *bt.Effect) string {
	if s := n.socket(e.Conn); s != nil {
		return s.label
	}
	return e.Addr.String()
}

func (n *Node) dial(e *bt.Effect) {
	s := &socket{node: n, id: e.Conn, label: n.world.nameOf(e.Addr)}
	n.sockets = append(n.sockets, s)
	own := n.addr // one socket does for all of uTP
	if e.Transport == bt.UTP {
		n.tell("dials " + s.label + " over utp")
	} else {
		n.lastOut++
		own = netip.AddrPortFrom(n.addr.Addr(), ephemeral+n.lastOut)
		n.tell("dials " + s.label)
	}
	n.world.dial(n, own, e.Addr, e.Transport, func(end *End, f bt.Fault) {
		if s.gone {
			if end != nil {
				end.close(bt.EOF)
			}
			return
		}
		if f != bt.OK {
			n.tell("cannot reach " + s.label + ": " + f.String())
			s.forget()
			n.handle(bt.Event{Kind: bt.Dialled, Conn: s.id, Fault: f})
			return
		}
		s.attach(end)
		n.handle(bt.Event{Kind: bt.Dialled, Conn: s.id, Addr: end.addr})
		s.read()
	})
}

// accept takes a connection that was opened to the node.
func (n *Node) accept(end *End) {
	n.lastIn++
	s := &socket{node: n, id: n.lastIn | bt.Accepted}
	n.sockets = append(n.sockets, s)
	s.attach(end)
	n.awake(func() {
		if !s.gone {
			n.handle(bt.Event{Kind: bt.Accept, Conn: s.id, Addr: end.far.seen, Transport: end.over})
			s.read()
		}
	})
}

func (n *Node) store(e bt.Effect) {
	buf := n.buffers[e.Token]
	if buf == nil {
		panic("BUG: the core stores what is in no buffer")
	}
	answer := func() {
		delete(n.buffers, e.Token)
		f := n.Disk.store(e.Torrent, e.Block, buf.holds(n.Disk.volume(e.Torrent).torrent.InfoHash, e.Block))
		n.handle(bt.Event{Kind: bt.Stored, Token: e.Token, Fault: f})
	}
	if n.Disk.Holding {
		n.Disk.held = append(n.Disk.held, answer)
		return
	}
	n.world.after(n.Disk.Delay, answer)
}

func (n *Node) fetch(e bt.Effect) {
	n.fetched[e.Token] = Run{}
	n.world.after(n.Disk.Delay, func() {
		run, f := n.Disk.fetch(e.Torrent, e.Block)
		if _, wanted := n.fetched[e.Token]; wanted && f == bt.OK {
			n.fetched[e.Token] = run
		} else {
			delete(n.fetched, e.Token)
		}
		n.handle(bt.Event{Kind: bt.Fetched, Token: e.Token, Fault: f})
	})
}

func (n *Node) verify(e bt.Effect) {
	n.world.after(n.Disk.Delay, func() {
		ev := n.Disk.verify(e.Torrent, e.Piece, e.Sums)
		if ev.Fault == bt.OK && !ev.Good {
			n.tell("finds piece " + strconv.Itoa(int(e.Piece)) + " wrong")
		}
		n.handle(ev)
	})
}

// buffer is where payload is received: what it would hold if there were any.
type buffer struct {
	runs []Run
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
