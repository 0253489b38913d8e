package loop

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/core/wire"
)

// TestBrokenInBlock has the only seed's connection end in the middle of a block: it falls silent, or is reset, on its way
// there or back. Another seed then gives what is missing, and nothing stays behind.
func TestBrokenInBlock(t *testing.T) {
	fates := map[string]struct{ up, down fate }{
		"silent down": {down: fate{after: 100_000}},
		"silent up":   {up: fate{after: 300}},
		"reset down":  {down: fate{after: 100_000, reset: true}},
		"reset up":    {up: fate{after: 300, reset: true}},
	}
	for name, f := range fates {
		t.Run(name, func(t *testing.T) {
			to := makeTorrent(64<<10, oddFiles...)
			broken := startNode(t, to, to.place(t, all))
			whole := startNode(t, to, to.place(t, all))
			r := startRelay(t, broken.listener.Addr(), f.up, f.down)
			leecher := startNode(t, to, t.TempDir())
			leecher.dial(r.addr())
			<-r.stalled
			leecher.dial(whole.listener.Addr())
			leecher.awaitDownload()
			r.close()
			leecher.awaitRest()
			broken.awaitRest()
			whole.awaitRest()
		})
	}
}

// TestNeverReads has a peer ask for all it may ask for and read nothing of it. That holds a bounded amount of memory,
// hinders nobody else, and when it does read, all is there.
func TestNeverReads(t *testing.T) {
	const asked = peerfsm.MaxIncomingRequests
	to := makeTorrent(256<<10, asked*bt.BlockSize)
	seed := startNode(t, to, to.place(t, all))
	sock := dialPlain(t, seed)
	greet(t, sock, to, 1)
	text := wire.AppendInterested(nil)
	for i := range asked {
		text = wire.AppendRequest(text, to.layout.Geometry.BlockAt(uint32(i/16), uint32(i%16)))
	}
	if _, err := sock.Write(text); err != nil {
		t.Fatal(err)
	}
	stuck := func() (stuck bool) {
		seed.look(func(*core.Session, *core.Snapshot) {
			for _, k := range seed.links {
				stuck = stuck || k.out != nil && !k.sock.Writable()
			}
		})
		return stuck
	}
	seed.await("the socket to be full", stuck)
	seed.await("blocks to be read ahead", func() bool { return seed.store.departing.Out() >= peerfsm.FetchAhead*bt.BlockSize })

	leecher := startNode(t, to, t.TempDir())
	leecher.dial(seed.listener.Addr())
	leecher.awaitDownload()
	if !stuck() {
		t.Error("the peer was to read nothing")
	}
	if n := seed.store.departing.Out(); n > (gatherBlocks+peerfsm.FetchAhead)*bt.BlockSize {
		t.Errorf("%d bytes wait for a peer that does not read", n)
	}
	for i := range asked {
		expectBlock(t, sock, to, i)
	}
	sock.Close()
	seed.awaitRest()
}

// expectBlock reads up to the next block, which is block i of the torrent.
func expectBlock(t *testing.T, r io.Reader, to *torrent, i int) {
	t.Helper()
	for {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			t.Fatalf("block %d: %v", i, err)
		}
		body := make([]byte, binary.BigEndian.Uint32(head[:]))
		if _, err := io.ReadFull(r, body); err != nil {
			t.Fatalf("block %d: %v", i, err)
		}
		if len(body) > 0 && wire.ID(body[0]) == wire.Piece {
			if off := i * bt.BlockSize; !bytes.Equal(body[9:], to.content[off:off+bt.BlockSize]) {
				t.Fatalf("block %d differs", i)
			}
			return
		}
	}
}
