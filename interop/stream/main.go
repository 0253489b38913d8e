// Command stream sends bytes over one uTP connection, or takes them, and says how far it is, in the words of btclient's --json lines.
//
//	stream -engine NAME -listen ADDRESS [-dial ADDRESS] -bytes N
//
// Who dials takes the bytes, and looks at each; who does not, sends them, to the first who comes. Both stay until they are interrupted.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	engine := flag.String("engine", "", "which uTP")
	listen := flag.String("listen", "", "our address")
	dial := flag.String("dial", "", "the sender's address; without it we are the sender")
	size := flag.Int64("bytes", 0, "how many")
	flag.Parse()
	over := make(chan error, 1)
	go func() { over <- run(*engine, *listen, *dial, *size) }()
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	select {
	case err := <-over:
		fmt.Fprintln(os.Stderr, "stream:", err)
		os.Exit(1)
	case <-interrupted:
	}
}

// run returns only when something is wrong.
func run(engine, listen, dial string, size int64) error {
	open, ok := engines[engine]
	if !ok {
		return fmt.Errorf("no engine is called %q", engine)
	}
	s, err := open(listen)
	if err != nil {
		return err
	}
	say("listening", 0, size)
	if dial == "" {
		conn, err := s.accept()
		if err != nil {
			return err
		}
		if err := send(conn, size); err != nil {
			return err
		}
	} else {
		conn, err := s.dial(dial)
		if err != nil {
			return err
		}
		if err := take(conn, size); err != nil {
			return err
		}
	}
	select {}
}

// hello is what who dials says first: some engines tell of a connection only then.
const hello = "peerwire"

// period is the length of what is sent, over and over: prime, so that no packet that comes at the wrong place looks right.
const period = 65521

// pattern is two periods, so that one can be had from anywhere in the first.
func pattern() []byte {
	p := make([]byte, period)
	x := uint32(1)
	for i := range p {
		x = x*1664525 + 1013904223
		p[i] = byte(x >> 24)
	}
	return append(p, p...)
}

func send(conn io.ReadWriter, size int64) error {
	greeting := make([]byte, len(hello))
	if _, err := io.ReadFull(conn, greeting); err != nil || string(greeting) != hello {
		return fmt.Errorf("greeted with %q: %w", greeting, err)
	}
	p := pattern()
	for at := int64(0); at < size; {
		n := min(size-at, period)
		if _, err := conn.Write(p[at%period:][:n]); err != nil {
			return err
		}
		at += n
	}
	return nil
}

func take(conn io.ReadWriter, size int64) error {
	if _, err := conn.Write([]byte(hello)); err != nil {
		return err
	}
	var got atomic.Int64
	go func() {
		for range time.Tick(reportEvery) {
			if n := got.Load(); n > 0 && n < size {
				say("progress", n, size)
			}
		}
	}()
	p, buf := pattern(), make([]byte, period)
	for at := int64(0); at < size; {
		n, err := conn.Read(buf)
		if !bytes.Equal(buf[:n], p[at%period:][:n]) {
			return errors.New("other bytes came than were sent")
		}
		if at == 0 && n > 0 {
			say("progress", int64(n), size)
		}
		at += int64(n)
		got.Store(at)
		if err != nil {
			return err
		}
	}
	say("progress", size, size)
	say("complete", size, size)
	return nil
}

const reportEvery = 50 * time.Millisecond

// say prints an event.
func say(event string, done, total int64) {
	line, err := json.Marshal(map[string]any{"event": event, "bytes_done": done, "bytes_total": total})
	if err == nil {
		_, err = os.Stdout.Write(append(line, '\n'))
	}
	if err != nil {
		os.Exit(1) // nobody listens any more
	}
}
