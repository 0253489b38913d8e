package dialogue

import (
	"slices"
	"strconv"
	"time"

	"peerwire/core/bt"
)

// answering is a peer that acknowledges by itself for a while.
type answering struct {
	peer    *peer
	after   time.Duration // how long it takes there and back
	wait    time.Duration // how much longer than usual ours took, as it tells
	lose    uint16        // the number of a packet that is lost once; 0 for none
	got     map[uint16]bool
	packets []flying
	last    uint16 // the last in order
	largest int
	fed     bool // we write as much as is taken
}

// flying is a packet of ours that is to be acknowledged.
type flying struct {
	at  bt.Instant
	seq uint16
}

// answers has a peer acknowledge every packet of ours for so long. What is seen is only how the connection stands at the end.
func (d *Dialogue) answers(args []string) error {
	a := answering{peer: d.peerOf(args[0]), got: map[uint16]bool{}}
	a.last = a.peer.acked
	for seq := a.last + 1; int16(a.peer.sent-seq) >= 0; seq++ {
		a.packets = append(a.packets, flying{d.now, seq})
	}
	length, err := span(args, "for", time.Second)
	if err != nil {
		return err
	}
	if a.after, err = span(args, "after", 50*time.Millisecond); err != nil {
		return err
	}
	if a.wait, err = span(args, "wait", 0); err != nil {
		return err
	}
	late, err := span(args, "late", 0)
	if err != nil {
		return err
	}
	if text, ok := option(args, "lose"); ok {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		a.lose = a.peer.first + uint16(n)
	}
	a.fed = slices.Contains(args, "fed")
	d.collect(&a)
	for end := d.now.Add(length); ; {
		next := min(d.s.NextDeadline(), end)
		if len(a.packets) > 0 {
			next = min(next, a.packets[0].at)
		}
		d.now = max(d.now, next)
		d.s.Tick(d.now)
		for len(a.packets) > 0 && a.packets[0].at <= d.now {
			d.acknowledge(&a, late)
		}
		d.collect(&a)
		if next == end {
			break
		}
	}
	a.peer.acked = a.last
	info, _ := d.s.Info(a.peer.id)
	d.note("%s has all up to +%d; the window is %d, %d fly, %s, datagrams of %d", a.peer.name, a.last-a.peer.first, info.Window, info.Flying,
		"waiting "+info.Queueing.String(), a.largest)
	return nil
}

// collect takes what we send to the peer.
func (d *Dialogue) collect(a *answering) {
	for a.fed {
		if _, err := d.s.Write(d.now, a.peer.id, [][]byte{d.buf}); err != nil {
			break
		}
	}
	for out, ok := d.s.Transmit(d.now, d.buf); ok; out, ok = d.s.Transmit(d.now, d.buf) {
		p := apart(d.buf[:out.N])
		if p.kind != typeData || out.To != a.peer.addr {
			continue
		}
		a.largest = max(a.largest, out.N)
		if int16(p.seq-a.peer.sent) > 0 {
			a.peer.sent = p.seq
		}
		if p.seq == a.lose {
			a.lose = 0
			continue
		}
		a.packets = append(a.packets, flying{d.now.Add(a.after), p.seq})
	}
}

// acknowledge has the peer take the first packet.
func (d *Dialogue) acknowledge(a *answering, late time.Duration) {
	a.got[a.packets[0].seq] = true
	a.packets = a.packets[1:]
	for a.got[a.last+1] {
		a.last++
		delete(a.got, a.last)
	}
	p := packet{
		kind: typeState, id: a.peer.carry, seq: a.peer.seq + 1, ack: a.last, window: a.peer.window,
		stamp: micros(d.now - bt.Instant(usual+late)), difference: uint32((usual + a.wait) / time.Microsecond),
	}
	d.s.Arrived(d.now, a.peer.addr, p.encode(a.sack(), nil))
}

// sack is the selective acknowledgement that tells what came out of order.
func (a *answering) sack() []extension {
	if len(a.got) == 0 {
		return nil
	}
	body := make([]byte, 32)
	for i := range 8 * len(body) {
		if a.got[a.last+2+uint16(i)] {
			body[i/8] |= 1 << (i % 8)
		}
	}
	return []extension{{extSack, body}}
}
