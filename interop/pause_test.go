package interop

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
	"peerwire/shell/utp"
)

// A reader of ours asks libtorrent for 0 to 4 MiB in steps of 64 KiB, reads
// none of it until it has come, asks for 64 KiB more and reads on: the stream
// goes on each time.
func TestPausedReader(t *testing.T) {
	const most, step = 4 << 20, 64 << 10
	s := shape{name: "paused.bin", bits: 20, files: []fixture.File{{Path: "paused.bin", Size: most + step}}}
	job := seedJob(t, s.make(t, ""))
	launch(t, client.Libtorrent{UTP: true}.Seed, job)
	r := dialReader(t, job)
	for unread := 0; unread <= most; unread += step {
		before := r.sock.Stats().BytesIn
		r.request(0, unread)
		r.await("what is not read", func() bool { return r.sock.Stats().BytesIn-before >= uint64(unread) })
		r.request(unread, unread+step)
		r.blocks((unread + step) / block)
	}
}

const block = 16 << 10

// reader is a peer that reads when it likes.
type reader struct {
	t    *testing.T
	sock *utp.Socket
	conn *utp.Conn
	wake chan struct{}
	late <-chan time.Time
}

// dialReader connects a reader to a seed, and has itself unchoked.
func dialReader(t *testing.T, seed client.Job) *reader {
	t.Helper()
	sock, err := utp.Listen(netns.Next().String(), utp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sock.Close)
	r := &reader{t: t, sock: sock, wake: make(chan struct{}, 1), late: time.After(transferLimit)}
	sock.Serve(func(*utp.Conn) {}, func() {
		select {
		case r.wake <- struct{}{}:
		default:
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), transferLimit)
	defer cancel()
	if r.conn, err = sock.Dial(ctx, seed.Listen); err != nil {
		t.Fatal(err)
	}
	sock.Watch(r.conn, func() {})
	hello := append([]byte("\x13BitTorrent protocol\x00\x00\x00\x00\x00\x00\x00\x00"), seed.Torrent.InfoHash[:]...)
	r.write(append(hello, "-PW0000-paused-reader"[:20]...))
	r.read(68)
	r.write([]byte{0, 0, 0, 1, 2}) // interested
	for r.message() != 1 {         // unchoke
	}
	return r
}

// request asks for the blocks of a range of the torrent.
func (r *reader) request(from, to int) {
	for ; from < to; from += block {
		b := []byte{0, 0, 0, 13, 6}
		for _, n := range []int{from >> 20, from & (1<<20 - 1), block} {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		r.write(b)
	}
}

// blocks reads so many blocks.
func (r *reader) blocks(n int) {
	for n > 0 {
		if r.message() == 7 {
			n--
		}
	}
}

// message reads a message, and gives its id.
func (r *reader) message() byte {
	for {
		if n := binary.BigEndian.Uint32(r.read(4)); n > 0 {
			return r.read(int(n))[0]
		}
	}
}

func (r *reader) read(n int) []byte {
	b := make([]byte, n)
	for have := 0; have < n; {
		r.await("bytes", r.conn.Readable)
		k, err := r.conn.Read([][]byte{b[have:]})
		if err != nil && !errors.Is(err, utp.ErrWait) {
			if errors.Is(err, io.EOF) {
				r.t.Fatal("libtorrent closed the connection")
			}
			r.t.Fatal(err)
		}
		have += k
	}
	return b
}

func (r *reader) write(b []byte) {
	for len(b) > 0 {
		r.await("room", r.conn.Writable)
		n, err := r.conn.Write([][]byte{b})
		if err != nil && !errors.Is(err, utp.ErrWait) {
			r.t.Fatal(err)
		}
		b = b[n:]
	}
}

// await waits until something is so.
func (r *reader) await(what string, so func() bool) {
	r.t.Helper()
	for r.sock.Tell(); !so(); r.sock.Tell() {
		select {
		case <-r.wake:
		case <-time.After(time.Millisecond):
		case <-r.late:
			r.t.Fatalf("in vain: %s; %+v", what, r.sock.Stats())
		}
	}
}
