package peerfsm

// What a connection keeps of the blocks that go over it is a download and an upload. Many connections of a swarm never come to the one or the other, so
// they all share those here, which are empty, and have their own from the first request on. When they end, others have them. Check watches that nobody
// writes to what is shared.
var (
	noDownload = newDownload()
	noUpload   = newUpload()
)

// downloads gives the connection a download of its own, if it has none. It is called before anything is written to it.
func (p *Peer) downloads() {
	if p.down != &noDownload {
		return
	}
	p.down = p.stock().downloads.take()
	*p.down = newDownload()
}

// uploads is downloads of the upload.
func (p *Peer) uploads() {
	if p.up != &noUpload {
		return
	}
	p.up = p.stock().uploads.take()
	*p.up = newUpload()
}

// Retire gives back what a connection that is closed, and whose torrent has taken what was freed and dropped, has from the stock.
func (p *Peer) Retire() {
	s := p.stock()
	p.out.rejects.clear(&s.blocks)
	p.out.cancels.clear(&s.blocks)
	p.out.haves.clear(&s.pieces)
	p.allowed.clear(&s.pieces)
	p.suggested.clear(&s.pieces)
	if p.down != &noDownload {
		p.down.withdrawn.clear(&s.asks)
		s.downloads.give(p.down)
		p.down = &noDownload
	}
	if p.up != &noUpload {
		for f := p.up.spent; f != nil; f = f.next {
			s.fast.give(f)
		}
		s.uploads.give(p.up)
		p.up = &noUpload
	}
}
