package interop

import (
	"context"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
)

// transferLimit bounds one transfer of some 20 MiB; the slowest client
// (Transmission, which looks for peers every few seconds) needs a tenth of it on an idle machine.
const transferLimit = 300 * time.Second

// A shape is a torrent worth transferring.
type shape struct {
	name  string // of the torrent's file or folder
	bits  int    // of the piece length
	files []fixture.File
}

// shapes are the torrents of the tests: one file with a short last piece, and
// a folder of what breaks file storage: nesting, an empty file, files far
// smaller than a piece, files that end inside a piece and one that fills its
// pieces exactly.
var shapes = []shape{
	{name: "single.bin", bits: 18, files: []fixture.File{{Path: "single.bin", Size: 24<<20 + 12345}}},
	{name: "folder", bits: 16, files: []fixture.File{
		{Path: "folder/a first/deep/er/one.bin", Size: 3<<20 + 7},
		{Path: "folder/b/empty", Size: 0},
		{Path: "folder/b/one byte", Size: 1},
		{Path: "folder/b/tiny", Size: 300},
		{Path: "folder/c/exact.bin", Size: 16 << 16},
		{Path: "folder/c/Ünïcode name.bin", Size: 1<<20 + 1},
		{Path: "folder/z.last", Size: 2<<20 - 3},
	}},
}

// make writes the shape's data and torrent into a folder of the test's own.
func (s shape) make(t *testing.T, announce string) *fixture.Torrent {
	t.Helper()
	source := filepath.Join(t.TempDir(), "source")
	if err := fixture.Write(source, 1, s.files); err != nil {
		t.Fatal(err)
	}
	torrent, err := fixture.Make(source, s.name, fixture.Options{PieceBits: s.bits, Announce: announce})
	if err != nil {
		t.Fatal(err)
	}
	return torrent
}

// seedJob serves the torrent's own data.
func seedJob(t *testing.T, torrent *fixture.Torrent) client.Job {
	return client.Job{Torrent: torrent, Dir: torrent.Source, Scratch: t.TempDir(), Listen: netns.Next()}
}

// leechJob downloads into an empty folder.
func leechJob(t *testing.T, torrent *fixture.Torrent) client.Job {
	return client.Job{Torrent: torrent, Dir: t.TempDir(), Scratch: t.TempDir(), Listen: netns.Next()}
}

// launch starts a client; the test's end closes it.
func launch(t *testing.T, how func(client.Job) (*client.Run, error), job client.Job) *client.Run {
	t.Helper()
	r, err := how(job)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// complete waits until a leecher has everything, lets it write what it may
// still hold in memory, and compares every byte with the source.
func complete(t *testing.T, r *client.Run, job client.Job) {
	t.Helper()
	awaitComplete(t, r)
	if !r.Exits() {
		stop(t, r)
	}
	same(t, r, job)
}

func awaitComplete(t *testing.T, r *client.Run) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), transferLimit)
	defer cancel()
	if _, err := r.AwaitComplete(ctx); err != nil {
		t.Fatal(err)
	}
}

// await waits for an event.
func await(t *testing.T, r *client.Run, what string, match func(client.Event) bool) client.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), transferLimit)
	defer cancel()
	e, err := r.Await(ctx, what, match)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// frugal checks that a seed that reports it sent no more than so many bytes.
func frugal(t *testing.T, seed *client.Run, most int64) {
	t.Helper()
	last, ok := seed.Last(client.Progress)
	t.Logf("the seed sent %d bytes, at most %d were due", last.Uploaded, most)
	if !ok || last.Uploaded == 0 || last.Uploaded > most {
		t.Errorf("the seed sent %d bytes, at most %d were due", last.Uploaded, most)
	}
}

// stop interrupts a client that has all it wants; btclient then leaves 0.
func stop(t *testing.T, r *client.Run) {
	t.Helper()
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	if r.Name() == (client.Btclient{}).Name() && r.ExitCode() != 0 {
		t.Errorf("interrupted as a seed, %s left exit code %d:\n%s", r.Name(), r.ExitCode(), r.Output())
	}
}

// same compares what a client downloaded with the torrent's source.
// Transmission 3.00 makes no empty files; nobody else is let off.
func same(t *testing.T, r *client.Run, job client.Job) {
	t.Helper()
	want, err := fixture.Digest(filepath.Join(job.Torrent.Source, job.Torrent.Name))
	if err != nil {
		t.Fatal(err)
	}
	got, err := fixture.Digest(filepath.Join(job.Dir, job.Torrent.Name))
	if err != nil {
		t.Fatal(err)
	}
	if r.Name() == (client.Transmission{}).Name() {
		want = emptyFile.ReplaceAllString(want, "")
	}
	if got != want {
		t.Errorf("downloaded:\n%s\nbut the source is:\n%s", got, want)
	}
}

// emptyFile is the line of an empty file in a digest.
var emptyFile = regexp.MustCompile(`(?m)^.* 0 [0-9a-f]{64}\n`)
