package interop

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
)

// An obstacle keeps a client from writing for a time.
type obstacle struct {
	name  string
	raise func(t *testing.T, dir string) // before the download
	lift  func(t *testing.T, dir string) // once the client complained
	says  *regexp.Regexp                 // the complaint, anywhere in its output
}

const (
	diskSize    = "size=48m"
	ballastSize = 24 << 20
	ballastName = "ballast"
	// inFlight is what may be on its way from a seed without a limit when
	// the obstacle is met: blocks asked for, in socket buffers and in memory.
	inFlight = 8 << 20
)

// On tmpfs both are the real thing: the kernel's own ENOSPC and EROFS, which
// bind root too.
var obstacles = []obstacle{
	{
		name: "full disk",
		raise: func(t *testing.T, dir string) {
			if err := fixture.Write(dir, 2, []fixture.File{{Path: ballastName, Size: ballastSize}}); err != nil {
				t.Fatal(err)
			}
		},
		lift: func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, ballastName)); err != nil {
				t.Fatal(err)
			}
		},
		says: regexp.MustCompile(`(?i)no space left|disk (is )?full`),
	},
	{
		name:  "read-only folder",
		raise: func(t *testing.T, dir string) { remount(t, dir, syscall.MS_RDONLY) },
		lift:  func(t *testing.T, dir string) { remount(t, dir, 0) },
		says:  regexp.MustCompile(`(?i)read-only`),
	},
}

// A disk that is full, or may not be written to, stops the download and is
// said so; the client keeps running, takes no more blocks than it can keep,
// and goes on by itself when the obstacle is gone.
func TestObstacle(t *testing.T) {
	for _, o := range obstacles {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s := shape{name: "large.bin", bits: 18, files: []fixture.File{{Path: "large.bin", Size: 40<<20 + 99}}}
			torrent := s.make(t, "")
			from, to := seedJob(t, torrent), leechJob(t, torrent)
			mount(t, to.Dir)
			o.raise(t, to.Dir)
			seed := launch(t, client.Libtorrent{}.Seed, from)
			to.Dial = []netip.AddrPort{from.Listen}
			r := launch(t, subject().Leech, to)

			complaint := await(t, r, "complaint", func(e client.Event) bool { return o.says.MatchString(e.Line) })
			hold(t, seed, complaint)
			if !r.Alive() {
				t.Fatalf("the client gave up:\n%s", r.Output())
			}
			o.lift(t, to.Dir)
			complete(t, r, to)
			frugal(t, seed, torrent.Size+inFlight)
		})
	}
}

// hold keeps the obstacle up until the seed has reported some two seconds
// more: a client that went on asking would fetch the whole torrent meanwhile.
func hold(t *testing.T, seed *client.Run, complaint client.Event) {
	t.Helper()
	reports := 0
	await(t, seed, "twenty reports", func(e client.Event) bool {
		if e.At.After(complaint.At) {
			reports++
		}
		return reports == 20
	})
}

// mount puts a small memory-backed file system on dir, in the namespace that
// ends with the test process.
func mount(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, diskSize); err != nil {
		t.Fatalf("mounting on %s: %v", dir, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", dir, err)
		}
	})
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, diskSize); err != nil {
		t.Fatalf("remounting %s: %v", dir, err)
	}
}
