//go:build !portable

package tcp

import (
	"encoding/binary"
	"errors"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// batch is how many ready sockets one Wait looks at. The others are found by the next.
const batch = 64

// Poller waits for sockets. But for Wake, its methods are for one goroutine.
type Poller struct {
	epoll  *os.File
	fd     int      // of epoll
	event  *os.File // wakes a Wait that sleeps
	state  atomic.Int32
	conns  []*Conn // by slot
	free   []int   // slots without a Conn
	events [batch]unix.EpollEvent
	vector vector
}

// What the goroutine of a Poller is doing.
const (
	working  int32 = iota
	sleeping       // in Wait, and to be woken by writing to event
	woken          // somebody called Wake since
)

// wakeSlot is what stands for the event in place of a slot.
const wakeSlot = -1

// NewPoller makes a Poller without sockets. Close ends it.
func NewPoller() (*Poller, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	p := &Poller{fd: epoll, epoll: os.NewFile(uintptr(epoll), "epoll")}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		p.epoll.Close()
		return nil, os.NewSyscallError("eventfd", err)
	}
	p.event = os.NewFile(uintptr(event), "eventfd")
	if err := p.add(event, wakeSlot, unix.EPOLLIN); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// add has the edges of a descriptor told under a slot.
func (p *Poller) add(fd, slot int, events uint32) error {
	e := unix.EpollEvent{Events: events | unix.EPOLLET, Fd: int32(slot)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &e))
}

// Watch begins to watch a Conn. From now on Wait calls ready whenever c became readable or writable; ready only takes
// note of it. What has come already counts.
func (p *Poller) Watch(c *Conn, ready func()) error {
	if len(p.free) == 0 {
		p.free = append(p.free, len(p.conns))
		p.conns = append(p.conns, nil)
	}
	slot := p.free[len(p.free)-1]
	if err := p.add(c.fd, slot, unix.EPOLLIN|unix.EPOLLOUT|unix.EPOLLRDHUP); err != nil {
		return err
	}
	p.free = p.free[:len(p.free)-1]
	p.conns[slot] = c
	c.poller, c.slot, c.ready = p, slot, ready
	return nil
}

// forget frees the slot of a Conn that is being closed.
func (p *Poller) forget(c *Conn) {
	p.conns[c.slot] = nil
	p.free = append(p.free, c.slot)
}

// Wait waits until sockets became ready, Wake was called or limit has passed (never less; 0 does not wait, a negative
// limit is none), and notes what is ready now.
func (p *Poller) Wait(limit time.Duration) {
	if !p.state.CompareAndSwap(working, sleeping) {
		limit = 0
	}
	n, err := unix.EpollWait(p.fd, p.events[:], milliseconds(limit))
	p.state.Store(working)
	if err != nil && !errors.Is(err, unix.EINTR) {
		panic("BUG: epoll_wait: " + err.Error())
	}
	for i := range p.events[:max(n, 0)] {
		if e := &p.events[i]; e.Fd != wakeSlot {
			p.note(p.conns[e.Fd], e.Events)
		}
	}
}

// note takes what is said of a socket. None of them was closed since: that is done between two calls of Wait.
func (p *Poller) note(c *Conn, events uint32) {
	const (
		end  = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
		dead = unix.EPOLLHUP | unix.EPOLLERR
	)
	c.readable = c.readable || events&(unix.EPOLLIN|end) != 0
	c.writable = c.writable || events&(unix.EPOLLOUT|dead) != 0
	c.ended = c.ended || events&end != 0
	c.ready()
}

// milliseconds rounds up, so that nobody is woken before the time.
func milliseconds(d time.Duration) int {
	const most = 24 * time.Hour
	if d < 0 {
		return -1
	}
	return int((min(d, most) + time.Millisecond - 1) / time.Millisecond)
}

// Wake ends the Wait that is going on, or else the next one. It may be called from any goroutine, after Close too.
func (p *Poller) Wake() {
	if p.state.Swap(woken) != sleeping {
		return
	}
	// The edge is all that matters: the count is never read, and too small to overflow.
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	p.event.Write(one[:])
}

// Close ends the Poller. Its Conns are closed before.
func (p *Poller) Close() {
	p.event.Close()
	p.epoll.Close()
}
