// Command bench compares btclient with other people's clients as whole
// programs: how long a download over loopback takes, what CPU and memory it
// costs, and what it costs to seed.
//
//	cd interop && go run ./bench [-size MiB] [-runs N] [-pieces MiB,...] [-clients NAME,...] [-only leech|seed]
//	cd interop && go run ./bench -utp [-size MiB] [-runs N] [-paths SUBSTRING,...] [-pairs SUBSTRING,...]
//
// The second form compares what speaks uTP, over loopback and through a relay that delays, loses and queues.
//
// All clients take turns in every round, so that what else the machine does
// hits them alike; the table has medians. It needs root and Linux, as the
// tests do (see package interop), and room for three times the size in the
// memory-backed folder -dir.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
)

// options are the command line.
type options struct {
	size       int64 // bytes
	runs       int
	pieces     []int // log2 of each piece length
	clients    []string
	only       string // "", leech or seed
	dir        string
	served     int64 // bytes served in one seeding run
	compareUTP bool  // the comparison of uTP in place of the others
	paths      []string
	pairs      []string // parts of their names
}

func main() {
	o, err := parse()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	code, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		code = 1
	}
	os.Exit(code)
}

func parse() (options, error) {
	var o options
	size := flag.Int64("size", 0, "size of the file in MiB; 1024, or 256 for uTP, when it is not given")
	served := flag.Int64("served", 2048, "MiB that a seed serves in one run")
	pieces := flag.String("pieces", "1,16", "piece lengths in MiB, powers of two")
	names := flag.String("clients", "btclient,libtorrent,aria2", "clients to compare; transmission is the fourth")
	flag.IntVar(&o.runs, "runs", 5, "runs of each client")
	flag.StringVar(&o.only, "only", "", "leech or seed; both when empty")
	flag.StringVar(&o.dir, "dir", "/dev/shm", "memory-backed folder to work in")
	flag.BoolVar(&o.compareUTP, "utp", false, "compare uTP")
	between := flag.String("paths", "", "with -utp: parts of the names of the paths to measure; all when empty")
	who := flag.String("pairs", "", "with -utp: parts of the names of the pairs to measure; all when empty")
	flag.Parse()
	if *size == 0 {
		*size = 1024
		if o.compareUTP {
			*size = 256
		}
	}
	o.size, o.served = *size<<20, *served<<20
	o.paths, o.pairs = strings.Split(*between, ","), strings.Split(*who, ",")
	o.clients = strings.Split(*names, ",")
	for piece := range strings.SplitSeq(*pieces, ",") {
		n, err := strconv.Atoi(piece)
		bits := slices.Index([]int{1, 2, 4, 8, 16}, n)
		if err != nil || bits < 0 {
			return o, fmt.Errorf("a piece length of %q MiB is none of 1, 2, 4, 8, 16", piece)
		}
		o.pieces = append(o.pieces, 20+bits)
	}
	for _, name := range o.clients {
		if _, ok := contestants[name]; !ok {
			return o, fmt.Errorf("no client is called %q", name)
		}
	}
	if o.size < 1<<20 || o.runs < 1 || !slices.Contains([]string{"", "leech", "seed"}, o.only) || flag.NArg() > 0 {
		return o, fmt.Errorf("see -help")
	}
	return o, nil
}

// run builds btclient, and measures inside a namespace of its own.
func run(o options) (int, error) {
	if netns.Inside() {
		if err := netns.Up(); err != nil {
			return 1, err
		}
		return 0, compare(o)
	}
	dir, err := os.MkdirTemp(o.dir, "peerwire-bench-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if err := prepare(o, dir); err != nil {
		return 1, err
	}
	if err := os.Setenv(folderVariable, dir); err != nil {
		return 1, err
	}
	return netns.Enter()
}

// folderVariable tells the process in the namespace which folder to use: the
// one outside removes it, whatever becomes of the one inside.
const folderVariable = "PEERWIRE_BENCH_DIR"

// prepare builds our programs where they take part, and sees that all are there.
func prepare(o options, dir string) error {
	took := o.contestants()
	for _, p := range []struct{ variable, name, pkg, in string }{
		{client.BtclientVariable, "btclient", "./cmd/btclient", ".."}, {client.StreamVariable, "stream", "./stream", "."},
	} {
		if os.Getenv(p.variable) != "" {
			continue
		}
		path := filepath.Join(dir, p.name)
		build := exec.Command("go", "build", "-o", path, p.pkg)
		build.Dir = p.in
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", p.name, err, out)
		}
		if err := os.Setenv(p.variable, path); err != nil {
			return err
		}
	}
	var gone []string
	for _, c := range took {
		gone = append(gone, c.Missing()...)
	}
	if len(gone) > 0 {
		return fmt.Errorf("not installed: %q", gone)
	}
	return nil
}

// contestants are the clients that take part.
func (o *options) contestants() (took []client.Client) {
	if o.compareUTP {
		for _, p := range o.chosenPairs() {
			took = append(took, p.from, p.to)
		}
		return took
	}
	for _, name := range append(o.clients, "libtorrent") {
		took = append(took, contestants[name])
	}
	return took
}

// compare runs what was asked for and prints its tables. An interrupt ends
// it between two programs: those it runs get the signal too.
func compare(o options) error {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	b := &bench{options: o, dir: os.Getenv(folderVariable), interrupted: interrupted, torrents: map[[2]int64]*fixture.Torrent{}}
	if err := b.describe(); err != nil {
		return err
	}
	if o.compareUTP {
		return b.utp()
	}
	for _, bits := range o.pieces {
		if err := b.pieces(bits); err != nil {
			return err
		}
	}
	return nil
}

// contestants are the clients by name, with the settings that suit a
// benchmark: seeds do not check their data where they can be told not to,
// and have a slot for everybody.
var contestants = map[string]client.Client{
	"btclient":     client.Btclient{},
	"libtorrent":   client.Libtorrent{Slots: 100},
	"aria2":        client.Aria2{Trust: true},
	"transmission": client.Transmission{},
}
