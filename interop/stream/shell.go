package main

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"time"

	"peerwire/shell/utp"
)

// shell is a socket of shell/utp, driven as shell/loop drives it, on the goroutine that reads or writes.
type shell struct {
	*utp.Socket
	accepted chan *utp.Conn
	wake     chan struct{}
}

func openShell(opt utp.Options) func(listen string) (socket, error) {
	return func(listen string) (socket, error) {
		s, err := utp.Listen(listen, opt)
		if err != nil {
			return nil, err
		}
		sh := shell{s, make(chan *utp.Conn, 1), make(chan struct{}, 1)}
		s.Serve(func(c *utp.Conn) { sh.accepted <- c }, func() {
			select {
			case sh.wake <- struct{}{}:
			default:
			}
		})
		return sh, nil
	}
}

func (s shell) accept() (io.ReadWriter, error) { return s.watched(<-s.accepted), nil }

func (s shell) dial(to string) (io.ReadWriter, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	addr, err := netip.ParseAddrPort(to)
	if err != nil {
		return nil, err
	}
	c, err := s.Dial(ctx, addr)
	return s.watched(c), err
}

func (s shell) watched(c *utp.Conn) io.ReadWriter {
	if c != nil {
		s.Watch(c, func() {})
		c.Allow(window)
	}
	return waiting{s, c}
}

// window is what may wait to be read, bytes: as much as a client has asked for of a fast peer.
const window = 4 << 20

// waiting is a Conn that waits.
type waiting struct {
	shell shell
	conn  *utp.Conn
}

// Read implements io.Reader.
func (w waiting) Read(b []byte) (int, error) {
	for {
		n, err := w.conn.Read([][]byte{b})
		if !errors.Is(err, utp.ErrWait) {
			return n, err
		}
		<-w.shell.wake
		w.shell.Tell()
	}
}

// Write implements io.Writer.
func (w waiting) Write(b []byte) (done int, err error) {
	for done < len(b) {
		n, err := w.conn.Write([][]byte{b[done:]})
		if done += n; errors.Is(err, utp.ErrWait) {
			<-w.shell.wake
			w.shell.Tell()
		} else if err != nil {
			return done, err
		}
	}
	return done, nil
}
