package disk

import (
	"sync"

	"peerwire/core/bt"
)

// slab is the number of buffers that are made at one time.
const slab = 16

// Pool hands out buffers of one block each and takes them back. The number of buffers is bounded, and
// there is no other queue behind it: when they are all out, Get says so, and its caller stops reading
// from the network until it is told that there are some again. It is safe for use by several goroutines.
type Pool struct {
	ready func()
	limit int // buffers

	mu      sync.Mutex
	free    []*Buffer
	made    int
	starved bool // Get failed, and ready was not called since
}

// Buffer is room for one block.
type Buffer struct {
	Data []byte // bt.BlockSize bytes

	pool *Pool
	out  bool
}

// NewPool makes a pool of at most size bytes, rounded up to whole blocks. After a Get that failed, ready
// (which may be nil) is called once, as soon as an eighth of the buffers is free; it is called on the goroutine of
// the Free that freed it, and must not block.
func NewPool(size int, ready func()) *Pool {
	limit := max(1, (size+bt.BlockSize-1)/bt.BlockSize)
	return &Pool{ready: ready, limit: limit, free: make([]*Buffer, 0, limit)}
}

// Get gives a buffer, or nil when all of them are out.
func (p *Pool) Get() *Buffer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 && !p.grow() {
		p.starved = true
		return nil
	}
	last := len(p.free) - 1
	b := p.free[last]
	p.free = p.free[:last]
	b.out = true
	return b
}

// grow makes some more buffers, and tells whether it could.
func (p *Pool) grow() bool {
	n := min(slab, p.limit-p.made)
	if n == 0 {
		return false
	}
	room := make([]byte, n*bt.BlockSize)
	for i := range n {
		lo, hi := i*bt.BlockSize, (i+1)*bt.BlockSize
		p.free = append(p.free, &Buffer{Data: room[lo:hi:hi], pool: p})
	}
	p.made += n
	return true
}

// Free gives the buffer back to its pool. It must not be used after.
func (b *Buffer) Free() {
	if b.pool.take(b) && b.pool.ready != nil {
		b.pool.ready()
	}
}

// take puts b among the free, and tells whether someone who starved is to be told.
func (p *Pool) take(b *Buffer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !b.out {
		panic("BUG: a buffer is freed twice")
	}
	b.out = false
	p.free = append(p.free, b)
	if !p.starved || len(p.free) < max(1, p.limit/8) {
		return false
	}
	p.starved = false
	return true
}

// Out is the number of bytes in buffers that are out.
func (p *Pool) Out() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return (p.made - len(p.free)) * bt.BlockSize
}
