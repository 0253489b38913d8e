package loop

import (
	"net"
	"sync"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
)

// TestEndUnderLoad ends a node in the middle of a download, again and again, and in the end lets it finish: what was
// verified before is there.
func TestEndUnderLoad(t *testing.T) {
	to := makeTorrent(64<<10, 40_000_000)
	seed := startNode(t, to, to.place(t, all))
	dir := t.TempDir()
	for least := uint32(50); least < 600; least += 100 {
		leecher := startNode(t, to, dir)
		leecher.dial(seed.listener.Addr())
		leecher.await("some pieces", func() bool { return leecher.have() >= least })
		leecher.close()
	}
	last := startNode(t, to, dir)
	if n := last.have(); n < 550 {
		t.Errorf("%d pieces are there, and 550 were verified", n)
	}
	last.dial(seed.listener.Addr())
	last.awaitDownload()
	seed.awaitRest()
}

// have is how many pieces the node has.
func (n *node) have() (pieces uint32) {
	n.t.Helper()
	n.look(func(_ *core.Session, snap *core.Snapshot) { pieces = snap.Torrents[0].Have })
	return pieces
}

// TestAfterEnd has others go on calling a loop that ends: they are told so, and what they bring is closed.
func TestAfterEnd(t *testing.T) {
	to := makeTorrent(32<<10, 100_000)
	n := startNode(t, to, t.TempDir())
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for n.Do(func(*core.Session, bt.Instant) {}) {
			}
		})
		callers.Go(func() {
			for n.Handle(bt.Event{Kind: bt.Tick}) {
			}
		})
	}
	var socks []*net.TCPConn
	for range 20 {
		socks = append(socks, dialPlain(t, n))
	}
	n.stop()
	<-n.ran
	callers.Wait()
	socks = append(socks, dialPlain(t, n)) // nobody has stopped listening
	for _, s := range socks {
		if b, err := readAll(s); err == nil && len(b) > 0 {
			t.Errorf("a peer that said nothing was told %d bytes", len(b))
		}
	}
}
