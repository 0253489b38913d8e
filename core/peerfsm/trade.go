package peerfsm

// trade is what a connection keeps of the blocks that go over it, in both directions. Most connections of a swarm never come to
// that, so they all share one that is empty, and have their own from the first request on.
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
	if p.idle() {
		t := newTrade()
		p.trade = &t
	}
}

// idle tells whether the connection has no trade of its own.
func (p *Peer) idle() bool { return p.trade == &noTrade }
