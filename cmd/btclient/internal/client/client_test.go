package client

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"peerwire/core"
	"peerwire/core/metainfo"
	"peerwire/shell/disk"
)

// TestMain finds goroutines that are left behind. One that is none of ours may live half a second longer than the tests: a
// server of net/http waits so long for a client to read the last of a connection that it closes.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// patience bounds every wait. It is no measure of anything.
const patience = 60 * time.Second

// makeTorrent makes a folder with one file of size bytes, and a torrent of it.
func makeTorrent(t *testing.T, size int) (dir string, torrent *metainfo.Torrent, data []byte) {
	t.Helper()
	dir, data = t.TempDir(), make([]byte, size)
	rand.NewChaCha8([32]byte{1}).Read(data)
	if err := os.WriteFile(filepath.Join(dir, "file"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	draft := metainfo.Draft{Name: "file", PieceLength: 32 << 10, Files: []metainfo.DraftFile{{Length: int64(size)}}}
	layout := disk.Layout{Files: []disk.File{{Path: []string{"file"}, Length: int64(size)}}}
	layout.Geometry.PieceLength, layout.Geometry.Total = draft.PieceLength, int64(size)
	hashes, err := disk.Hash(t.Context(), dir, layout, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hashes {
		draft.Hashes = append(draft.Hashes, h[:]...)
	}
	encoded, err := metainfo.Encode(&draft)
	if err != nil {
		t.Fatal(err)
	}
	if torrent, err = metainfo.Parse(encoded); err != nil {
		t.Fatal(err)
	}
	return dir, torrent, data
}

func start(t *testing.T, opt Options) *Client {
	t.Helper()
	opt.Listen, opt.NoTracker = "127.0.0.1:0", true
	c, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func closeAll(t *testing.T, clients ...*Client) {
	t.Helper()
	for _, c := range clients {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDownload downloads, ends, and finds everything again. Nothing that was started is left behind.
func TestDownload(t *testing.T) {
	source, torrent, data := makeTorrent(t, 1_000_001)
	seed := start(t, Options{Torrent: torrent, Dir: source, ReadOnly: true})
	select {
	case <-seed.Completed():
	default:
		t.Fatal("the seed is not complete")
	}
	dir := filepath.Join(t.TempDir(), "made", "by", "it")
	leecher := start(t, Options{Torrent: torrent, Dir: dir, Peers: []string{seed.Addr().String()}})
	if n := leecher.Found().Have.Count(); n != 0 {
		t.Errorf("%d pieces were found in an empty folder", n)
	}
	select {
	case <-leecher.Completed():
	case <-time.After(patience):
		t.Fatal("the download does not end")
	}
	var snap core.Snapshot
	if !leecher.Snapshot(&snap) || snap.Torrents[0].Left != 0 || snap.Torrents[0].Totals.Downloaded != int64(len(data)) {
		t.Errorf("after the download: %+v", snap.Torrents)
	}
	closeAll(t, seed, leecher)
	if leecher.Snapshot(&snap) {
		t.Error("a client that ended gives a snapshot")
	}
	if got, err := os.ReadFile(filepath.Join(dir, "file")); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the file differs: %v", err)
	}
	again := start(t, Options{Torrent: torrent, Dir: dir})
	if r := again.Found(); r.Have.Count() != uint(torrent.Info.NumPieces()) || r.Hashed != 0 {
		t.Errorf("found %d pieces, %d by hashing", r.Have.Count(), r.Hashed)
	}
	closeAll(t, again)
}

// TestStartFails wants nothing to be left of a client that could not be started.
func TestStartFails(t *testing.T) {
	source, torrent, _ := makeTorrent(t, 100_000)
	file := filepath.Join(source, "file")
	seed := start(t, Options{Torrent: torrent, Dir: source, ReadOnly: true})
	ended, end := context.WithCancel(t.Context())
	end()
	for _, c := range []struct {
		name string
		ctx  context.Context
		opt  Options
		want error
	}{
		{"locked", t.Context(), Options{Torrent: torrent, Dir: source, Listen: "127.0.0.1:0"}, disk.ErrLocked},
		{"no folder", t.Context(), Options{Torrent: torrent, Dir: file, Listen: "127.0.0.1:0"}, nil},
		{"no address", t.Context(), Options{Torrent: torrent, Dir: t.TempDir(), Listen: "192.0.2.1:1"}, nil},
		{"interrupted", ended, Options{Torrent: torrent, Dir: t.TempDir(), Listen: "127.0.0.1:0", Recheck: true}, context.Canceled},
	} {
		_, err := Start(c.ctx, c.opt)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	closeAll(t, seed)
}

func TestSplitPeer(t *testing.T) {
	for _, c := range []struct {
		peer, host string
		port       uint16
	}{
		{"192.0.2.1:6881", "192.0.2.1", 6881}, {"[2001:db8::1]:1", "2001:db8::1", 1}, {"seed.example:65535", "seed.example", 65535},
		{"192.0.2.1", "", 0}, {"192.0.2.1:", "", 0},
		{"192.0.2.1:0", "", 0}, {"192.0.2.1:65536", "", 0}, {":6881", "", 0}, {"2001:db8::1:1", "", 0}, {"", "", 0},
	} {
		host, port, err := SplitPeer(c.peer)
		if host != c.host || port != c.port || (err == nil) != (c.host != "") {
			t.Errorf("%q: %q %d %v", c.peer, host, port, err)
		}
	}
}

// TestTroubles tells of each error once, until the disk works again.
func TestTroubles(t *testing.T) {
	var tr troubles
	full, gone := errors.New("full"), errors.New("gone")
	if !tr.add(full) || tr.add(full) || !tr.add(gone) || tr.newest() != gone {
		t.Error("an error is told twice, or not at all")
	}
	for i := range 100 {
		if tr.add(errors.New(string(rune('a'+i)))) != (i < maxTroubles-2) {
			t.Fatalf("after %d errors", i+2)
		}
	}
	if tr.clear(); tr.newest() != nil || !tr.add(full) {
		t.Error("an error is not told again after the disk recovered")
	}
}
