package loop

import (
	"bytes"
	"context"
	"crypto/sha1"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait. It is no measure of anything.
const patience = 3 * time.Minute

// testTorrent is the id of the one torrent of a test.
const testTorrent bt.TorrentID = 1

// torrent is a torrent and its content.
type torrent struct {
	layout  disk.Layout
	content []byte
}

// makeTorrent makes a torrent of files of the given lengths, a negative one being padding, with random content.
func makeTorrent(pieceLength uint32, lengths ...int64) *torrent {
	to := &torrent{layout: disk.Layout{Geometry: bt.Geometry{PieceLength: pieceLength}}}
	l := &to.layout
	r := rand.NewChaCha8([32]byte{byte(len(lengths))})
	for i, n := range lengths {
		f := disk.File{Path: []string{"t", string(rune('a' + i))}, Length: max(n, -n), Offset: l.Geometry.Total, Pad: n < 0}
		data := make([]byte, f.Length)
		if !f.Pad {
			r.Read(data)
		}
		to.content = append(to.content, data...)
		l.Files = append(l.Files, f)
		l.Geometry.Total += f.Length
	}
	for i := range l.Geometry.NumPieces() {
		off := int64(i) * int64(pieceLength)
		l.Hashes = append(l.Hashes, sha1.Sum(to.content[off:off+int64(l.Geometry.PieceSize(i))]))
	}
	l.InfoHash[0] = byte(len(to.content))
	return to
}

// place writes the files into a new folder, but for the pieces that are not to be there.
func (to *torrent) place(t testing.TB, have func(piece int) bool) string {
	t.Helper()
	dir, data := t.TempDir(), bytes.Clone(to.content)
	pl := int(to.layout.Geometry.PieceLength)
	for i := range to.layout.Hashes {
		if !have(i) {
			clear(data[i*pl : min((i+1)*pl, len(data))])
		}
	}
	for _, f := range to.layout.Files {
		name := filepath.Join(append([]string{dir}, f.Path...)...)
		if f.Pad {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data[f.Offset:f.Offset+f.Length], 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// all is every piece, for place.
func all(int) bool { return true }

// expect wants the files in a folder to be whole.
func (to *torrent) expect(t testing.TB, dir string) {
	t.Helper()
	for _, f := range to.layout.Files {
		got, err := os.ReadFile(filepath.Join(append([]string{dir}, f.Path...)...))
		if !f.Pad && (err != nil || !bytes.Equal(got, to.content[f.Offset:f.Offset+f.Length])) {
			t.Errorf("%v: %d bytes are not the %d they should be: %v", f.Path, len(got), f.Length, err)
		}
	}
}

// node is a Loop with its disk and a listener, running.
type node struct {
	*Loop
	t         testing.TB
	torrent   *torrent
	dir       string
	files     *disk.Torrent
	listener  *tcp.Listener
	stop      context.CancelFunc
	ran       chan struct{}
	once      sync.Once
	changed   chan struct{} // something was observed
	completed atomic.Bool
	stalls    atomic.Int32 // Stalled with a fault
	goesOn    atomic.Int32 // Stalled without one
	closes    chan bt.Effect
}

// nodes numbers the nodes of a test run, so that no two have the same identity.
var nodes atomic.Uint32

// startNode runs a node in dir. It ends with the test.
func startNode(t testing.TB, to *torrent, dir string, tweak ...func(*Options)) *node {
	t.Helper()
	n := &node{t: t, torrent: to, dir: dir, ran: make(chan struct{}), changed: make(chan struct{}, 1),
		closes: make(chan bt.Effect, 1000)}
	opt := Options{Config: bt.DefaultConfig(), ProbeEvery: time.Millisecond, Observe: n.observe}
	opt.Config.Seed = uint64(nodes.Add(1))
	copy(opt.Config.PeerID[:], "-PWTEST-")
	opt.Config.PeerID[19], opt.Config.PeerID[18] = byte(opt.Config.Seed), byte(opt.Config.Seed>>8)
	for _, f := range tweak {
		f(&opt)
	}
	var err error
	if n.Loop, err = New(opt); err != nil {
		t.Fatal(err)
	}
	if n.files, err = n.Disk().Open(testTorrent, dir, to.layout); err != nil {
		t.Fatal(err)
	}
	report, err := n.files.Resume(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n.completed.Store(report.Have.Count() == uint(to.layout.Geometry.NumPieces()))
	if err := n.files.Prepare(); err != nil {
		t.Log(err) // a disk that fails is what some tests are about
	}
	if n.listener, err = tcp.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	go func() {
		defer close(n.ran)
		n.Run(ctx)
	}()
	n.Handle(bt.Event{Kind: bt.AddTorrent, Torrent: testTorrent, Spec: &bt.TorrentSpec{
		InfoHash: to.layout.InfoHash, Geometry: to.layout.Geometry, Have: report.Have}})
	n.listener.Serve(n.Accept)
	t.Cleanup(n.close)
	return n
}

// close ends the node; again does nothing.
func (n *node) close() {
	n.once.Do(func() {
		n.listener.Close()
		n.stop()
		<-n.ran
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := n.Disk().Close(ctx); err != nil {
			n.t.Error(err)
		}
	})
}

func (n *node) observe(e bt.Effect, _ error) {
	switch {
	case e.Kind == bt.Completed:
		n.completed.Store(true)
	case e.Kind == bt.Stalled && e.Fault != bt.OK:
		n.stalls.Add(1)
	case e.Kind == bt.Stalled:
		n.goesOn.Add(1)
	case e.Kind == bt.Close:
		select {
		case n.closes <- e:
		default:
		}
	}
	select {
	case n.changed <- struct{}{}:
	default:
	}
}

// dial has the node know peers, which it dials.
func (n *node) dial(addrs ...netip.AddrPort) {
	for _, a := range addrs {
		n.Handle(bt.Event{Kind: bt.AddPeer, Torrent: testTorrent, Addr: a, Source: bt.Manual})
	}
}

// look calls f with the session, and checks it.
func (n *node) look(f func(s *core.Session, snap *core.Snapshot)) {
	n.t.Helper()
	var err error
	if !n.Do(func(s *core.Session, now bt.Instant) {
		var snap core.Snapshot
		s.Snapshot(now, &snap)
		f(s, &snap)
		err = s.Check()
	}) {
		n.t.Fatal("the loop has ended")
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// await waits until something is so; it looks whenever something was observed, and now and then.
func (n *node) await(what string, so func() bool) {
	n.t.Helper()
	late := time.After(patience)
	for !so() {
		select {
		case <-n.changed:
		case <-time.After(time.Millisecond):
		case <-late:
			n.look(func(_ *core.Session, snap *core.Snapshot) { n.t.Logf("%+v", *snap) })
			n.t.Fatal("in vain: ", what)
		}
	}
}

// awaitDownload waits until the node is complete, and compares its files.
func (n *node) awaitDownload() {
	n.t.Helper()
	n.await("the download", n.completed.Load)
	n.torrent.expect(n.t, n.dir)
}

// awaitRest wants nothing to be held for anybody when all connections are closed.
func (n *node) awaitRest() {
	n.t.Helper()
	n.await("rest", func() bool {
		held := 0
		n.look(func(*core.Session, *core.Snapshot) {
			s := &n.store
			held = s.arriving.Out() + s.departing.Out() + len(s.blocks) + len(n.links)
		})
		return held == 0
	})
}

// peers is how many connections are open.
func (n *node) peers() (open int) {
	n.t.Helper()
	n.look(func(_ *core.Session, snap *core.Snapshot) { open = snap.Torrents[0].Connected })
	return open
}
