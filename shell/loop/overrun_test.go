package loop

import (
	"context"
	"errors"
	"testing"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/shell/utp"
)

// dialUTP is a uTP connection to a node from a socket of its own, and what tells when it may have become ready.
func dialUTP(t *testing.T, to *utp.Socket) (*utp.Socket, *utp.Conn, <-chan struct{}) {
	t.Helper()
	sock, err := utp.Listen("127.0.0.1:0", utp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sock.Close)
	wake := make(chan struct{}, 1)
	sock.Serve(func(*utp.Conn) {}, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := sock.Dial(ctx, to.Addr())
	if err != nil {
		t.Fatal(err)
	}
	sock.Watch(c, func() {})
	return sock, c, wake
}

// TestOverrun has a peer send 4 MiB that nobody asked for, over a transport that takes in what is not read, while it is not read: the
// connection ends, and the peer is to blame. [LIM-16]
func TestOverrun(t *testing.T) {
	var at *utp.Socket
	to := makeTorrent(32<<10, oddFiles...)
	n := startNode(t, to, t.TempDir(), overUTP(t, utp.Anacrolix, "127.0.0.1:0", &at))
	sock, c, wake := dialUTP(t, at)
	left := hello(to, 1)
	say := func(until func() bool) {
		for late := time.After(patience); !until(); sock.Tell() {
			k, err := c.Write([][]byte{left})
			if left = left[k:]; err != nil && !errors.Is(err, utp.ErrWait) {
				t.Fatal(err)
			}
			select {
			case <-wake:
			case <-time.After(time.Millisecond):
			case <-late:
				t.Fatalf("in vain; %+v", at.Stats())
			}
		}
	}
	say(func() bool { return n.peers() == 1 })
	set := func(kind bt.EffectKind) {
		n.look(func(*core.Session, *core.Snapshot) {
			for id := range n.links {
				n.execute(&bt.Effect{Kind: kind, Conn: id})
			}
		})
	}
	set(bt.PauseRead)
	left = append(left, make([]byte, 4<<20)...) // keep-alives
	say(func() bool { return at.Stats().Overrun == 1 })
	set(bt.ResumeRead)
	n.await("its end", func() bool { return len(n.closes) > 0 })
	if e := <-n.closes; e.Reason.Cause != bt.Misbehaved || e.Reason.Violation != clause.Overrun {
		t.Errorf("it ended with %+v", e.Reason)
	}
	c.Close()
}
