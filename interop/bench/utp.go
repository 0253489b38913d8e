package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
	"peerwire/interop/relay"
)

// pair is who sends and who takes.
type pair struct {
	name     string
	from, to client.Client
}

// pairs are those that are compared. A stream is the engine alone; the others are whole clients and a torrent, with hashes and files.
var pairs = []pair{
	alone("peerwire"),
	alone("anacrolix"),
	alone("bare-anacrolix"),
	{"btclient (peerwire)", own, own},
	{"btclient (anacrolix)", library, library},
	{"libtorrent", libtorrent, libtorrent},
	{"btclient (peerwire) to libtorrent", own, libtorrent},
	{"libtorrent to btclient (peerwire)", libtorrent, own},
}

var (
	own        = client.Btclient{Transport: "utp", Engine: "peerwire"}
	library    = client.Btclient{Transport: "utp", Engine: "anacrolix"}
	libtorrent = client.Libtorrent{UTP: true}
)

func alone(engine string) pair {
	return pair{engine + ", stream", client.Stream{Engine: engine}, client.Stream{Engine: engine}}
}

// chosenPairs are those that take part.
func (o *options) chosenPairs() (took []pair) {
	for _, p := range pairs {
		if named(o.pairs, p.name) {
			took = append(took, p)
		}
	}
	return took
}

// named tells whether a name has one of the parts in it.
func named(parts []string, name string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
}

// carried is what came of one run.
type carried struct {
	bytes   int64
	wall    time.Duration // for them
	cpu     time.Duration // of both programs meanwhile
	whole   bool          // it did not run out of time
	overrun int64         // datagrams that found a receiver's buffer full
	foreign float64       // cores that others used
	relay   relay.Report
}

func (c carried) rate() float64 { return float64(c.bytes) / (1 << 20) / c.wall.Seconds() }

func (c carried) perGiB() float64 { return c.cpu.Seconds() / (float64(c.bytes) / (1 << 30)) }

// utp measures every pair over every path.
func (b *bench) utp() error {
	for i := range paths {
		p := &paths[i]
		if !named(b.paths, p.name) {
			continue
		}
		torrent, err := b.torrentOf(b.size, 20)
		if err != nil {
			return err
		}
		results := map[string][]carried{}
		for range b.runs {
			for _, who := range b.chosenPairs() {
				if err := b.stopped(); err != nil {
					return err
				}
				c, err := b.carry(p, who, torrent)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", who.name, p.name, err)
				}
				results[who.name] = append(results[who.name], c)
				fmt.Fprintf(os.Stderr, "%-36s %-42s %6.1f MiB/s, CPU %.1f s/GiB, %d MiB in %.1f s, %d overruns, relay %v late, other load %.2f\n",
					who.name, p.name, c.rate(), c.perGiB(), c.bytes>>20, c.wall.Seconds(), c.overrun, c.relay.Late, c.foreign)
			}
		}
		b.printCarried(p, results)
	}
	return nil
}

// carry lets one pair transfer the torrent's bytes once.
func (b *bench) carry(p *path, who pair, torrent *fixture.Torrent) (c carried, err error) {
	var jobs [2]client.Job // the sender's and the taker's
	for i := range jobs {
		scratch, remove, err := b.scratch()
		if err != nil {
			return c, err
		}
		defer remove()
		jobs[i] = client.Job{Torrent: torrent, Dir: torrent.Source, Scratch: scratch, Listen: netns.Next(), Stay: true}
	}
	target, remove, err := b.scratch()
	if err != nil {
		return c, err
	}
	defer remove()
	jobs[1].Dir = target

	before := machineBusy()
	lost, err := overruns()
	if err != nil {
		return c, err
	}
	from, err := who.from.Seed(jobs[0])
	if err != nil {
		return c, err
	}
	defer from.Close()
	between, front, err := p.relayed(jobs[0].Listen)
	if err != nil {
		return c, err
	}
	if between != nil {
		defer func() {
			var e error
			c.relay, e = between.Close()
			if c.relay.Overrun > 0 {
				e = errors.Join(e, fmt.Errorf("the relay was overrun %d times", c.relay.Overrun))
			}
			err = errors.Join(err, e)
		}()
	}
	jobs[1].Dial = []netip.AddrPort{front}
	to, err := who.to.Leech(jobs[1])
	if err != nil {
		return c, err
	}
	defer to.Close()
	if c, err = follow(from, to, filepath.Join(target, dataName), torrent.Size, p.limit); err != nil {
		return c, fmt.Errorf("%w:\n%s\n%s", err, from.Output(), to.Output())
	}
	after, err := overruns()
	c.overrun = after - lost
	err = errors.Join(err, to.Stop(), from.Stop())
	c.foreign = foreignLoad(before, from, to)
	return c, err
}

// follow measures from the taker's first bytes until its last, or until the time is over.
func follow(from, to *client.Run, file string, size int64, limit time.Duration) (carried, error) {
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	first, err := begin(ctx, to, file, size)
	if err != nil {
		return carried{}, err
	}
	start := [2]meter{readMeter(from), readMeter(to)}
	bounded, stop := context.WithTimeout(ctx, limit)
	defer stop()
	last, err := to.Await(bounded, "all bytes", func(e client.Event) bool { return e.BytesDone == size })
	whole := err == nil
	if !whole && bounded.Err() != nil {
		last, _ = to.Last(client.Progress)
	} else if err != nil {
		return carried{}, err
	}
	end := [2]meter{readMeter(from), readMeter(to)}
	c := carried{bytes: last.BytesDone - first.BytesDone, wall: last.At.Sub(first.At), whole: whole}
	for i := range start {
		c.cpu += end[i].user + end[i].sys - start[i].user - start[i].sys
		err = errors.Join(start[i].err, end[i].err)
	}
	if c.bytes <= 0 || c.wall <= 0 {
		err = errors.Join(err, fmt.Errorf("%d bytes in %v", c.bytes, c.wall))
	}
	return c, err
}

// begin waits for the first bytes: that the taker tells of some, or that its file has some. When all were there before anybody looked, it
// began when it could.
func begin(ctx context.Context, to *client.Run, file string, size int64) (client.Event, error) {
	for {
		if e, ok := to.Last(client.Progress); ok && e.BytesDone == size {
			listening, _ := to.Last(client.Listening)
			return client.Event{At: listening.At}, nil
		} else if ok && e.BytesDone > 0 {
			return e, nil
		}
		if hasBlocks(file) {
			return client.Event{At: time.Now()}, nil
		}
		select {
		case <-time.After(time.Millisecond):
		case <-to.Done():
			return client.Event{}, errors.New("the taker ended")
		case <-ctx.Done():
			return client.Event{}, ctx.Err()
		}
	}
}
