package kept

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// raw is a scripted peer, who speaks for the other ends of some connections, one after the other.
type raw struct {
	name    string
	at      netip.AddrPort // where it listens
	dialled bool           // the core dials it
	offers  wire.Reserved
	talks   []*talk
}

// talk is one connection of the core.
type talk struct {
	raw      *raw
	id       bt.ConnID
	from     netip.AddrPort // of one that was accepted
	to       netip.AddrPort // of one that was dialled
	over     bt.Transport
	begins   int // the first of the account's calls that is about it
	ends     int // and the last
	delivery []*delivery
	next     int // of these, the one that comes next

	shaken  bool
	known   int       // bytes told before, at the head of what the core is told next
	partial []byte    // of a message of the peer's that is not whole
	said    int       // bytes of that which the peer has said
	head    *delivery // of a block, that was sent: its payload comes
	mute    bool      // what comes is no message at all: it is said as bytes

	own     []byte     // what the core has written and is not whole
	greeted bool       // it has written its handshake
	asked   []bt.Block // what it has asked for, and was not answered
}

// delivery is a block that a peer sends.
type delivery struct {
	block bt.Block
	lie   int // which wrong bytes they are; -1 when they are right
	asked bool
	came  int // bytes
	said  int // of these
	begun bool
}

// overlaps tells whether two connections were there at one time.
func (t *talk) overlaps(o *talk) bool { return t.begins <= o.ends && o.begins <= t.ends }

// talks finds all connections, in the order in which they began, and the peers that speak for them. Who is dialled at an address is one peer; who connects
// from there is the same as long as that has no other connection.
func (a *account) meet() (talks []*talk, raws []*raw) {
	talks = a.connections()
	for _, outgoing := range []bool{true, false} {
		for _, t := range talks {
			if t.to.IsValid() != outgoing {
				continue
			}
			at := t.to
			name := ""
			if !outgoing {
				at = t.from
			}
			name, listens := a.nameOf(at.Addr())
			if !outgoing && listens.IsValid() {
				at = listens
			}
			i := slices.IndexFunc(raws, func(r *raw) bool {
				return r.at == at && (outgoing && r.dialled || !outgoing && !slices.ContainsFunc(r.talks, t.overlaps))
			})
			if i < 0 {
				i = len(raws)
				raws = append(raws, &raw{name: unique(raws, a.begin.Name, cmp.Or(name, "peer")), at: at, dialled: outgoing, offers: usual})
			}
			t.raw = raws[i]
			t.raw.talks = append(t.raw.talks, t)
		}
	}
	return talks, raws
}

// usual is what peers offer unless it is said.
var usual = wire.NewHandshake(bt.InfoHash{}, bt.PeerID{}).Reserved

// unique is a name that nobody else has.
func unique(raws []*raw, own, name string) string {
	taken := func(name string) bool {
		return name == own || slices.ContainsFunc(raws, func(r *raw) bool { return r.name == name })
	}
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if other := name + "-" + strconv.Itoa(n); !taken(other) {
			return other
		}
	}
}

// connections finds all connections but those to the core itself.
func (a *account) connections() (list []*talk) {
	of := map[bt.ConnID]*talk{}
	self := a.begin.Addr.Addr()
	for i := range a.calls {
		c := &a.calls[i]
		if e := &c.event; c.told && e.Kind == bt.Accept && e.Addr.Addr() != self {
			t := &talk{id: e.Conn, from: e.Addr, over: e.Transport, begins: i, ends: len(a.calls)}
			of[t.id], list = t, append(list, t)
		}
		for _, e := range c.effects {
			switch {
			case e.Kind == bt.Dial && e.Addr.Addr() != self:
				t := &talk{id: e.Conn, to: e.Addr, over: e.Transport, begins: i, ends: len(a.calls)}
				of[t.id], list = t, append(list, t)
			case e.Kind == bt.Close && of[e.Conn] != nil:
				of[e.Conn].ends = i
			}
		}
		if e := &c.event; c.told && of[e.Conn] != nil && (e.Kind == bt.Closed || e.Kind == bt.Dialled && e.Fault != bt.OK) {
			of[e.Conn].ends = min(of[e.Conn].ends, i)
		}
	}
	a.deliveries(of)
	return list
}

// deliveries finds which blocks came on which connection, and which of them were wrong: what the disk found out about them is told with the verdict.
func (a *account) deliveries(of map[bt.ConnID]*talk) {
	spec := a.spec()
	held := map[bt.Token]*delivery{}
	stored := map[bt.Block]*delivery{}
	wrong := map[bt.Block][]bt.Digest{}
	for i := range a.calls {
		c := &a.calls[i]
		if e := &c.event; c.told && e.Kind == bt.Verified {
			for k, sum := range e.Sums {
				b := spec.Geometry.BlockAt(e.Piece, uint32(k))
				d := stored[b]
				if d == nil || !sim.IsLie(spec.InfoHash, b, sum) {
					continue
				}
				if d.lie = slices.Index(wrong[b], sum); d.lie < 0 {
					d.lie = len(wrong[b])
					wrong[b] = append(wrong[b], sum)
				}
			}
		}
		for _, e := range c.effects {
			switch t := of[e.Conn]; {
			case e.Kind == bt.Need && e.Want != bt.WantBytes && t != nil:
				d := &delivery{lie: -1}
				t.delivery = append(t.delivery, d)
				if e.Want == bt.WantPayload {
					held[e.Token] = d
				}
			case e.Kind == bt.Store && held[e.Token] != nil:
				stored[e.Block] = held[e.Token]
			}
		}
	}
}

// whole is how many bytes the first message has, or the handshake; 0 when it is not there as a whole, and -1 when it is no message. A block is
// whole when its head is.
func (t *talk) whole(b []byte) int {
	switch {
	case !t.shaken && len(b) < wire.HandshakeLen, t.shaken && len(b) < 4:
		return 0
	case !t.shaken:
		return wire.HandshakeLen
	}
	n := 4 + int(binary.BigEndian.Uint32(b))
	switch {
	case n > wire.MaxFrame+4:
		return -1
	case n > wire.PieceHeaderLen && len(b) > 4 && wire.ID(b[4]) == wire.Piece:
		n = wire.PieceHeaderLen
	}
	if len(b) < n {
		return 0
	}
	return n
}

// wrote takes what the core has written: what it asks for, and takes back.
func (t *talk) wrote(b []byte) {
	t.own = append(t.own, b...)
	if !t.greeted {
		if len(t.own) < wire.HandshakeLen {
			return
		}
		t.greeted, t.own = true, t.own[wire.HandshakeLen:]
	}
	for {
		var m wire.Message
		n, _, _ := wire.Decode(t.own, &wire.Rules{Fast: true}, &m)
		if n == 0 {
			return
		}
		switch m.ID {
		case wire.Request:
			t.asked = append(t.asked, m.Block)
		case wire.Cancel:
			t.answered(m.Block)
		}
		t.own = t.own[n:]
	}
}

// answered tells whether a block was asked for; now it is no more.
func (t *talk) answered(b bt.Block) bool {
	i := slices.Index(t.asked, b)
	if i >= 0 {
		t.asked = slices.Delete(t.asked, i, i+1)
	}
	return i >= 0
}
