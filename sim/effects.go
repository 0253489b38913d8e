package sim

import (
	"cmp"
	"net/netip"
	"strconv"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// execute does one thing that the core asks for. Whatever comes of it is planned, and never happens at once.
func (n *Node) execute(e *bt.Effect) {
	if n.talks() {
		n.narrate(e)
	}
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
		n.store(e)
	case bt.Release:
		n.give(e.Token)
	case bt.Fetch:
		n.reading = append(n.reading, e.Token)
		n.ask(e)
	case bt.Verify:
		n.ask(e)
	default:
		if e.Kind == bt.Passed {
			n.Disk.keep(e.Torrent, e.Piece)
		}
		if n.reports != nil {
			n.reports(e)
		}
	}
}

func (n *Node) dial(e *bt.Effect) {
	s := n.open(e.Conn)
	own := n.addr // one socket does for all of uTP
	if e.Transport != bt.UTP {
		n.lastOut++
		own = netip.AddrPortFrom(n.addr.Addr(), Ephemeral+n.lastOut)
	}
	if n.talks() {
		s.voice = &voice{label: n.world.nameOf(e.Addr)}
		n.tell("dials " + s.label() + over(e.Transport))
	}
	n.world.dial(n, own, e.Addr, e.Transport, func(end *End, f bt.Fault) {
		if s.gone {
			if end != nil {
				end.close(bt.EOF)
			}
			return
		}
		if f != bt.OK {
			if n.talks() {
				n.tell("cannot reach " + s.label() + ": " + f.String())
			}
			s.forget()
			n.handle(bt.Event{Kind: bt.Dialled, Conn: s.id, Fault: f})
			return
		}
		s.attach(end)
		n.handle(bt.Event{Kind: bt.Dialled, Conn: s.id, Addr: own})
		s.read()
	})
}

// accept takes a connection that was opened to the node.
func (n *Node) accept(end *End) {
	n.lastIn++
	s := n.open(n.lastIn | bt.Accepted)
	s.attach(end)
	s.awake(accepting)
}

// store lets the disk write a block, unless it is held up.
func (n *Node) store(e *bt.Effect) {
	if n.world.buffers.find(&n.buffers, e.Token) == nil {
		panic("BUG: the core stores what is in no buffer")
	}
	if n.Disk.Holding {
		n.Disk.held = append(n.Disk.held, *e)
		return
	}
	n.ask(e)
}

// ask gives the disk something to do.
func (n *Node) ask(e *bt.Effect) {
	if n.Disk.ByHand {
		n.Disk.held = append(n.Disk.held, *e)
		return
	}
	delay := n.Disk.Delay
	if n.ills.Strikes(fault.SlowDisk) {
		delay += n.ills.Dose(fault.SlowDisk).For
	}
	n.world.send(n.world.now.Add(delay), errand{node: n, ask: *e})
}

// answer lets the disk do what it was asked for, and tells the core: that it has a fault, if it is given one, and digests or none.
func (n *Node) answer(e *bt.Effect, f bt.Fault, sums bool) {
	if n.gone {
		return
	}
	switch e.Kind {
	case bt.Store:
		if c := n.received(e.Token, n.Disk.volume(e.Torrent).torrent, e.Block); f == bt.OK {
			f = n.Disk.store(e.Torrent, e.Block, c)
		}
		n.handle(bt.Event{Kind: bt.Stored, Token: e.Token, Fault: f})
	case bt.Fetch:
		run, own := n.Disk.fetch(e.Torrent, e.Block)
		f = cmp.Or(f, own)
		if n.endRead(e.Token) && f == bt.OK {
			n.world.buffers.hold(n.stand(e.Conn), e.Token, run)
		}
		n.handle(bt.Event{Kind: bt.Fetched, Token: e.Token, Fault: f})
	case bt.Verify:
		ev := n.Disk.verify(e.Torrent, e.Piece, e.Sums)
		if f != bt.OK {
			ev = bt.Event{Kind: bt.Verified, Torrent: e.Torrent, Piece: e.Piece, Fault: f}
		}
		if !sums {
			ev.Sums = nil
		}
		if n.talks() && ev.Fault == bt.OK && !ev.Good {
			n.tell("finds piece " + strconv.Itoa(int(e.Piece)) + " wrong")
		}
		n.handle(ev)
	}
}
