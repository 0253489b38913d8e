package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"peerwire/internal/minitracker"
	"peerwire/trace"
)

// TestMain makes this test binary serve as btclient too, so that scripts and tests run the real program.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"btclient": main}) }

// TestScripts runs the scripts in testdata/script. Beside testscript's own commands they have:
//
//	mkdata FILE SIZE             a file of bytes that follow from its name
//	start NAME ARG...            btclient in the background
//	await NAME REGEXP            wait for a line of its output, and set a variable for each named group
//	interrupt NAME               send it what Ctrl-C sends
//	ended NAME CODE              wait for its end, and check its exit code
//	hash FILE                    set HASH to a torrent's info-hash
//	tracker                      a tracker; sets TRACKER to its address
//	heard HASH REGEXP            check what it heard of a torrent: EVENT:DOWNLOADED:LEFT, with spaces between
//	garbage ADDR INFOHASH        a peer that talks nonsense, until it is thrown out
//	replay FILE                  tell the core all that a trace says, which must answer the same
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Values[jobsKey{}] = map[string]*background{}
			e.Values[trackerKey{}] = new(*minitracker.Server)
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mkdata": cmdMkdata, "start": cmdStart, "await": cmdAwait,
			"interrupt": cmdInterrupt, "ended": cmdEnded, "garbage": cmdGarbage, "hash": cmdHash,
			"tracker": cmdTracker, "heard": cmdHeard, "replay": cmdReplay,
		},
	})
}

// patience bounds every wait for another process. It is no measure of anything.
const patience = 60 * time.Second

// cmdReplay tells the core all that a trace says, and wants it to answer the same.
func cmdReplay(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: replay FILE")
	}
	r, err := trace.NewReader(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	d, tally, err := trace.Replay(r)
	ts.Check(err)
	if d != nil || tally.Calls < 50 {
		ts.Fatalf("%+v, %+v", d, tally)
	}
}

func cmdMkdata(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mkdata FILE SIZE")
	}
	size, err := parseSize(args[1])
	ts.Check(err)
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o777))
	var key [32]byte
	copy(key[:], filepath.Base(path))
	data := make([]byte, size)
	rand.NewChaCha8(key).Read(data)
	ts.Check(os.WriteFile(path, data, 0o666))
}

// jobsKey finds the map of a script's background jobs.
type jobsKey struct{}

// background is a btclient that a script runs beside itself.
type background struct {
	cmd     *exec.Cmd
	reading sync.WaitGroup

	mu      sync.Mutex
	lines   []string
	changed chan struct{} // closed and replaced with each line, and at the end
	over    bool
}

func (b *background) read(r io.Reader) {
	defer b.reading.Done()
	for s := bufio.NewScanner(r); s.Scan(); {
		b.note(func() { b.lines = append(b.lines, s.Text()) })
	}
}

func (b *background) note(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	close(b.changed)
	b.changed = make(chan struct{})
}

// find looks for a line, and tells when to look again.
func (b *background) find(re *regexp.Regexp) (match []string, over bool, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if m := re.FindStringSubmatch(l); m != nil {
			return m, b.over, b.changed
		}
	}
	return nil, b.over, b.changed
}

func (b *background) output() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines, "\n")
}

func cmdStart(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME ARG...")
	}
	path, err := exec.LookPath("btclient")
	ts.Check(err)
	b := &background{cmd: exec.Command(path, args[1:]...), changed: make(chan struct{})}
	b.cmd.Dir = ts.MkAbs(".")
	b.cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	stdout, err := b.cmd.StdoutPipe()
	ts.Check(err)
	stderr, err := b.cmd.StderrPipe()
	ts.Check(err)
	ts.Check(b.cmd.Start())
	b.reading.Add(2)
	go b.read(stdout)
	go b.read(stderr)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.reading.Wait()
		b.cmd.Wait() // its code is read from ProcessState
		b.note(func() { b.over = true })
	}()
	ts.Defer(func() {
		b.cmd.Process.Kill() // it has ended where the script went well
		<-ended
	})
	ts.Value(jobsKey{}).(map[string]*background)[args[0]] = b
}

// started is a background job that a script has started.
func started(ts *testscript.TestScript, args []string, n int, usage string) *background {
	if len(args) != n {
		ts.Fatalf("usage: %s", usage)
	}
	b := ts.Value(jobsKey{}).(map[string]*background)[args[0]]
	if b == nil {
		ts.Fatalf("no job %q was started", args[0])
	}
	return b
}

func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	b := started(ts, args, 2, "await NAME REGEXP")
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	deadline := time.After(patience)
	for {
		match, over, changed := b.find(re)
		switch {
		case neg && over && match == nil:
			return
		case neg && match != nil:
			ts.Fatalf("%s said %q", args[0], match[0])
		case match != nil:
			for i, name := range re.SubexpNames() {
				if name != "" {
					ts.Setenv(name, match[i])
				}
			}
			return
		case over:
			ts.Fatalf("%s ended without %q:\n%s", args[0], args[1], b.output())
		}
		select {
		case <-changed:
		case <-deadline:
			ts.Fatalf("%s does not say %q:\n%s", args[0], args[1], b.output())
		}
	}
}

func cmdInterrupt(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(started(ts, args, 1, "interrupt NAME").cmd.Process.Signal(os.Interrupt))
}

func cmdEnded(ts *testscript.TestScript, _ bool, args []string) {
	b := started(ts, args, 2, "ended NAME CODE")
	deadline := time.After(patience)
	for {
		_, over, changed := b.find(regexp.MustCompile(`\z.`))
		if over {
			break
		}
		select {
		case <-changed:
		case <-deadline:
			ts.Fatalf("%s does not end:\n%s", args[0], b.output())
		}
	}
	if code := strconv.Itoa(b.cmd.ProcessState.ExitCode()); code != args[1] {
		ts.Fatalf("%s ended with code %s:\n%s", args[0], code, b.output())
	}
	ts.Logf("%s:\n%s", args[0], b.output())
}

// trackerKey finds a script's tracker.
type trackerKey struct{}

func cmdTracker(ts *testscript.TestScript, _ bool, _ []string) {
	server, err := minitracker.Start(minitracker.Config{})
	ts.Check(err)
	ts.Defer(func() { server.Close() })
	ts.Setenv("TRACKER", server.URLs()[0])
	*ts.Value(trackerKey{}).(**minitracker.Server) = server
}

func cmdHeard(ts *testscript.TestScript, neg bool, args []string) {
	server := *ts.Value(trackerKey{}).(**minitracker.Server)
	var events []string
	for _, a := range server.Announces() {
		if a.InfoHash.String() == args[0] {
			events = append(events, fmt.Sprintf("%s:%d:%d", a.Event, a.Downloaded, a.Left))
		}
	}
	if got := strings.Join(events, " "); !regexp.MustCompile(args[1]).MatchString(got) {
		ts.Fatalf("the tracker heard %q", got)
	}
}

func cmdHash(ts *testscript.TestScript, _ bool, args []string) {
	t, err := openTorrent(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Setenv("HASH", t.InfoHash.String())
}

// cmdGarbage makes a right handshake and then sends a message that no peer may send, and waits until it is thrown out.
func cmdGarbage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: garbage ADDR INFOHASH")
	}
	c, err := net.DialTimeout("tcp", args[0], patience)
	ts.Check(err)
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	var hello bytes.Buffer
	hello.WriteString("\x13BitTorrent protocol\x00\x00\x00\x00\x00\x00\x00\x00")
	hash, err := hex.DecodeString(args[1])
	ts.Check(err)
	hello.Write(hash)
	hello.WriteString("-XX0000-012345678901")
	hello.WriteString("\x00\x00\x00\x05\x04\xff\xff\xff\xff") // have a piece that is none
	_, err = c.Write(hello.Bytes())
	ts.Check(err)
	if _, err := io.Copy(io.Discard, c); err != nil && !strings.Contains(err.Error(), "reset") {
		ts.Fatalf("the garbage was not answered by closing the connection: %v", err)
	}
}
