package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
)

// runLimit bounds one run of one client.
const runLimit = 5 * time.Minute

// sampleEvery is how often a running client is looked at.
const sampleEvery = 10 * time.Millisecond

// download is what one client's one download cost.
type download struct {
	wall       time.Duration // from spawning it until it said it was complete
	transfer   time.Duration // from the first block on disk until then
	user, sys  time.Duration // of the whole process until it ended
	peak, anon int64         // bytes: most resident, and most of its own
	foreign    float64       // cores that others used meanwhile
}

// leeching measures every client's download from a libtorrent seed.
func (b *bench) leeching(torrent *fixture.Torrent, bits int) error {
	results := map[string][]download{}
	err := b.turns(func(name string) error {
		d, err := b.download(name, torrent)
		if err == nil {
			results[name] = append(results[name], d)
			fmt.Fprintf(os.Stderr, "leech %-12s %d MiB pieces: %.2f s, CPU %.2f s, peak %d MiB, other load %.2f\n",
				name, 1<<bits>>20, d.wall.Seconds(), (d.user + d.sys).Seconds(), d.peak>>20, d.foreign)
		}
		return err
	})
	if err != nil {
		return err
	}
	b.printDownloads(results, bits)
	return nil
}

// download runs one client, which dials a seed that already waits.
func (b *bench) download(name string, torrent *fixture.Torrent) (download, error) {
	var jobs [2]client.Job // the seed's and the leecher's
	for i := range jobs {
		scratch, remove, err := b.scratch()
		if err != nil {
			return download{}, err
		}
		defer remove()
		jobs[i] = client.Job{Torrent: torrent, Dir: torrent.Source, Scratch: scratch, Listen: netns.Next()}
	}
	target, remove, err := b.scratch()
	if err != nil {
		return download{}, err
	}
	defer remove()
	jobs[1].Dir = target

	before := machineBusy()
	seed, err := client.Libtorrent{}.Seed(jobs[0])
	if err != nil {
		return download{}, err
	}
	defer seed.Close()
	jobs[1].Dial = []netip.AddrPort{jobs[0].Listen}
	leecher, err := contestants[name].Leech(jobs[1])
	if err != nil {
		return download{}, err
	}
	defer leecher.Close()

	d, err := watch(leecher, filepath.Join(target, dataName))
	if err != nil {
		return download{}, err
	}
	if err := seed.Stop(); err != nil {
		return download{}, err
	}
	d.foreign = foreignLoad(before, leecher, seed)
	same, err := fixture.SameFile(filepath.Join(torrent.Source, dataName), filepath.Join(target, dataName))
	if err == nil && !same {
		err = errors.New("the download differs from its source")
	}
	return d, err
}

// watch samples a client until it is complete, and ends it.
func watch(r *client.Run, file string) (download, error) {
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	sampled := make(chan download, 1)
	go func() { sampled <- sample(ctx, r, file) }()
	complete, err := r.AwaitComplete(ctx)
	if err == nil && !r.Exits() {
		err = r.Stop()
	}
	if err != nil {
		return download{}, err
	}
	d := <-sampled
	first := r.Started().Add(d.transfer)
	d.wall = complete.At.Sub(r.Started())
	d.transfer = complete.At.Sub(first)
	d.user, d.sys = r.CPU()
	return d, nil
}

// sample looks at a client until it has ended: at its memory, and for the
// moment when the file gets its first block. Transfer is then the time from
// the spawning to that moment.
func sample(ctx context.Context, r *client.Run, file string) download {
	var d download
	for {
		if m, err := r.Memory(); err == nil {
			d.peak, d.anon = max(d.peak, m.PeakRSS), max(d.anon, m.Anon)
		}
		if d.transfer == 0 && hasBlocks(file) {
			d.transfer = time.Since(r.Started())
		}
		select {
		case <-r.Done():
			return d
		case <-ctx.Done():
			return d
		case <-time.After(sampleEvery):
		}
	}
}

func hasBlocks(file string) bool {
	var s syscall.Stat_t
	return syscall.Stat(file, &s) == nil && s.Blocks > 0
}
