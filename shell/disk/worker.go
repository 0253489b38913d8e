package disk

import (
	"crypto/sha1"
	"slices"
	"sync"
	"time"

	"peerwire/core/bt"
)

// Results are held back until the batch is done, so as to wake their reader once; but not when there are
// enough of them, nor for longer than soon.
const (
	enough = 32
	soon   = 2 * time.Millisecond
)

// worker does tasks one after another, in batches: what is submitted while it works is the
// next batch.
type worker struct {
	disk   *Disk
	staged []task        // by Submit, under the Disk's lock
	wake   chan struct{} // holds one

	mu      sync.Mutex
	queue   []task
	stopped bool // no more is queued

	// What follows belongs to the worker's goroutine.
	batch   []task
	out     []Result
	flushed time.Time // when out was published last
	hashes  pieceHashes
	pad     pad
	sum     [sha1.Size]byte
}

func newWorker(d *Disk) *worker {
	return &worker{disk: d, wake: make(chan struct{}, 1), hashes: newPieceHashes()}
}

// push queues what is staged.
func (w *worker) push() {
	if len(w.staged) == 0 {
		return
	}
	w.mu.Lock()
	if w.stopped {
		for i := range w.staged {
			w.staged[i].done() // only what is for nobody's answer comes so late
		}
	} else {
		w.queue = append(w.queue, w.staged...)
	}
	w.mu.Unlock()
	clear(w.staged)
	w.staged = w.staged[:0]
	signal(w.wake)
}

// hand queues a Verify that another worker has begun, to be gone on with. It is false when the worker has been stopped.
func (w *worker) hand(k *task) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.queue = append(w.queue, *k)
		w.queue[len(w.queue)-1].Op = auditing
		signal(w.wake)
	}
	return !w.stopped
}

// stop ends the worker when its queue is done.
func (w *worker) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	signal(w.wake)
}

// isStopped tells whether stop was called.
func (w *worker) isStopped() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped
}

// run is the worker's goroutine.
func (w *worker) run() {
	for !w.isStopped() {
		<-w.wake
		w.work()
	}
	w.work()
}

// work does what is queued.
func (w *worker) work() {
	w.flushed = time.Now()
	for w.next() {
		for rest := w.batch; len(rest) > 0; {
			rest = rest[w.step(rest):]
			if len(w.out) >= enough || time.Since(w.flushed) > soon {
				w.flush()
			}
		}
		w.flush()
	}
}

// next makes the queue the batch, and tells whether there is anything in it.
func (w *worker) next() bool {
	clear(w.batch)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch, w.queue = w.queue, w.batch[:0]
	return len(w.batch) > 0
}

// flush publishes the results that are held.
func (w *worker) flush() {
	w.disk.publish(w.out)
	clear(w.out)
	w.out = w.out[:0]
	w.flushed = time.Now()
}

// step does the first task of rest, or the first few that go together, and tells how many.
func (w *worker) step(rest []task) int {
	first := &rest[0]
	switch {
	case first.done != nil:
		w.flush()
		w.hashes.drop(first.t)
		first.done()
		return 1
	case first.Op == Verify:
		w.flush() // reading back may take long
		w.verify(first)
		return 1
	case first.Op == auditing:
		w.audit(first)
		return 1
	case first.Op == Probe:
		w.probe(first)
		return 1
	}
	n := 1
	for n < len(rest) && rest[n].Op == first.Op && rest[n].done == nil {
		n++
	}
	same := rest[:n]
	if !slices.IsSortedFunc(same, compareTasks) {
		slices.SortFunc(same, compareTasks)
	}
	for len(same) > 0 {
		k := runLength(same)
		w.transfer(same[:k])
		same = same[k:]
	}
	return n
}

// runLength is how many tasks at the front are neighbours within one piece, at most maxRun.
func runLength(tasks []task) int {
	n := 1
	for n < min(len(tasks), maxRun) {
		a, b := &tasks[n-1], &tasks[n]
		if a.t != b.t || a.Block.Piece != b.Block.Piece || a.Block.Begin+a.Block.Length != b.Block.Begin {
			break
		}
		n++
	}
	return n
}

// transfer writes or reads the blocks of a run, in as few calls as there are files.
func (w *worker) transfer(run []task) {
	if run[0].Op == Store {
		w.write(run)
		return
	}
	t := run[0].t
	v := w.gather(run)
	done, err := t.files.read(&v, t.layout.Geometry.Offset(run[0].Block))
	w.answer(run, done, readFault(err), err)
}

// gather is the buffers of a run.
func (w *worker) gather(run []task) vector {
	v := w.pad.vector()
	for i := range run {
		v.add(run[i].Buf.Data[:run[i].Block.Length])
	}
	return v
}

// write writes the blocks of a run, and hashes them.
func (w *worker) write(run []task) {
	t, first := run[0].t, run[0].Block
	k := pieceKey{t, first.Piece}
	h := w.hashes.of(k)
	if first.Begin < h.next {
		w.relearn(k, h)
	}
	done, err := int64(0), t.beforeWrite(first.Piece)
	if err == nil {
		v := w.gather(run)
		done, err = t.files.write(&v, t.layout.Geometry.Offset(first))
	}
	w.answer(run, done, writeFault(err), err)
	w.absorb(h, run, done)
}

// answer answers the tasks of a run of which so many bytes are done.
func (w *worker) answer(run []task, done int64, fault bt.Fault, err error) {
	for i := range run {
		done -= int64(run[i].Block.Length)
		if done >= 0 {
			w.out = append(w.out, run[i].result(bt.OK, nil))
			continue
		}
		w.out = append(w.out, run[i].result(fault, err))
		run[i].t.blockFailed(&run[i].Job, err)
	}
}
