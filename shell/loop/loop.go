package loop

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
)

// The memory of the loop, bytes.
const (
	roomSize   = 512 << 10 // what one read of a socket can bring; holds the longest message
	readTurn   = 1 << 20   // read from one socket before others have their turn
	writeTurn  = 1 << 20   // written to one socket before others have their turn
	arriveSize = 24 << 20  // blocks that arrive, until they are stored
	departSize = 12 << 20  // blocks read from disk, until they are sent
)

// probeEvery is how often a disk that failed is tried again.
const probeEvery = 2 * time.Second

// Options are what a Loop is made with.
type Options struct {
	Config bt.Config
	Disk   disk.Options // Notify is the loop's own
	Log    *slog.Logger // nil logs nothing
	// Observe is told, on the loop's goroutine, of each effect that means something to people: Passed, Completed,
	// Stalled, MorePeers, Banned, Noticed, Close. err is what lies behind a fault. It must not block; nil is told nothing.
	Observe func(e bt.Effect, err error)
}

// Loop drives one Session. Its methods may be called from any goroutine.
type Loop struct {
	opt     Options
	log     *slog.Logger
	start   time.Time
	session *core.Session
	disk    *disk.Disk
	arrive  *disk.Pool
	depart  *disk.Pool
	inbox   inbox
	done    chan struct{} // closed when Run returns

	// What follows belongs to the goroutine in Run.
	now      bt.Instant
	links    map[bt.ConnID]*link
	accepted bt.ConnID
	room     []byte
	ready    []*link // to be read
	writers  []*link // to be written to
	blocks   map[bt.Token]block
	waiting  []bt.Effect // Fetch effects without a buffer
	starved  []*link     // links without a buffer for the block that arrives
	jobs     []disk.Job
	results  []disk.Result
	probing  map[bt.TorrentID]bool
}

// New makes a Loop; Run starts it.
func New(opt Options) *Loop {
	l := &Loop{
		opt: opt, log: opt.Log, start: time.Now(), session: core.New(opt.Config, nil), done: make(chan struct{}),
		links: make(map[bt.ConnID]*link), blocks: make(map[bt.Token]block), room: make([]byte, roomSize),
		probing: make(map[bt.TorrentID]bool),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	l.inbox.wake = make(chan struct{}, 1)
	l.arrive = disk.NewPool(arriveSize, l.inbox.nudge)
	l.depart = disk.NewPool(departSize, l.inbox.nudge)
	opt.Disk.Notify = l.inbox.nudge
	l.disk = disk.New(opt.Disk)
	return l
}

// Disk is the disk that the loop drives: torrents are opened and checked there before they are added.
func (l *Loop) Disk() *disk.Disk { return l.disk }

// Do calls f with the session on the loop's goroutine, and waits for it. It tells whether the loop still ran. f may look at
// the session; to change it is for Handle.
func (l *Loop) Do(f func(s *core.Session, now bt.Instant)) bool {
	finished := make(chan struct{})
	l.inbox.put(func() {
		f(l.session, l.now)
		l.drain()
		close(finished)
	})
	select {
	case <-finished:
		return true
	case <-l.done:
		return false
	}
}

// Handle gives the session events, on the loop's goroutine, and waits for it. It tells whether the loop still ran.
func (l *Loop) Handle(evs ...bt.Event) bool {
	return l.Do(func(*core.Session, bt.Instant) {
		for _, ev := range evs {
			l.handle(ev)
		}
	})
}

// Accept takes a connection that a peer opened. It is meant for tcp.Listen.
func (l *Loop) Accept(sock *tcp.Conn) {
	l.inbox.put(func() { l.accept(sock) })
}

// Run drives the session until ctx ends, and then closes all connections. It is called once.
func (l *Loop) Run(ctx context.Context) {
	defer close(l.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		l.tick()
		for _, f := range l.inbox.take() {
			f()
		}
		l.turn()
		if len(l.ready) > 0 || len(l.writers) > 0 {
			if ctx.Err() == nil {
				continue
			}
		}
		l.setTimer(timer)
		select {
		case <-l.inbox.wake:
		case <-timer.C:
			l.tick()
			l.handle(bt.Event{Kind: bt.Tick})
		case <-ctx.Done():
			l.shut()
			return
		}
	}
}

// turn does what there is to do now: results of the disk, sockets to be read, sockets to be written to; and gives the
// disk what came of it.
func (l *Loop) turn() {
	l.takeResults()
	l.retryStarved()
	for _, k := range l.swapReady() {
		l.read(k)
		l.submit()
	}
	for _, k := range l.swapWriters() {
		l.write(k)
	}
	l.submit()
}

func (l *Loop) swapReady() []*link {
	ks := l.ready
	l.ready = nil
	return ks
}

func (l *Loop) swapWriters() []*link {
	ks := l.writers
	l.writers = nil
	for _, k := range ks {
		k.queued = false
	}
	return ks
}

// tick looks at the clock. A turn has one time.
func (l *Loop) tick() { l.now = bt.Instant(time.Since(l.start)) }

func (l *Loop) setTimer(t *time.Timer) {
	at, _ := l.session.NextDeadline()
	if at == bt.Never {
		t.Stop()
		return
	}
	t.Reset(max(0, time.Until(l.start.Add(time.Duration(at)))))
}

// handle gives the session one event and executes what it answers.
func (l *Loop) handle(ev bt.Event) {
	l.session.Handle(l.now, ev)
	l.drain()
}

// submit gives the disk the jobs of the turn.
func (l *Loop) submit() {
	if len(l.jobs) > 0 {
		l.disk.Submit(l.jobs)
		clear(l.jobs)
		l.jobs = l.jobs[:0]
	}
}

// shut closes all connections.
func (l *Loop) shut() {
	for _, k := range l.links {
		k.shut()
	}
	for _, f := range l.inbox.take() {
		f()
	}
}

// inbox is where other goroutines leave what the loop is to do.
type inbox struct {
	wake chan struct{}
	mu   sync.Mutex
	list []func()
}

// nudge wakes the loop.
func (b *inbox) nudge() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.list = append(b.list, f)
	b.mu.Unlock()
	b.nudge()
}

func (b *inbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	fs := b.list
	b.list = nil
	return fs
}
