package loop

import "sync"

// errand is something that another goroutine wants done on the loop's.
type errand struct {
	do   func()
	drop func() // instead of do, when the loop has ended; nil when there is nothing to clean up
}

// inbox is where other goroutines leave their errands.
type inbox struct {
	wake func()

	mu     sync.Mutex
	list   []errand
	taken  []errand // being done: its memory is the next list's
	closed bool
}

// put leaves an errand, or drops it when the loop has ended.
func (b *inbox) put(e errand) {
	b.mu.Lock()
	closed := b.closed
	if !closed {
		b.list = append(b.list, e)
	}
	b.mu.Unlock()
	if !closed {
		b.wake()
	} else if e.drop != nil {
		e.drop()
	}
}

// run does what was left.
func (b *inbox) run() {
	for _, e := range b.take() {
		e.do()
	}
}

// take gives what was left; it is good until the next call.
func (b *inbox) take() []errand {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.taken)
	b.taken, b.list = b.list, b.taken[:0]
	return b.taken
}

// close drops what was left, and whatever comes.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	for _, e := range b.take() {
		if e.drop != nil {
			e.drop()
		}
	}
}
