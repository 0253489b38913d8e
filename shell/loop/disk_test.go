package loop

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/shell/disk"
)

// badDisk is a folder whose disk can be full, stand still, or fail to read.
type badDisk struct {
	disk.Folder
	room    atomic.Int64 // bytes that can be written before it is full
	refused atomic.Int64 // writes for want of room
	unread  atomic.Int64 // reads that fail yet
	gate    sync.RWMutex // held while it stands still
}

// on puts the disk under a node.
func (d *badDisk) on(o *Options) {
	o.Disk.OpenFolder = func(dir string) (disk.Folder, error) {
		f, err := disk.OpenFolder(dir)
		d.Folder = f
		return d, err
	}
}

// OpenFile opens a file whose writes are looked at.
func (d *badDisk) OpenFile(name string, flag int) (disk.Handle, error) {
	h, err := d.Folder.OpenFile(name, flag)
	if err != nil {
		return nil, err
	}
	return badHandle{h, d}, nil
}

// badHandle is a file on a badDisk.
type badHandle struct {
	disk.Handle
	disk *badDisk
}

// WriteV writes when there is room, after the disk stood still.
func (h badHandle) WriteV(bufs [][]byte, off int64) (int, error) {
	h.disk.gate.RLock()
	defer h.disk.gate.RUnlock()
	n := int64(0)
	for _, b := range bufs {
		n += int64(len(b))
	}
	if h.disk.room.Add(-n) < 0 {
		h.disk.refused.Add(1)
		return 0, syscall.ENOSPC
	}
	return h.Handle.WriteV(bufs, off)
}

// ReadV reads, after the disk stood still.
func (h badHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	h.disk.gate.RLock()
	defer h.disk.gate.RUnlock()
	if h.disk.unread.Add(-1) >= 0 {
		return 0, syscall.EIO
	}
	return h.Handle.ReadV(bufs, off)
}

// TestFullDisk has the disk be full in the middle: nothing is asked for until there is room, and then all goes on.
func TestFullDisk(t *testing.T) {
	to := makeTorrent(64<<10, oddFiles...)
	seed := startNode(t, to, to.place(t, all))
	var bad badDisk
	bad.room.Store(500_000)
	leecher := startNode(t, to, t.TempDir(), bad.on)
	leecher.dial(seed.listener.Addr())
	leecher.await("the disk to be full", func() bool { return leecher.stalls.Load() > 0 })
	for range 20 { // looks, each after another probe
		refused := bad.refused.Load()
		leecher.await("another probe", func() bool { return bad.refused.Load() > refused })
		leecher.look(func(_ *core.Session, snap *core.Snapshot) {
			if snap.Torrents[0].Stalled != bt.NoSpace {
				t.Errorf("the torrent is stalled for %v", snap.Torrents[0].Stalled)
			}
			for _, p := range snap.Peers {
				if p.Outstanding > 0 {
					t.Errorf("%d blocks are asked for", p.Outstanding)
				}
			}
		})
	}
	if leecher.peers() != 1 || leecher.completed.Load() {
		t.Fatalf("%d peers, complete %v", leecher.peers(), leecher.completed.Load())
	}
	bad.room.Store(1 << 40)
	leecher.awaitDownload()
	if leecher.stalls.Load() != 1 || leecher.goesOn.Load() != 1 {
		t.Errorf("people were told %d times that it stalls, %d times that it goes on", leecher.stalls.Load(), leecher.goesOn.Load())
	}
	leecher.awaitRest()
}

// TestUnreadable has the disk of a seed fail to read now and then: the pieces are not its own any more until they are looked at, and nobody
// waits for ever for what could not be read. [MSG-27] [MSG-28]
func TestUnreadable(t *testing.T) {
	to := makeTorrent(64<<10, oddFiles...)
	var bad badDisk
	bad.room.Store(1 << 40)
	seed := startNode(t, to, to.place(t, all), bad.on)
	seed.look(func(*core.Session, *core.Snapshot) { bad.unread.Store(5) })
	leecher := startNode(t, to, t.TempDir())
	leecher.dial(seed.listener.Addr())
	leecher.awaitDownload()
	if seed.stalls.Load() == 0 {
		t.Error("nobody was told that the disk fails")
	}
	seed.await("the seed to be one again", func() (whole bool) {
		seed.look(func(_ *core.Session, snap *core.Snapshot) {
			whole = snap.Torrents[0].Finished && snap.Torrents[0].Stalled == bt.OK
		})
		return whole
	})
	seed.awaitRest()
	leecher.awaitRest()
}

// TestSlowDisk has the disk stand still: reading stops before memory does, and goes on when the disk does.
func TestSlowDisk(t *testing.T) {
	to := makeTorrent(1<<20, 40<<20)
	seed := startNode(t, to, to.place(t, all))
	var bad badDisk
	bad.room.Store(1 << 40)
	leecher := startNode(t, to, t.TempDir(), bad.on)
	bad.gate.Lock()
	leecher.dial(seed.listener.Addr())
	leecher.await("reading to stop", func() (paused bool) {
		leecher.look(func(*core.Session, *core.Snapshot) {
			for _, k := range leecher.links {
				paused = paused || k.paused
			}
		})
		return paused
	})
	if n := leecher.store.arriving.Out(); n > leecher.opt.Arriving-(1<<20) {
		t.Errorf("%d bytes wait for the disk", n)
	}
	bad.gate.Unlock()
	leecher.awaitDownload()
	leecher.awaitRest()
}

// TestClosedTorrent has a torrent be closed under a disk that failed: it is not tried for ever.
func TestClosedTorrent(t *testing.T) {
	to := makeTorrent(64<<10, oddFiles...)
	seed := startNode(t, to, to.place(t, all))
	var bad badDisk
	leecher := startNode(t, to, t.TempDir(), bad.on)
	leecher.dial(seed.listener.Addr())
	leecher.await("the disk to be full", func() (stalled bool) {
		leecher.look(func(_ *core.Session, snap *core.Snapshot) { stalled = snap.Torrents[0].Stalled != bt.OK })
		return stalled
	})
	leecher.Handle(bt.Event{Kind: bt.RemoveTorrent, Torrent: testTorrent})
	if err := leecher.files.Close(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("closing gives %v", err)
	}
	leecher.await("the end of it", func() bool {
		probes := 1
		leecher.Do(func(*core.Session, bt.Instant) { probes = len(leecher.probes) })
		return probes == 0
	})
	leecher.awaitRest()
}

// TestFetchGivenUp has a peer ask for blocks and go, while all buffers wait for a disk that stands still, and another peer's
// blocks for them: those are read when it moves again.
func TestFetchGivenUp(t *testing.T) {
	to := makeTorrent(64<<10, 20*bt.BlockSize)
	var bad badDisk
	bad.room.Store(1 << 40)
	seed := startNode(t, to, to.place(t, all), bad.on, small(2))
	ask := func(number byte, from int) *net.TCPConn {
		sock := dialPlain(t, seed)
		greet(t, sock, to, number)
		text := wire.AppendInterested(nil)
		for i := from; i < from+10; i++ {
			text = wire.AppendRequest(text, to.layout.Geometry.BlockAt(uint32(i/4), uint32(i%4)))
		}
		sock.Write(text)
		return sock
	}
	waiting := func(least int) func() bool {
		return func() (so bool) {
			seed.look(func(*core.Session, *core.Snapshot) { so = len(seed.store.blocks) >= least })
			return so
		}
	}
	bad.gate.Lock()
	gone := ask(1, 0)
	seed.await("its blocks to be asked for", waiting(10))
	stays := ask(2, 10)
	seed.await("the other's blocks to be asked for", waiting(20))
	gone.Close()
	seed.await("the first to be gone", func() bool { return seed.peers() == 1 })
	bad.gate.Unlock()
	for i := 10; i < 20; i++ {
		expectBlock(t, stays, to, i)
	}
	stays.Close()
	seed.awaitRest()
}
