package interop

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
)

const (
	// kills is how often the download is killed before it may complete.
	kills = 10
	// window is how much a kill may cost: the blocks on their way, pieces
	// not yet whole, and what was verified since the last resume record.
	window = 2 << 20
	// seedRate slows the seed down, so that there is a middle to be killed
	// in.
	seedRate = 12 << 20
)

// A download that is killed (signal 9) ten times, each time after some more
// megabytes, goes on every time where it was, and completes.
func TestKilledTenTimes(t *testing.T) {
	t.Parallel()
	l := newLives(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range kills {
		r := l.begin(t)
		l.grow(t, 1<<20+random.Int64N(8<<20))
		r.Kill()
		l.end(t)
	}
	l.complete(t)
}

// A download that is interrupted leaves 130 at once, and the same command
// goes on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	l := newLives(t)
	r := l.begin(t)
	l.grow(t, 8<<20)
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	if code := r.ExitCode(); code != 130 && r.Name() == (client.Btclient{}).Name() {
		t.Errorf("interrupted, it left exit code %d, want 130:\n%s", code, r.Output())
	}
	l.end(t)
	l.complete(t)
}

// lives are one download's several processes, and the slow seed they share.
// The seed counts what it sends, so nobody's own word is taken for what a
// death costs.
type lives struct {
	job   client.Job
	seed  *client.Run
	ended int   // lives that ended early
	began int64 // verified bytes at the beginning of this life
	sent  int64 // by the seed, to all lives that ended
}

func newLives(t *testing.T) *lives {
	t.Helper()
	s := shape{name: "large.bin", bits: 18, files: []fixture.File{{Path: "large.bin", Size: 144<<20 + 4321}}}
	from, to := jobs(t, s, netns.Next)
	from.UploadLimit = seedRate
	to.Dial = []netip.AddrPort{from.Listen}
	return &lives{job: to, seed: launch(t, client.Libtorrent{}.Seed, from)}
}

// begin starts the next life, which has all that the ones before were sent,
// but for what their deaths cost.
func (l *lives) begin(t *testing.T) *client.Run {
	t.Helper()
	r := launch(t, subject().Leech, l.job)
	l.began = await(t, r, "first progress", func(e client.Event) bool {
		return e.Event == client.Progress && e.State != "checking"
	}).BytesDone
	if l.began < l.sent-int64(l.ended)*window {
		t.Errorf("life %d began with %d bytes, but %d had been sent", l.ended, l.began, l.sent)
	}
	return r
}

// grow waits until so many bytes were sent to this life.
func (l *lives) grow(t *testing.T, bytes int64) {
	t.Helper()
	await(t, l.seed, "more bytes", func(e client.Event) bool { return e.Uploaded >= l.sent+bytes })
}

// end notes a life that is over.
func (l *lives) end(t *testing.T) {
	t.Helper()
	last, _ := l.seed.Last(client.Progress)
	l.ended++
	l.sent = last.Uploaded
	t.Logf("life %d began with %d bytes; %d were sent until it ended", l.ended, l.began, l.sent)
}

// complete lets the last life end well, and settles the account.
func (l *lives) complete(t *testing.T) {
	t.Helper()
	complete(t, l.begin(t), l.job)
	frugal(t, l.seed, l.job.Torrent.Size+int64(l.ended)*window)
}
