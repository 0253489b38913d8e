package sim_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// liar is a party that wants a download to fail, or an honest peer to be banned for it. It has several hosts at one site, of which one
// is connected at a time, and comes back for as long as it is let in.
type liar struct {
	world   *sim.World
	torrent *sim.Torrent
	victim  *sim.Node
	plan    plan
	lots    *rand.Rand
	fast    bool
	hosts   []*sim.Raw
	active  int        // of hosts
	greeted bool       // on this connection
	retry   bt.Instant // when to connect again

	sent  int    // wrong blocks, ever
	lies  uint32 // that it has thought of
	told  map[uint32]bool
	alone map[uint32]bool // pieces of which it was asked for every block
	due   []late
}

// late is a block that a liar will send when nobody expects it.
type late struct {
	at    bt.Instant
	block bt.Block
}

// plan is what a liar does whenever it has its turn.
type plan struct {
	name string
	turn func(*liar)
	sure bool // who follows it long enough proves that it lies
}

// plans are those that were thought of so far.
var plans = []plan{
	{"always lies", func(l *liar) { l.answer(func(bt.Block) bool { return true }) }, true},
	{"lies with another content each time", func(l *liar) { l.lies++; l.answer(func(bt.Block) bool { return true }) }, true},
	{"lies at times", func(l *liar) { l.answer(func(bt.Block) bool { return l.lots.IntN(3) == 0 }) }, false},
	{"lies once a piece", func(l *liar) { l.answer(l.firstOfPiece) }, false},
	{"lies once a piece and leaves it", (*liar).poison, false},
	{"lies when it shares", (*liar).lieWhenSharing, false},
	{"says nothing", func(*liar) {}, false},
	{"rejects", (*liar).reject, false},
	{"lies and chokes", (*liar).flap, false},
	{"lies late", (*liar).lieLate, false},
	{"lies and comes back as another", (*liar).move, false},
}

// act lets the liar have its turn.
func (l *liar) act() {
	now := l.world.Now()
	host := l.hosts[l.active]
	switch {
	case !host.Connected():
		l.greeted = false
		if now >= l.retry {
			l.retry = now.Add(time.Duration(1+l.lots.IntN(20)) * time.Second)
			l.active = l.lots.IntN(len(l.hosts))
			l.hosts[l.active].Connect(l.victim)
		}
	case !l.greeted:
		l.greet(host)
	default:
		l.plan.turn(l)
	}
}

// greet promises everything, and tells some port or other.
func (l *liar) greet(host *sim.Raw) {
	l.greeted = true
	l.told, l.alone, l.due = map[uint32]bool{}, map[uint32]bool{}, nil
	h := wire.NewHandshake(l.torrent.InfoHash, host.ID)
	n := l.torrent.Geometry.NumPieces()
	if !l.fast {
		h.Reserved[7] &^= 0x04
	}
	b := wire.AppendHandshake(nil, h)
	if l.lots.IntN(2) == 0 {
		port := strconv.Itoa(6881 + l.lots.IntN(3))
		b = wire.Append(b, &wire.Message{ID: wire.Extended, Body: []byte("d1:pi" + port + "ee")})
	}
	b = wire.AppendBitfield(b, bitset.New(uint(n)).FlipRange(0, uint(n)), n)
	host.Write(wire.AppendUnchoke(b))
}

// answer sends all that was asked for, a lie where it is to be one.
func (l *liar) answer(lie func(bt.Block) bool) {
	for _, b := range slices.Clone(l.hosts[l.active].Asked()) {
		l.send(b, lie(b))
	}
}

func (l *liar) send(b bt.Block, lie bool) {
	host := l.hosts[l.active]
	host.Answered(b)
	host.Write(wire.AppendPieceHeader(nil, b))
	run := sim.Run{Torrent: l.torrent.ID, Range: b}
	if lie {
		run.Lie = 1 + l.lies
		l.sent++
	}
	host.WritePayload(run)
}

// firstOfPiece is true once for each piece.
func (l *liar) firstOfPiece(b bt.Block) bool {
	first := !l.told[b.Piece]
	l.told[b.Piece] = true
	return first
}

// poison sends one wrong block of each piece, and no other.
func (l *liar) poison() {
	for _, b := range slices.Clone(l.hosts[l.active].Asked()) {
		if l.firstOfPiece(b) {
			l.send(b, true)
		}
	}
}

// lieWhenSharing sends a piece right that it was asked for as a whole, and others wrong.
func (l *liar) lieWhenSharing() {
	asked := map[uint32]uint32{}
	for _, b := range l.hosts[l.active].Asked() {
		if asked[b.Piece]++; asked[b.Piece] == l.torrent.Geometry.NumBlocks(b.Piece) {
			l.alone[b.Piece] = true
		}
	}
	l.answer(func(b bt.Block) bool { return !l.alone[b.Piece] })
}

func (l *liar) reject() {
	host := l.hosts[l.active]
	for _, b := range slices.Clone(host.Asked()) {
		host.Answered(b)
		if l.fast {
			host.Write(wire.AppendReject(nil, b))
		}
	}
}

// flap sends one wrong block, and chokes and unchokes.
func (l *liar) flap() {
	host := l.hosts[l.active]
	if asked := host.Asked(); len(asked) > 0 {
		l.send(asked[0], true)
		host.Write(wire.AppendChoke(nil))
		l.reject()
		return
	}
	host.Write(wire.AppendUnchoke(nil))
}

// lieLate sends wrong blocks when the requests for them have been given up.
func (l *liar) lieLate() {
	host := l.hosts[l.active]
	for _, b := range slices.Clone(host.Asked()) {
		host.Answered(b)
		l.due = append(l.due, late{l.world.Now().Add(time.Duration(15+l.lots.IntN(60)) * time.Second), b})
	}
	for len(l.due) > 0 && l.world.Now() >= l.due[0].at {
		l.send(l.due[0].block, true)
		l.due = l.due[1:]
	}
}

// move sends one wrong block, and comes back from elsewhere.
func (l *liar) move() {
	if asked := l.hosts[l.active].Asked(); len(asked) > 0 {
		l.send(asked[0], true)
		l.hosts[l.active].Close(bt.EOF)
		l.retry = l.world.Now().Add(time.Second)
	}
}

// newLiar makes a liar at a site: the hosts of an IPv4 address have ports of their own, those of an IPv6 prefix addresses.
func newLiar(w *sim.World, victim *sim.Node, number int, six bool, p plan, seed uint64) *liar {
	l := &liar{world: w, torrent: w.Torrents()[0], victim: victim, plan: p, lots: rand.New(rand.NewPCG(seed, uint64(number)))}
	l.fast = l.lots.IntN(2) == 0
	for i := range 3 {
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, 0, byte(number)}), uint16(6881+i))
		if six {
			at = netip.MustParseAddrPort(fmt.Sprintf("[2001:db8:1:%x::%x]:6881", number, i+1))
		}
		host := w.AddRaw(fmt.Sprintf("Liar%d%c", number, 'a'+i), at)
		if l.lots.IntN(4) == 0 {
			host.ID = sim.PeerIDOf("Liar") // which others are called, too
		}
		l.hosts = append(l.hosts, host)
	}
	return l
}

// site is what a ban of the liar is of.
func (l *liar) site() netip.Addr { return bt.Site(l.hosts[0].Addr().Addr()) }
