// Package relay is a bad network on loopback: it passes datagrams between two programs with the delay, the loss, the rate and the
// queue of a sim/packet line.
//
// It keeps the same accounts as the simulator: the time of a datagram is when the kernel queued it at the relay's socket, not when the relay came to
// read it, and its line says when it is to leave. So the relay is late only when the machine is, and it counts by how much.
package relay

import (
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"peerwire/core/bt"
	"peerwire/sim/packet"
)

// Options say where a relay stands, and what is between.
type Options struct {
	Front netip.AddrPort // where the one dials who dials; port 0 is any
	Back  netip.AddrPort // where the relay speaks to the other; port 0 is any
	To    netip.AddrPort // the other
	There packet.Line    // from who dials to the other
	Here  packet.Line    // and back
	Seed  uint64         // of what is lost
}

// Report is what a relay saw.
type Report struct {
	There, Here packet.Counts
	Overrun     uint32        // datagrams that its own sockets had no room for: the relay was the limit
	Late        time.Duration // how late a datagram left in the mean
	CPU         time.Duration // of the relay's thread
}

// Relay passes datagrams until it is closed.
type Relay struct {
	sides  [2]*side // 0 is the front
	start  time.Time
	closed atomic.Bool
	done   chan error
	wake   [2]int // a pipe that ends the waiting
	sent   int64
	late   time.Duration
	cpu    time.Duration
}

// side is one of its sockets, and what came to it on the way to the other.
type side struct {
	socket  *socket
	peer    netip.AddrPort // whom it speaks to; unknown at the front until he has spoken
	link    *packet.Link
	last    bt.Instant
	waiting queue
}

// header is what IP and UDP add to a datagram on the wire.
const header = 28

// Start opens the sockets and passes what comes.
func Start(o Options) (*Relay, error) {
	r := &Relay{start: time.Now(), done: make(chan error, 1)}
	if err := unix.Pipe2(r.wake[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	for i, at := range []netip.AddrPort{o.Front, o.Back} {
		s, err := open(at)
		if err != nil {
			return nil, fmt.Errorf("relay at %v: %w", at, err)
		}
		r.sides[i] = &side{socket: s}
	}
	r.sides[0].link = packet.NewLink(o.Seed, "there", o.There)
	r.sides[1].link = packet.NewLink(o.Seed, "here", o.Here)
	r.sides[1].peer = o.To
	go func() { r.done <- r.run() }()
	return r, nil
}

// Front is where the relay is to be dialled.
func (r *Relay) Front() netip.AddrPort { return r.sides[0].socket.at }

// Close ends the relay and tells what it saw.
func (r *Relay) Close() (Report, error) {
	r.closed.Store(true)
	_, _ = unix.Write(r.wake[1], []byte{0})
	err := <-r.done
	report := Report{There: r.sides[0].link.Counts(), Here: r.sides[1].link.Counts(), CPU: r.cpu}
	for _, s := range r.sides {
		n, e := s.socket.drops()
		report.Overrun += n
		err = errors.Join(err, e, unix.Close(s.socket.fd))
	}
	if r.sent > 0 {
		report.Late = r.late / time.Duration(r.sent)
	}
	return report, errors.Join(err, unix.Close(r.wake[0]), unix.Close(r.wake[1]))
}

// now is the time on the clock that stamps datagrams.
func (r *Relay) now() bt.Instant { return bt.Instant(time.Now().UnixNano() - r.start.UnixNano()) }

// first is the priority of what comes before everything else.
const first = -20

// run has a thread of its own: the runtime would wake it to a millisecond only.
func (r *Relay) run() error {
	runtime.LockOSThread() // and never unlocked: the thread ends with it
	// It is the network: it must not wait for the programs that it joins.
	if err := errors.Join(unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0), unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), first)); err != nil {
		return err
	}
	defer func() { r.cpu = threadCPU() }()
	var polled []unix.PollFd
	for _, fd := range []int{r.sides[0].socket.fd, r.sides[1].socket.fd, r.wake[0]} {
		polled = append(polled, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	for !r.closed.Load() {
		for _, s := range r.sides {
			if err := r.take(s); err != nil {
				return err
			}
		}
		next := bt.Never
		for i, s := range r.sides {
			if err := r.give(s, r.sides[1-i]); err != nil {
				return err
			}
			next = min(next, s.waiting.next())
		}
		if err := r.wait(polled, next); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for a datagram, or until one is to leave.
func (r *Relay) wait(polled []unix.PollFd, next bt.Instant) error {
	var limit *unix.Timespec
	if next != bt.Never {
		t := unix.NsecToTimespec(max(0, int64(next-r.now())))
		limit = &t
	}
	if _, err := unix.Ppoll(polled, limit, nil); err != nil && err != unix.EINTR {
		return err
	}
	return nil
}

// take reads what came to one side, and lets its line say when it leaves at the other.
func (r *Relay) take(s *side) error {
	for {
		n, err := s.socket.read()
		if err != nil {
			return err
		}
		for i := range n {
			d := s.socket.datagram(i)
			if s == r.sides[0] {
				s.peer = d.from
			}
			s.last = max(s.last, bt.Instant(d.stamp-r.start.UnixNano()))
			v, at, again := s.link.Send(s.last, len(d.data)+header, true)
			if v == packet.Passes || v == packet.Twice {
				s.waiting.push(at, d.data)
			}
			if v == packet.Twice {
				s.waiting.push(again, d.data)
			}
		}
		if n < batch {
			return nil
		}
	}
}

// give sends at the other side what is due.
func (r *Relay) give(s, other *side) error {
	for {
		now := r.now()
		n := 0
		for n < batch && s.waiting.nth(n) <= now {
			r.late += now.Sub(s.waiting.nth(n))
			other.socket.put(n, other.peer, s.waiting.data(n))
			n++
		}
		if n == 0 {
			return nil
		}
		r.sent += int64(n)
		if err := other.socket.write(n); err != nil {
			return err
		}
		s.waiting.drop(n)
	}
}
