package model_test

import (
	"crypto/sha1"
	"flag"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// peer is a peer that says what the machine draws.
type peer struct {
	name  string
	addr  netip.AddrPort
	id    bt.PeerID
	offer wire.Reserved
	port  uint16 // of the last connection that it opened
}

// machine drives a session through a random history.
type machine struct {
	*shell
	peers []*peer
	cfg   bt.Config
	ids   bt.TorrentID
}

// TestSessionAgainstModel compares a session with the model after every call of a random history: messages legal and illegal, cut
// anywhere; timers at their time, before, after, long after; disk answers late, lost and bad; connections lost and made again.
func TestSessionAgainstModel(t *testing.T) {
	if f := flag.Lookup("rapid.seed"); f != nil && f.Value.String() == f.DefValue { // the same histories on every run; -rapid.seed=N for others
		f.Value.Set("1")
	}
	if f := flag.Lookup("rapid.steps"); f != nil && f.Value.String() == f.DefValue {
		_ = f.Value.Set("60")
	}
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"":          m.check,
			"greet":     m.greet,
			"greet 2":   m.greet,
			"connect":   m.connect,
			"shake":     m.shake,
			"learn":     m.learn,
			"dialled":   m.dialled,
			"say":       m.say,
			"say more":  m.say,
			"say again": m.say,
			"misspeak":  m.misspeak,
			"answer":    m.answer,
			"answer 2":  m.answer,
			"pay":       m.pay,
			"disk":      m.disk,
			"disk all":  m.diskAll,
			"repair":    m.repair,
			"time":      m.time,
			"time 2":    m.time,
			"stuff":     m.stuff,
			"trickle":   m.trickle,
			"lose":      m.lose,
			"torrents":  m.leaveOrJoin,
			"flood":     m.flood,
		})
	})
}

func newMachine(t *rapid.T) *machine {
	cfg := bt.DefaultConfig()
	cfg.Seed = rapid.Uint64Range(1, 1<<16).Draw(t, "seed")
	cfg.Client, cfg.ListenPort = "model", 6881
	copy(cfg.PeerID[:], "-PW0100-MMMMMMMMMMMM")
	cfg.MaxConns = rapid.IntRange(3, 14).Draw(t, "conns")
	cfg.MaxHalfOpen = rapid.IntRange(1, 3).Draw(t, "half-open")
	cfg.UploadSlots = rapid.IntRange(0, 6).Draw(t, "slots")
	cfg.SlotPolicy = rapid.SampledFrom([]bt.SlotPolicy{bt.FixedSlots, bt.FixedSlots, bt.FixedSlots, bt.RateSlots, bt.UnlimitedSlots}).Draw(t, "policy")
	cfg.SeedOrder = rapid.SampledFrom([]bt.SeedOrder{bt.RoundRobin, bt.RoundRobin, bt.FastestUpload, bt.AntiLeech}).Draw(t, "order")
	cfg.Transports = rapid.SampledFrom([]bt.Transports{bt.OnlyTCP, bt.OnlyUTP, bt.TCPAndUTP, bt.TCPAndUTP}).Draw(t, "transports")
	m := &machine{shell: newShell(cfg), cfg: cfg}
	m.tell("seed %d, %d connections, %d half-open, %d slots, %v, %v; dials over %v", cfg.Seed, cfg.MaxConns, cfg.MaxHalfOpen, cfg.UploadSlots,
		cfg.SlotPolicy, cfg.SeedOrder, cfg.Transports)
	for i := range 8 {
		p := &peer{name: string(rune('R' + i)), addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}), 6881)}
		switch i {
		case 5: // behind one address
			p.addr = netip.AddrPortFrom(m.peers[4].addr.Addr(), 6882)
		case 6:
			p.addr = netip.MustParseAddrPort("[2001:db8::7]:6881")
		}
		who := i
		if i == 7 { // one whose id is smaller than ours, and is another's too
			who = 3
		}
		copy(p.id[:], fmt.Sprintf("-PW0100-%c-----------", "AZBYCXDW"[who]))
		if rapid.IntRange(0, 3).Draw(t, "fast") > 0 {
			p.offer[7] |= 0x04
		}
		if rapid.IntRange(0, 3).Draw(t, "extensions") > 0 {
			p.offer[5] |= 0x10
		}
		m.peers = append(m.peers, p)
	}
	m.add(t)
	if rapid.Bool().Draw(t, "two torrents") {
		m.add(t)
	}
	return m
}

// add lets the session take part in one torrent more.
func (m *machine) add(t *rapid.T) {
	m.ids++
	name := fmt.Sprintf("T%d", 1+(m.ids-1)%2)
	size := rapid.SampledFrom([]uint32{bt.BlockSize, 2 * bt.BlockSize, 40000, 1000}).Draw(t, "piece length")
	pieces := rapid.SampledFrom([]int{1, 2, 3, 5, 12}).Draw(t, "pieces")
	last := rapid.SampledFrom([]uint32{size, 1, size/2 + 1}).Draw(t, "last piece")
	g := bt.Geometry{PieceLength: size, Total: int64(pieces-1)*int64(size) + int64(last)}
	mask := rapid.SampledFrom([]uint32{0, ^uint32(0), 1, 0x555, 0xffe}).Draw(t, "have")
	reserved := rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "reserved")
	m.tell("joins %s as %d: %d pieces of %d, the last %d, have %x, reserved %d", name, m.ids, pieces, size, last, mask, reserved)
	m.join(&torrent{id: m.ids, name: name, hash: sha1.Sum([]byte(name)), geometry: g, reserved: reserved}, func(i uint32) bool { return mask>>(i%32)&1 != 0 })
}

func (m *machine) drawTransport(t *rapid.T) bt.Transport {
	return rapid.SampledFrom([]bt.Transport{bt.TCP, bt.UTP}).Draw(t, "over")
}

// check wants the model to have agreed with all that was seen.
func (m *machine) check(t *rapid.T) {
	if m.err != nil {
		t.Fatalf("%v\n%s\n%s", m.err, strings.Join(m.log, "\n"), m.watch.Model().Describe())
	}
}

// finish lets those be written to who take bytes, in most cases.
func (m *machine) finish(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "lazy") > 0 {
		m.settle()
	}
}

// live lists the torrents that the session takes part in.
func (m *machine) live() (list []*torrent) {
	for _, t := range m.torrents {
		if !t.gone {
			list = append(list, t)
		}
	}
	return list
}

func (m *machine) drawTorrent(t *rapid.T) *torrent {
	if live := m.live(); len(live) > 0 {
		return rapid.SampledFrom(live).Draw(t, "torrent")
	}
	t.Skip("no torrent")
	return nil
}

// talking draws a link whose peer has said its handshake, and is not in the middle of a block.
func (m *machine) talking(t *rapid.T) *link {
	return m.drawLink(t, func(l *link) bool { return l.shaken && l.owed == 0 })
}

func (m *machine) drawLink(t *rapid.T, fits func(*link) bool) *link {
	var list []*link
	for _, l := range m.links {
		if fits(l) {
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		t.Skip("no such link")
	}
	return rapid.SampledFrom(list).Draw(t, "link")
}

// connect lets a peer open a connection.
func (m *machine) connect(t *rapid.T) {
	p := rapid.SampledFrom(m.peers).Draw(t, "peer")
	p.port++
	m.accept(p, m.drawTorrent(t), netip.AddrPortFrom(p.addr.Addr(), 50000+p.port), m.drawTransport(t))
	m.finish(t)
}

// greet lets a peer open a connection, and say all that it takes to be of use.
func (m *machine) greet(t *rapid.T) {
	p := rapid.SampledFrom(m.peers).Draw(t, "peer")
	p.port++
	l := m.accept(p, m.drawTorrent(t), netip.AddrPortFrom(p.addr.Addr(), 50000+p.port), m.drawTransport(t))
	m.sayHandshake(l, 0)
	m.sayHello(t, l)
	m.finish(t)
}

// sayHello is the supply of a peer, and what goes with it.
func (m *machine) sayHello(t *rapid.T, l *link) {
	if m.link(l.id) != l {
		return
	}
	id := wire.Bitfield
	if l.peer.offer.Fast() {
		id = rapid.SampledFrom([]wire.ID{wire.HaveAll, wire.HaveNone, wire.Bitfield}).Draw(t, "supply")
	}
	ms := []wire.Message{m.supply(t, l, id)}
	if rapid.Bool().Draw(t, "interested") {
		ms = append(ms, wire.Message{ID: wire.Interested})
	}
	if rapid.Bool().Draw(t, "unchoke") {
		ms = append(ms, wire.Message{ID: wire.Unchoke})
	}
	m.saySome(l, ms, 0)
}

// sayHandshake lets a peer say its handshake, cut after so many bytes.
func (m *machine) sayHandshake(l *link, cut int) {
	l.shaken = true
	m.tell("%v says handshake, fast %t, extensions %t, torrent %d", l.id, l.peer.offer.Fast(), l.peer.offer.Extensions(), l.torrent.id)
	m.write(l, wire.AppendHandshake(nil, wire.Handshake{Reserved: l.peer.offer, InfoHash: l.torrent.hash, PeerID: l.peer.id}), cut)
}

// saySome lets a peer say messages, in one go or cut.
func (m *machine) saySome(l *link, ms []wire.Message, cut int) {
	var b []byte
	for i := range ms {
		m.tell("%v says %v", l.id, ms[i])
		b = wire.Append(b, &ms[i])
	}
	if m.link(l.id) == l {
		m.write(l, b, cut)
	}
}

func (m *machine) supply(t *rapid.T, l *link, id wire.ID) wire.Message {
	n := l.torrent.geometry.NumPieces()
	body := make([]byte, wire.BitfieldLen(n))
	if id != wire.Bitfield {
		return wire.Message{ID: id}
	}
	mask := rapid.Uint32Range(0, 1<<min(n, 12)-1).Draw(t, "bits")
	for i := range n {
		if mask>>i&1 != 0 {
			body[i/8] |= 0x80 >> (i % 8)
		}
	}
	if spare := 8*len(body) - int(n); spare > 0 && rapid.IntRange(0, 15).Draw(t, "spare") == 0 {
		body[len(body)-1] |= 1
	}
	return wire.Message{ID: id, Body: body}
}

// shake lets a peer say its handshake, right or wrong.
func (m *machine) shake(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return !l.shaken && !l.dialled })
	switch rapid.IntRange(0, 9).Draw(t, "how") {
	case 0:
		l.shaken = true
		m.tell("%v says a handshake for another torrent", l.id)
		m.write(l, wire.AppendHandshake(nil, wire.NewHandshake(sha1.Sum([]byte("other")), l.peer.id)), 0)
	case 1:
		l.shaken = true
		m.tell("%v says no handshake", l.id)
		m.write(l, []byte("GET /announce HTTP/1.1\r\n\r\n")[:rapid.IntRange(1, 26).Draw(t, "bytes")], 0)
	case 2:
		l.shaken = true
		m.tell("%v says our own peer id", l.id)
		m.write(l, wire.AppendHandshake(nil, wire.Handshake{Reserved: l.peer.offer, InfoHash: l.torrent.hash, PeerID: m.cfg.PeerID}), 0)
	default:
		m.sayHandshake(l, rapid.IntRange(0, 67).Draw(t, "cut"))
		m.finish(t)
		m.sayHello(t, l)
	}
	m.finish(t)
}

// learn tells the session of a peer that listens.
func (m *machine) learn(t *rapid.T) {
	p := rapid.SampledFrom(m.peers).Draw(t, "peer")
	from := rapid.SampledFrom([]bt.Source{bt.Manual, bt.Tracker, bt.Exchange}).Draw(t, "source")
	tor := m.drawTorrent(t)
	at := p.addr
	if rapid.IntRange(0, 9).Draw(t, "undialable") == 0 {
		at = netip.AddrPortFrom(at.Addr(), 1)
	}
	m.tell("learns %v of torrent %d, %v", at, tor.id, from)
	m.handle(bt.Event{Kind: bt.AddPeer, Torrent: tor.id, Addr: at, Source: from})
	m.finish(t)
}

// dialled answers a dial.
func (m *machine) dialled(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return l.dialled })
	l.dialled = false
	for _, p := range m.peers {
		if p.addr == l.peer.addr {
			l.peer = p
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		m.tell("%v cannot be reached", l.id)
		m.forget(l.id)
		m.handle(bt.Event{Kind: bt.Dialled, Conn: l.id, Fault: bt.Refused})
	} else {
		m.tell("%v is reached", l.id)
		m.handle(bt.Event{Kind: bt.Dialled, Conn: l.id, Addr: netip.AddrPortFrom(netip.MustParseAddr("10.0.1.1"), uint16(l.id))})
	}
	m.finish(t)
}

// time lets time pass: to a deadline of the session's or the model's, before or behind it by a nanosecond, or just on.
func (m *machine) time(t *rapid.T) {
	at := m.now
	if next, _ := m.session.NextDeadline(); next != bt.Never {
		at = max(at, next)
	}
	if list := m.watch.Model().Deadlines(); len(list) > 0 && rapid.Bool().Draw(t, "far") {
		at = max(m.now, rapid.SampledFrom(list).Draw(t, "deadline"))
	}
	late := false
	switch rapid.IntRange(0, 9).Draw(t, "when") {
	case 0:
		at = m.now.Add(time.Duration(rapid.Int64Range(1, int64(time.Second)).Draw(t, "ns")))
	case 1:
		at = m.now.Add(rapid.SampledFrom([]time.Duration{time.Second, 3 * time.Second, 15 * time.Second, time.Minute, time.Hour}).Draw(t, "long"))
	case 2, 3:
		at = max(m.now, at-1)
	case 4:
		at++
	case 5:
		late = true
		at = at.Add(rapid.SampledFrom([]time.Duration{1, time.Second, 5 * time.Second, 5*time.Second + 1, time.Minute}).Draw(t, "late"))
	}
	if at == bt.Never {
		return
	}
	m.to(at, late)
	m.finish(t)
}

// stuff lets a link take no bytes, or take them again.
func (m *machine) stuff(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return !l.dialled })
	l.stuffed = !l.stuffed
	m.tell("%v takes bytes: %t", l.id, !l.stuffed)
	m.finish(t)
}

// trickle lets a link take few bytes.
func (m *machine) trickle(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return l.armed })
	m.transmit(l, rapid.IntRange(64, 130).Draw(t, "room"))
}

// lose ends a connection from the other side.
func (m *machine) lose(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return !l.dialled })
	fault := rapid.SampledFrom([]bt.Fault{bt.EOF, bt.EOF, bt.Reset, bt.Overrun}).Draw(t, "fault")
	m.tell("%v is lost: %v", l.id, fault)
	m.forget(l.id)
	m.handle(bt.Event{Kind: bt.Closed, Conn: l.id, Fault: fault})
	m.finish(t)
}

// disk lets the disk answer something, in any order.
func (m *machine) disk(t *rapid.T) {
	if len(m.jobs) == 0 {
		t.Skip("nothing to do")
	}
	i := rapid.IntRange(0, len(m.jobs)-1).Draw(t, "job")
	f := bt.OK
	if rapid.IntRange(0, 7).Draw(t, "fault") == 0 {
		f = bt.IOError
	}
	m.shell.answer(i, f, rapid.IntRange(0, 3).Draw(t, "digests") > 0)
	m.finish(t)
}

// diskAll lets the disk answer all that it was asked.
func (m *machine) diskAll(t *rapid.T) {
	if len(m.jobs) == 0 {
		t.Skip("nothing to do")
	}
	for len(m.jobs) > 0 && m.err == nil {
		m.shell.answer(0, bt.OK, true)
	}
	m.finish(t)
}

// repair says that the disk works again.
func (m *machine) repair(t *rapid.T) {
	tor := m.drawTorrent(t)
	m.tell("disk of torrent %d is ready", tor.id)
	m.handle(bt.Event{Kind: bt.DiskReady, Torrent: tor.id})
	m.finish(t)
}

// leaveOrJoin lets the session take part in a torrent no more, or in one more.
func (m *machine) leaveOrJoin(t *rapid.T) {
	live := m.live()
	if rapid.IntRange(0, 3).Draw(t, "rarely") > 0 {
		return
	}
	if len(live) < 2 {
		m.ids += m.ids % 2 // the name of the one that is gone
		if len(live) == 1 && live[0].name == fmt.Sprintf("T%d", 1+m.ids%2) {
			m.ids++
		}
		m.add(t)
		return
	}
	tor := rapid.SampledFrom(live).Draw(t, "torrent")
	tor.gone = true
	m.tell("leaves torrent %d", tor.id)
	m.handle(bt.Event{Kind: bt.RemoveTorrent, Torrent: tor.id})
	m.finish(t)
}

// pay lets a peer send more of a block that it has begun.
func (m *machine) pay(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool { return l.owed > 0 })
	n := rapid.SampledFrom([]int{l.owed, 1, l.owed / 2}).Draw(t, "bytes")
	if n == 0 {
		n = l.owed
	}
	l.owed -= n
	m.tell("%v sends %d bytes of payload, %d are left", l.id, n, l.owed)
	m.shell.pay(l, n, l.lie)
	m.finish(t)
}

// answer lets a peer answer requests, with blocks that are right or wrong.
func (m *machine) answer(t *rapid.T) {
	l := m.drawLink(t, func(l *link) bool {
		return l.shaken && l.owed == 0 && len(m.watch.Model().Outstanding(l.id)) > 0
	})
	for range rapid.IntRange(1, 4).Draw(t, "blocks") {
		asked := m.watch.Model().Outstanding(l.id)
		if m.link(l.id) != l || len(asked) == 0 || l.owed > 0 {
			break
		}
		b := asked[0]
		if rapid.IntRange(0, 4).Draw(t, "any") == 0 {
			b = rapid.SampledFrom(asked).Draw(t, "block")
		}
		m.sendBlock(t, l, b)
	}
	m.finish(t)
}

// sendBlock lets a peer send a block, or begin to.
func (m *machine) sendBlock(t *rapid.T, l *link, b bt.Block) {
	n := int(b.Length)
	if rapid.IntRange(0, 7).Draw(t, "part") == 0 {
		n = rapid.IntRange(0, n).Draw(t, "bytes")
	}
	l.lie = byte(max(0, rapid.IntRange(-8, 2).Draw(t, "lie")))
	m.tell("%v sends piece %v, %d bytes of it, lie %d", l.id, b, n, l.lie)
	l.owed = int(b.Length) - n
	m.write(l, wire.AppendPieceHeader(nil, b), 0)
	if n > 0 && m.link(l.id) == l {
		m.shell.pay(l, n, l.lie)
	}
}

var _ = slices.Contains[[]int]
