package disk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"peerwire/core/bt"
)

// Options are what a Disk is made with. A zero field stands for its default.
type Options struct {
	// Notify is called when there are results after there were none. It is called on a
	// worker's goroutine, and must neither block nor call the Disk; it must not be nil.
	Notify func()

	Writers   int           // goroutines that write and hash; default 2
	Readers   int           // goroutines that read what is to be sent; default 2
	OpenFiles int           // files open at one time; default 64, less where the system allows the process fewer than 256
	SyncEvery time.Duration // from the first piece that passed to its sync, at most; default 2 s
	SyncBytes int64         // sync at once when so much has passed; default 64 MiB

	// ReadBack reads every piece back before it passes, not only those that are wrong or came out of order. It finds every
	// disk that lies about what it wrote, and costs a read for every write and hashing twice.
	ReadBack bool

	// OpenFolder opens a target folder; default the function of that name.
	OpenFolder func(dir string) (Folder, error)
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Writers == 0 {
		o.Writers = 2
	}
	if o.Readers == 0 {
		o.Readers = 2
	}
	if o.OpenFiles == 0 {
		o.OpenFiles = min(64, max(4, descriptors()/4))
	}
	if o.SyncEvery == 0 {
		o.SyncEvery = 2 * time.Second
	}
	if o.SyncBytes == 0 {
		o.SyncBytes = 64 << 20
	}
	if o.OpenFolder == nil {
		o.OpenFolder = OpenFolder
	}
	return o
}

// Disk does the disk's part for all torrents of a Session. Submit and Drain are for one goroutine, the
// Session's; the other methods may be called from any.
type Disk struct {
	opt     Options
	cache   *handles
	writers []*worker
	readers []*worker
	auditor *worker // reads pieces back, which may take long, so that no other work waits for it
	workers sync.WaitGroup

	mu       sync.Mutex
	torrents map[bt.TorrentID]*Torrent
	closed   bool

	resultsMu sync.Mutex
	results   []Result
}

// New starts a Disk. Close ends it.
func New(opt Options) *Disk {
	opt = opt.withDefaults()
	d := &Disk{opt: opt, cache: newHandles(opt.OpenFiles), torrents: make(map[bt.TorrentID]*Torrent)}
	for range opt.Writers {
		d.writers = append(d.writers, d.start())
	}
	for range opt.Readers {
		d.readers = append(d.readers, d.start())
	}
	d.auditor = d.start()
	return d
}

// start starts a worker.
func (d *Disk) start() *worker {
	w := newWorker(d)
	d.workers.Go(w.run)
	return w
}

// Open opens a torrent in an existing folder and locks it there, for the jobs that will name it id. It
// looks at no file but the record; call Resume or Check before any job. The error is ErrLocked when another client has
// the torrent in that folder. A folder that cannot be written to is no error yet: one can seed from it.
func (d *Disk) Open(id bt.TorrentID, dir string, l Layout) (*Torrent, error) {
	if err := errors.Join(l.check(), l.checkHashes()); err != nil {
		return nil, err
	}
	folder, err := d.opt.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	t := newTorrent(d, id, dir, l, folder)
	if err := t.lock(); errors.Is(err, ErrLocked) {
		t.abandon()
		return nil, err
	}
	if err := d.register(t); err != nil {
		t.abandon()
		return nil, err
	}
	go t.run()
	return t, nil
}

// register makes t known to Submit.
func (d *Disk) register(t *Torrent) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return errors.New("disk: closed")
	}
	if d.torrents[t.id] != nil {
		return fmt.Errorf("disk: torrent %d is open already", t.id)
	}
	d.torrents[t.id] = t
	return nil
}

// Submit hands jobs to the workers; it does not wait for them. The slice is the caller's again when it returns.
func (d *Disk) Submit(jobs []Job) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, job := range jobs {
		t := d.torrents[job.Torrent]
		if t == nil {
			d.refuse(&job)
			continue
		}
		if !t.takes(&job) {
			panic("BUG: a job is not of this torrent: " + job.Block.String())
		}
		if job.Op == Passed {
			t.passed(job.Block.Piece)
			continue
		}
		if job.Op == Probe {
			job.Block = t.failedPlace()
		}
		k := task{Job: job, t: t}
		w := d.workerFor(&k)
		w.staged = append(w.staged, k)
	}
	for _, w := range d.writers {
		w.push()
	}
	for _, w := range d.readers {
		w.push()
	}
}

// refuse answers a job of a torrent that is closed by now.
func (d *Disk) refuse(job *Job) {
	if job.Op != Passed {
		d.publish([]Result{job.result(bt.Lost, errUnknown)})
	}
}

// workerFor is the worker that does a task: for all of a piece but its reading, the same one.
func (d *Disk) workerFor(t *task) *worker {
	ws := d.writers
	if t.Op == Fetch {
		ws = d.readers
	}
	return ws[(uint64(t.Torrent)+uint64(t.Block.Piece))%uint64(len(ws))]
}

// publish puts results where Drain finds them.
func (d *Disk) publish(rs []Result) {
	if len(rs) == 0 {
		return
	}
	d.resultsMu.Lock()
	first := len(d.results) == 0
	d.results = append(d.results, rs...)
	d.resultsMu.Unlock()
	if first {
		d.opt.Notify()
	}
}

// Drain appends the results there are to into and returns it.
func (d *Disk) Drain(into []Result) []Result {
	d.resultsMu.Lock()
	defer d.resultsMu.Unlock()
	into = append(into, d.results...)
	clear(d.results)
	d.results = d.results[:0]
	return into
}

// Close closes every torrent that is open still, and ends the workers. When ctx ends before all is
// done, it returns at once with ctx's error, and what is left is done or lost as the system pleases. Closing
// again does nothing.
func (d *Disk) Close(ctx context.Context) error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	open := make([]*Torrent, 0, len(d.torrents))
	for _, t := range d.torrents {
		open = append(open, t)
	}
	d.mu.Unlock()

	errs := make([]error, len(open))
	var wg sync.WaitGroup
	for i, t := range open {
		wg.Go(func() { errs[i] = t.Close(ctx) })
	}
	wg.Wait()
	for _, w := range d.writers {
		w.stop()
	}
	for _, w := range d.readers {
		w.stop()
	}
	d.auditor.stop()
	return errors.Join(append(errs, await(ctx, d.workers.Wait))...)
}

// await calls f and waits for its end, or for ctx's.
func await(ctx context.Context, f func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
