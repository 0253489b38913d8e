package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"peerwire/interop/fixture"
)

// bench is one invocation at work.
type bench struct {
	options
	dir         string // memory-backed, removed by the process outside
	interrupted <-chan os.Signal
	scratches   int
	torrents    map[[2]int64]*fixture.Torrent // by size and piece length
}

// dataName is the one file that is transferred.
const dataName = "random.bin"

// describe prints what the figures depend on.
func (b *bench) describe() error {
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	congestion, err := os.ReadFile("/proc/sys/net/ipv4/tcp_congestion_control")
	if err != nil {
		return err
	}
	model, processors := processor()
	transport := "loopback TCP"
	if b.compareUTP {
		transport = "uTP"
	}
	fmt.Printf("%d MiB of random data in %s, %s, plaintext; %d runs of each, taking turns.\n", b.size>>20, filepath.Dir(b.dir), transport, b.runs)
	fmt.Printf("%d x %s, Linux %s, %s. Other load is what the rest of the machine used meanwhile, in cores.\n",
		processors, model, bytes.TrimSpace(kernel), bytes.TrimSpace(congestion))
	return nil
}

func processor() (model string, count int) {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			model, count = strings.TrimSpace(value), count+1
		}
	}
	return model, count
}

// pieces makes the torrent with one piece length and measures with it.
func (b *bench) pieces(bits int) error {
	torrent, err := b.torrentOf(b.size, bits)
	if err != nil {
		return err
	}
	if b.only != "seed" {
		if err := b.leeching(torrent, bits); err != nil {
			return err
		}
	}
	if b.only != "leech" {
		return b.seeding(torrent, bits)
	}
	return nil
}

// torrentOf gives the torrent of so many bytes with a piece length. Each is made once.
func (b *bench) torrentOf(size int64, bits int) (*fixture.Torrent, error) {
	key := [2]int64{size, int64(bits)}
	if t := b.torrents[key]; t != nil {
		return t, nil
	}
	t, err := b.makeTorrent(size, bits)
	b.torrents[key] = t
	return t, err
}

func (b *bench) makeTorrent(size int64, bits int) (*fixture.Torrent, error) {
	dir := filepath.Join(b.dir, fmt.Sprintf("data-%d", size))
	source := filepath.Join(dir, fmt.Sprintf("source-%d", bits))
	data := filepath.Join(dir, dataName)
	if _, err := os.Stat(data); errors.Is(err, os.ErrNotExist) {
		if err := fixture.Write(dir, 1, []fixture.File{{Path: dataName, Size: size}}); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(source, 0o755); err != nil {
		return nil, err
	}
	if err := os.Link(data, filepath.Join(source, dataName)); err != nil {
		return nil, err
	}
	return fixture.Make(source, dataName, fixture.Options{PieceBits: bits})
}

// turns runs one measurement of each client in each round, and stops when
// interrupted.
func (b *bench) turns(measure func(name string) error) error {
	for range b.runs {
		for _, name := range b.clients {
			if err := b.stopped(); err != nil {
				return err
			}
			if err := measure(name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// stopped tells whether we were interrupted.
func (b *bench) stopped() error {
	select {
	case <-b.interrupted:
		return errors.New("interrupted")
	default:
		return nil
	}
}

// scratch makes an empty folder and gives what removes it.
func (b *bench) scratch() (string, func(), error) {
	b.scratches++
	dir := filepath.Join(b.dir, fmt.Sprintf("scratch-%d", b.scratches))
	return dir, func() { _ = os.RemoveAll(dir) }, os.Mkdir(dir, 0o755)
}
