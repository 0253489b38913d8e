package loop

import (
	"net/netip"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
)

// oddFiles are lengths that fit no piece: empty files, files within a piece, padding, a short last piece.
var oddFiles = []int64{1, 0, 70_001, -30_001, 400_000, 16_384, 3, 1_200_007}

// TestBothWays lets two nodes that have half of the pieces each download the other half, over both families.
func TestBothWays(t *testing.T) {
	to := makeTorrent(32<<10, oddFiles...)
	a := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 0 }))
	b := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 1 }))
	a.dial(b.listener.Addr())
	a.awaitDownload()
	b.awaitDownload()
	a.await("both seeds to part", func() bool { return a.peers()+b.peers() == 0 })
	a.awaitRest()
	b.awaitRest()
}

// TestSixth downloads over IPv6.
func TestSixth(t *testing.T) {
	to := makeTorrent(64<<10, 1_000_000)
	seed := startNode(t, to, to.place(t, all))
	l, err := listenSix(seed)
	if err != nil {
		t.Fatal(err)
	}
	leecher := startNode(t, to, t.TempDir())
	leecher.dial(l)
	leecher.awaitDownload()
}

// TestCrumbs has every message, in both directions, come in portions of a few bytes.
func TestCrumbs(t *testing.T) {
	to := makeTorrent(32<<10, oddFiles...)
	seed := startNode(t, to, to.place(t, all))
	r := startRelay(t, seed.listener.Addr(), fate{crumb: true}, fate{crumb: true})
	leecher := startNode(t, to, t.TempDir())
	leecher.dial(r.addr())
	leecher.awaitDownload()
	leecher.awaitRest()
	seed.awaitRest()
}

// small gives a node as little memory as a node can have with so many connections.
func small(conns int) func(*Options) {
	return func(o *Options) { o.Config.MaxConns, o.Arriving, o.Departing = conns, 1, 1 }
}

// TestLittleMemory has blocks wait for buffers, at either end and for many peers: pieces are so short that one
// read of a socket brings more blocks than there are buffers.
func TestLittleMemory(t *testing.T) {
	for _, pieceLength := range []uint32{1 << 10, 48 << 10} {
		to := makeTorrent(pieceLength, 3_000_001)
		var seeds []netip.AddrPort
		for range 3 {
			seed := startNode(t, to, to.place(t, all), small(2))
			seeds = append(seeds, seed.listener.Addr())
		}
		for range 2 {
			leecher := startNode(t, to, t.TempDir(), small(3))
			if got := leecher.opt.Arriving; got != 4*bt.BlockSize {
				t.Fatalf("%d bytes for blocks that arrive", got)
			}
			leecher.dial(seeds...)
			defer leecher.awaitRest()
			defer leecher.awaitDownload()
		}
	}
}

// TestShortTurns has every link do very little in a turn.
func TestShortTurns(t *testing.T) {
	to := makeTorrent(64<<10, 2_000_000)
	shorten := func(n *node) {
		n.Do(func(*core.Session, bt.Instant) { n.turnSize, n.room = 100, n.room[:1000] })
	}
	seed := startNode(t, to, to.place(t, all))
	shorten(seed)
	for range 2 {
		leecher := startNode(t, to, t.TempDir())
		shorten(leecher)
		leecher.dial(seed.listener.Addr())
		defer leecher.awaitDownload()
	}
}

// TestGuesses reads as in full swing all the time, what is guessed right and what is not: blocks shorter than others, haves
// between blocks, headers and payloads cut anywhere.
func TestGuesses(t *testing.T) {
	for _, pieceLength := range []uint32{16 << 10, 24 << 10, 48<<10 - 5, 256 << 10} {
		for _, crumb := range []bool{false, true} {
			to := makeTorrent(pieceLength, append(oddFiles, 3_000_000)...)
			a := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 0 }))
			b := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 1 }))
			set := func(until bt.Instant) {
				for _, n := range []*node{a, b} {
					n.Do(func(*core.Session, bt.Instant) { n.swing = until })
				}
			}
			set(bt.Never)
			r := startRelay(t, b.listener.Addr(), fate{crumb: crumb}, fate{})
			a.dial(r.addr())
			a.awaitDownload()
			b.awaitDownload()
			set(0)
			a.awaitRest()
			b.awaitRest()
		}
	}
}

// TestManyLeechers downloads from one seed to many nodes that hear of nobody else.
func TestManyLeechers(t *testing.T) {
	to := makeTorrent(256<<10, 3_000_000)
	seed := startNode(t, to, to.place(t, all), small(8))
	for range 8 {
		leecher := startNode(t, to, t.TempDir())
		leecher.dial(seed.listener.Addr())
		defer leecher.awaitDownload()
	}
}

// TestGarbage has peers that say nonsense, or too little, lose their connections, and nothing else change.
func TestGarbage(t *testing.T) {
	to := makeTorrent(32<<10, 500_000)
	seed := startNode(t, to, to.place(t, all))
	for _, text := range []string{"GET / HTTP/1.1\r\n\r\n", "\x13BitTorrent protocol", "", "\x13BitTorrent protocol" + string(make([]byte, 48))} {
		sock := dialPlain(t, seed)
		sock.Write([]byte(text))
		sock.CloseWrite()
		if b, err := readAll(sock); err == nil && len(b) > 68 {
			t.Errorf("%q is answered with %d bytes", text, len(b))
		}
	}
	leecher := startNode(t, to, t.TempDir())
	leecher.dial(seed.listener.Addr())
	leecher.awaitDownload()
	seed.await("the others to be gone", func() bool {
		links := 0
		seed.look(func(*core.Session, *core.Snapshot) { links = len(seed.links) })
		return links == 0
	})
	seed.awaitRest()
}

// TestNobody has a dial fail, and a second node come by afterwards.
func TestNobody(t *testing.T) {
	to := makeTorrent(32<<10, 100_000)
	seed := startNode(t, to, to.place(t, all))
	gone := startNode(t, to, t.TempDir())
	addr := gone.listener.Addr()
	gone.close()
	leecher := startNode(t, to, t.TempDir())
	leecher.dial(addr)
	leecher.await("the dial to fail", func() bool {
		links := -1
		leecher.look(func(*core.Session, *core.Snapshot) { links = len(leecher.links) })
		return links == 0
	})
	leecher.dial(seed.listener.Addr())
	leecher.awaitDownload()
}
