//go:build !linux || portable

package tcp

import (
	"sync"
	"time"
)

// Poller waits for sockets. But for Wake, its methods are for one goroutine.
type Poller struct {
	running sync.WaitGroup // the goroutines of the Conns
	wake    chan struct{}  // holds one

	mu      sync.Mutex
	listed  []*Conn // that have something to tell
	telling []*Conn
}

// NewPoller makes a Poller without sockets. Close ends it.
func NewPoller() (*Poller, error) { return &Poller{wake: make(chan struct{}, 1)}, nil }

// Watch begins to watch a Conn. From now on Wait calls ready whenever c became readable or writable; ready only takes
// note of it. What has come already counts.
func (p *Poller) Watch(c *Conn, ready func()) error {
	c.poller, c.ready = p, ready
	c.mu.Lock()
	c.canWrite = true
	c.mu.Unlock()
	p.tell(c)
	p.running.Go(c.readAhead)
	return nil
}

// tell has the owner told of a Conn by the next Wait.
func (p *Poller) tell(c *Conn) {
	p.mu.Lock()
	p.listed = append(p.listed, c)
	p.mu.Unlock()
	p.Wake()
}

// Wait waits until sockets became ready, Wake was called or limit has passed (never less; 0 does not wait, a negative
// limit is none), and notes what is ready now.
func (p *Poller) Wait(limit time.Duration) {
	p.pause(limit)
	p.mu.Lock()
	p.telling, p.listed = p.listed, p.telling[:0]
	p.mu.Unlock()
	for _, c := range p.telling {
		c.note()
	}
	clear(p.telling)
}

func (p *Poller) pause(limit time.Duration) {
	if limit == 0 {
		select {
		case <-p.wake:
		default:
		}
		return
	}
	var after <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		after = timer.C
	}
	select {
	case <-p.wake:
	case <-after:
	}
}

// note takes what the goroutines of a Conn have to tell.
func (c *Conn) note() {
	c.mu.Lock()
	if c.shut {
		c.mu.Unlock()
		return
	}
	c.readable = c.readable || c.canRead
	c.writable = c.writable || c.canWrite
	c.canRead, c.canWrite = false, false
	c.mu.Unlock()
	c.ready()
}

// Wake ends the Wait that is going on, or else the next one. It may be called from any goroutine, after Close too.
func (p *Poller) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Close ends the Poller. Its Conns are closed before.
func (p *Poller) Close() { p.running.Wait() }
