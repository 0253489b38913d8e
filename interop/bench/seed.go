package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
)

// leechers is how many connections a seed serves at once, each from an
// address of its own.
const leechers = 8

// serving is what it cost one client to serve.
type serving struct {
	served     int64         // bytes of blocks
	wall       time.Duration // from the first block until the last
	user, sys  time.Duration // of the whole process meanwhile
	peak, anon int64         // bytes: most resident, and its own at the end
	reached    int           // leechers that got anything
	foreign    float64       // cores that others used meanwhile
}

// perGiB is the CPU time for one GiB served.
func (s serving) perGiB() float64 {
	return (s.user + s.sys).Seconds() / (float64(s.served) / (1 << 30))
}

// seeding measures every client as the seed of eight leechers.
func (b *bench) seeding(torrent *fixture.Torrent, bits int) error {
	results := map[string][]serving{}
	err := b.turns(func(name string) error {
		s, err := b.serve(name, torrent, 1<<bits)
		if err == nil {
			results[name] = append(results[name], s)
			fmt.Fprintf(os.Stderr, "seed  %-12s %d MiB pieces: %.2f s, CPU %.2f s/GiB, peak %d MiB, %d leechers served, other load %.2f\n",
				name, 1<<bits>>20, s.wall.Seconds(), s.perGiB(), s.peak>>20, s.reached, s.foreign)
		}
		return err
	})
	if err != nil {
		return err
	}
	b.printServings(results, bits)
	return nil
}

// serve lets blackholes drain one seed of the bytes to be served.
func (b *bench) serve(name string, torrent *fixture.Torrent, piece int64) (serving, error) {
	scratch, remove, err := b.scratch()
	if err != nil {
		return serving{}, err
	}
	defer remove()
	job := client.Job{Torrent: torrent, Dir: torrent.Source, Scratch: scratch, Listen: netns.Next()}
	before := machineBusy()
	seed, err := contestants[name].Seed(job)
	if err != nil {
		return serving{}, err
	}
	defer seed.Close()

	s, err := drain(seed, job.Listen, torrent, piece, b.served)
	if err != nil {
		return s, fmt.Errorf("%w:\n%s", err, seed.Output())
	}
	if err := seed.Stop(); err != nil {
		return s, err
	}
	s.foreign = foreignLoad(before, seed)
	return s, nil
}

// drain runs the blackholes and takes the seed's meters between the first
// block and the last.
func drain(seed *client.Run, at netip.AddrPort, torrent *fixture.Torrent, piece, total int64) (serving, error) {
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	var (
		want, reached atomic.Int64
		begin         sync.Once
		started       meter
		wait          sync.WaitGroup
		errs          [leechers]error
	)
	want.Store(total)
	for i := range leechers {
		h := &blackhole{
			torrent: torrent, piece: piece, from: netns.Next().Addr(), seed: at,
			first: torrent.Size / blockSize * int64(i) / leechers, want: &want,
			begun: func() {
				reached.Add(1)
				begin.Do(func() { started = readMeter(seed) })
			},
		}
		wait.Go(func() {
			errs[i] = h.run(ctx)
			if want.Load() <= 0 {
				cancel()
			}
		})
	}
	wait.Wait()
	ended := readMeter(seed)
	// A seed may refuse some leechers, as long as the others get it all.
	if want.Load() > 0 {
		return serving{}, errors.Join(append(errs[:], started.err, errors.New("not everything was served"))...)
	}
	memory, err := seed.Memory()
	return serving{
		served: total - want.Load(), wall: ended.at.Sub(started.at),
		user: ended.user - started.user, sys: ended.sys - started.sys,
		peak: memory.PeakRSS, anon: memory.Anon, reached: int(reached.Load()),
	}, errors.Join(err, started.err, ended.err)
}

// meter is a reading of a running program's CPU time.
type meter struct {
	at        time.Time
	user, sys time.Duration
	err       error
}

func readMeter(r *client.Run) meter {
	m := meter{at: time.Now()}
	m.user, m.sys, m.err = r.CPUNow()
	return m
}
