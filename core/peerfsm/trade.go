package peerfsm

// trade is what a connection keeps of the blocks that go over it, in both directions. Many connections of a swarm never come to
// that, so they all share one that is empty, and have their own from the first request on. When they end, others have it.
type trade struct {
	down download
	up   upload
}

func newTrade() (t trade) {
	t.down.init()
	return t
}

// noTrade is that of everybody who has none. It is never written to; Check watches it.
var noTrade = newTrade()

// deal gives the connection a trade of its own, if it has none. It is called before anything is written to it.
func (p *Peer) deal() {
	if !p.idle() {
		return
	}
	s := p.stock()
	if last := len(s.trades) - 1; last >= 0 {
		p.trade, s.trades = s.trades[last], s.trades[:last]
	} else {
		p.trade = new(trade)
	}
	*p.trade = newTrade()
}

// Retire gives back what a connection that is closed, and whose torrent has taken what was freed and dropped, has from the stock.
func (p *Peer) Retire() {
	s := p.stock()
	p.out.rejects.clear(&s.blocks)
	p.out.cancels.clear(&s.blocks)
	p.out.haves.clear(&s.pieces)
	p.out.fast.clear(&s.pieces)
	p.allowed.clear(&s.pieces)
	p.suggested.clear(&s.pieces)
	if p.idle() {
		return
	}
	p.down.withdrawn.clear(&s.asks)
	p.up.spent.clear(&s.fast)
	s.trades = append(s.trades, p.trade)
	p.trade = &noTrade
}

// idle tells whether the connection has no trade of its own.
func (p *Peer) idle() bool { return p.trade == &noTrade }
