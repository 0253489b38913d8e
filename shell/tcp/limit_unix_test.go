//go:build unix

package tcp

import (
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// exhaust lets the process open no more descriptors until the test ends, or release is called.
func exhaust(t *testing.T) (release func()) {
	t.Helper()
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(os.DevNull) // has the lowest number that is free
	if err != nil {
		t.Fatal(err)
	}
	now := was
	now.Cur = uint64(f.Fd()) // the numbers must be below
	f.Close()
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &now); err != nil {
		t.Fatal(err)
	}
	release = func() {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(release)
	return release
}

// TestNoDescriptors wants a listener that can accept nothing to pause, to end when it is closed meanwhile, and to go
// on when there is room.
func TestNoDescriptors(t *testing.T) {
	for _, recovers := range []bool{true, false} {
		l, err := Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		far, err := net.Dial("tcp", l.Addr().String()) // waits in the system's queue
		if err != nil {
			t.Fatal(err)
		}
		release := exhaust(t)
		if _, err := NewPoller(); err == nil && implementation == "epoll" {
			t.Fatal("there are descriptors left")
		}
		accepted := make(chan *Conn, 1)
		l.Serve(func(c *Conn) { accepted <- c })
		if recovers {
			release()
			(<-accepted).Close()
		}
		l.Close()
		release()
		far.Close()
	}
}
