package model

import (
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// known is what is remembered of a peer of a torrent between connections. [DIA-8]
type known struct {
	who        netip.AddrPort // without a port while none is known
	source     bt.Source
	failures   int
	conns      int          // dials, those queued too, and connections
	tried      []bt.Instant // when a connection with it, or a dial, last ended, if ever
	self       bool
	parole     bool
	uploadOnly bool
	tcpNext    bool   // it is dialled over TCP, where both transports may be dialled
	order      uint64 // of arrival
}

// plain is how known peers and bans are named. [DIA-8]
func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

func (t *torrent) find(who netip.AddrPort) *known {
	for i := range t.known {
		if t.known[i].who == plain(who) {
			return &t.known[i]
		}
	}
	return nil
}

func (w *world) remember(t *torrent, k known) {
	w.order++
	k.order = w.order
	t.known = append(t.known, k)
}

// dialable tells whether an address may be dialled at all. [DIA-5]
func dialable(a netip.AddrPort) bool {
	ip := a.Addr()
	return ip.IsValid() && a.Port() > 1 && !ip.IsUnspecified() && !ip.IsMulticast() && !(ip.Is6() && ip.IsLinkLocalUnicast()) &&
		ip != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// learn takes the address of a peer. [DIA-4] [DIA-5]
func (w *world) learn(id bt.TorrentID, addr netip.AddrPort, from bt.Source) {
	t, addr := w.torrent(id), plain(addr)
	if t == nil || !dialable(addr) {
		return
	}
	k := t.find(addr)
	if k == nil {
		w.remember(t, known{who: addr, source: from})
		return
	}
	k.source = min(k.source, from)
	if from <= bt.Tracker {
		k.failures = max(0, k.failures-1)
	}
}

// arrived counts an incoming connection, and says as whom its peer is remembered. [DIA-8]
func (w *world) arrived(t *torrent, addr netip.Addr) netip.AddrPort {
	who := plain(netip.AddrPortFrom(addr, 0))
	if k := t.find(who); k != nil {
		k.conns++
	} else {
		w.remember(t, known{who: who, source: bt.Arrived, conns: 1})
	}
	return who
}

// listens takes it that an incoming peer listens at a port: from then on it is known by that, with all that was known under
// either. [EXT-7] [DIA-8]
func (w *world) listens(c *conn) {
	t := w.torrent(c.tor)
	was := c.known
	told := netip.AddrPortFrom(was.Addr(), c.port)
	if was.Port() != 0 || !dialable(told) {
		return
	}
	parole := c.parole
	if k := t.find(was); k != nil {
		parole = parole || k.parole
	}
	t.rename(was, told)
	if k := t.find(told); k != nil {
		k.conns++
		k.failures = 0
		k.parole = k.parole || parole
		k.tcpNext = c.over == bt.TCP
		parole = k.parole
	} else {
		w.remember(t, known{who: told, source: bt.Arrived, conns: 1, parole: parole, tcpNext: c.over == bt.TCP})
	}
	c.known, c.parole = told, parole
	t.part(was)
	w.dropDials(c)
}

// part counts a connection of a known peer out. One that cannot be dialled is forgotten with its last, unless something is
// held against it.
func (t *torrent) part(who netip.AddrPort) {
	k := t.find(who)
	if k == nil {
		return
	}
	k.conns--
	if k.conns <= 0 && k.who.Port() == 0 && !k.parole {
		t.known = slices.DeleteFunc(t.known, func(k known) bool { return k.who == plain(who) })
	}
}

// dialled takes the answer to a dial. [DIA-6]
func (w *world) dialled(ev *bt.Event) {
	c := w.conn(ev.Conn)
	switch {
	case c == nil || c.stage != connecting:
	case ev.Fault != bt.OK:
		w.close(c, bt.Reason{Cause: bt.Transported, Fault: ev.Fault})
	default:
		c.stage = shaking
		c.local = ev.Addr
		c.openedAt, c.heardAt = w.now, w.now
	}
}

// accept takes a connection that a peer opened, or refuses it. [TRU-7]
func (w *world) accept(ev *bt.Event) {
	switch {
	case w.banned(ev.Addr.Addr()):
		w.want("close %v: %v", ev.Conn, bt.Reason{Cause: bt.BannedPeer})
	default:
		c := conn{id: ev.Conn, addr: ev.Addr, over: ev.Transport, stage: shaking, openedAt: w.now, heardAt: w.now, slotAt: before, optimisticAt: before}
		w.conns = append(w.conns, c)
	}
}

// forgetDial notes in what is known of a peer how its connection ended. [DIA-6] [DUP-5]
func (w *world) forgetDial(c *conn, why bt.Reason) {
	t := w.torrent(c.tor)
	if t == nil {
		return
	}
	k := t.find(c.known)
	if k == nil {
		return
	}
	if c.stage == queued { // it was not tried [LIM-14]
		t.part(c.known)
		return
	}
	failed := false
	switch why.Cause {
	case bt.Misbehaved, bt.ConnectTimeout, bt.HandshakeTimeout:
		failed = true
	case bt.Transported:
		failed = c.stage != open
	}
	if failed && c.outgoing && c.stage != open { // [DIA-17]
		k.tcpNext = c.over == bt.UTP
	}
	if failed && w.brief(c) { // [DIA-18]
		t.part(c.known)
		return
	}
	if failed {
		k.failures++
	}
	k.tried = []bt.Instant{w.now}
	k.uploadOnly = w.uploadOnly(c)
	t.part(c.known)
}

// over is what a known peer is dialled over. [DIA-17]
func (w *world) over(k *known) bt.Transport {
	if w.cfg.Transports == bt.OnlyTCP || w.cfg.Transports == bt.TCPAndUTP && k.tcpNext {
		return bt.TCP
	}
	return bt.UTP
}

// brief tells whether a connection is a dial over uTP after which TCP is next. [DIA-18] [TMR-21]
func (w *world) brief(c *conn) bool {
	return c.stage == connecting && c.over == bt.UTP && w.cfg.Transports == bt.TCPAndUTP
}

// due is from when on a known peer may be dialled; never is when not at all. [DIA-3] [DIA-4] [DIA-9] [DIA-10] [DUP-4]
func (w *world) due(t *torrent, k *known) bt.Instant {
	byHand := k.source == bt.Manual
	if k.conns > 0 || k.self || k.who.Port() == 0 || t.complete() && k.uploadOnly || k.failures >= 3 && !byHand {
		return bt.Never
	}
	if w.full(&conn{addr: k.who}, t.id) {
		return bt.Never // until one ends
	}
	at := bt.Instant(0)
	for _, b := range w.bans {
		if b.site == site(k.who.Addr()) {
			at = b.until
		}
	}
	if len(k.tried) == 0 {
		return at
	}
	rest := time.Duration(k.failures+1) * time.Minute
	if byHand {
		rest = 5 * time.Second
		for i := 1; i < k.failures; i++ {
			rest = min(2*rest, time.Minute)
		}
	}
	return max(at, k.tried[0].Add(rest))
}

// better tells whether a known peer is dialled before another. [DIA-2]
func better(a, b *known) bool {
	tried := func(k *known) bt.Instant {
		if len(k.tried) == 0 {
			return before
		}
		return k.tried[0]
	}
	switch {
	case a.failures != b.failures:
		return a.failures < b.failures
	case tried(a) != tried(b):
		return tried(a) < tried(b)
	case a.source != b.source:
		return a.source < b.source
	}
	return false // then by priority, which is not modelled
}

// dials follows what was queued and dialled at the end of a step. [DIA-1]
func (w *world) dials() {
	var fresh []*Conn
	for i := range w.seen.Conns {
		if s := &w.seen.Conns[i]; w.conn(s.ID) == nil && s.Flags.LocalConnection {
			fresh = append(fresh, s)
		}
	}
	slices.SortFunc(fresh, func(a, b *Conn) int { return int(a.ID) - int(b.ID) })
	for _, s := range fresh {
		w.enqueued(s)
	}
	for _, e := range w.seen.Effects {
		if e.Kind != bt.Dial {
			continue
		}
		c := w.conn(e.Conn)
		if c == nil || c.stage != queued || c.addr != e.Addr || c.tor != e.Torrent {
			w.fail(clause.DIA1, "%v dials %v, and it is not queued", e.Conn, e.Addr)
			return
		}
		if c.over != e.Transport {
			w.fail(clause.DIA17, "%v is dialled over %v, should be over %v", e.Conn, e.Transport, c.over)
		}
		c.stage, c.dialledAt = connecting, w.now
	}
	half, waits := w.inStage(connecting), w.inStage(queued)
	if half > w.cfg.MaxHalfOpen {
		w.fail(clause.DIA1, "%d connections are half-open", half)
	}
	if waits > 0 && half < w.cfg.MaxHalfOpen {
		w.fail(clause.DIA1, "%d connections are queued, and %d half-open", waits, half)
	}
	for i := range w.torrents {
		t := &w.torrents[i]
		for k := range t.known {
			if p := &t.known[k]; w.mayQueue(p) && w.due(t, p) <= w.now {
				w.fail(clause.DIA1, "%v may be dialled, and is not", p.who)
			}
		}
	}
}

// mayQueue tells whether there is room for one more to be dialled: of those whom the user did not name no more wait than there are half-open
// places. [LIM-1] [DIA-16]
func (w *world) mayQueue(k *known) bool {
	waits := 0
	for i := range w.conns {
		c := &w.conns[i]
		if c.stage == queued && !w.byHand(c) {
			waits++
		}
	}
	return w.seated(0) < w.cfg.MaxConns && (k.source == bt.Manual || waits < w.cfg.MaxHalfOpen)
}

// nextDial is when a known peer may be dialled that may not now, while there is room to dial it.
func (w *world) nextDial() bt.Instant {
	at := bt.Never
	for i := range w.torrents {
		t := &w.torrents[i]
		for k := range t.known {
			if p := &t.known[k]; w.mayQueue(p) && w.due(t, p) > w.now {
				at = min(at, w.due(t, p))
			}
		}
	}
	return at
}

// enqueued follows a known peer that was queued to be dialled. [DIA-2] [DIA-5] [DUP-4]
func (w *world) enqueued(s *Conn) {
	t := w.torrent(s.Torrent)
	if t == nil {
		w.fail(clause.TOR3, "%v is dialled for no torrent", s.ID)
		return
	}
	k := t.find(s.Addr)
	if k == nil || w.due(t, k) > w.now {
		w.fail(clause.DIA3, "%v, %v is dialled: %+v", s.ID, s.Addr, k)
		return
	}
	for i := range t.known {
		o := &t.known[i]
		newer := slices.ContainsFunc(w.seen.Conns, func(s Conn) bool { return s.Addr == o.who && s.Flags.LocalConnection && s.Torrent == t.id })
		if w.mayQueue(o) && w.due(t, o) <= w.now && better(o, k) && !newer {
			w.fail(clause.DIA2, "%v is dialled before %v", k.who, o.who)
		}
	}
	k.conns++
	w.conns = append(w.conns, conn{id: s.ID, tor: t.id, addr: s.Addr, known: k.who, over: w.over(k), outgoing: true, stage: queued,
		supply: make([]bool, t.pieces()), slotAt: before, optimisticAt: before})
	w.conns[len(w.conns)-1].said.have = make([]news, t.pieces())
}

func (w *world) inStage(s stage) (n int) {
	for i := range w.conns {
		if w.conns[i].stage == s {
			n++
		}
	}
	return n
}
