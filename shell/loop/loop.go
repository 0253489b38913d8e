package loop

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
	"peerwire/shell/utp"
	"peerwire/trace"
)

// Options are what a Loop is made with.
type Options struct {
	Config bt.Config
	Disk   disk.Options // Notify is the loop's own
	UTP    *utp.Socket  // what the loop serves, dials over and accepts from; the caller closes it. Without one nothing is dialled over uTP
	Log    *slog.Logger // nil logs nothing

	// Arriving and Departing are the bytes of memory for blocks, from a peer until they are stored, and from disk until
	// they are sent; default 24 MiB and 12 MiB. They are never less than one block for each connection.
	Arriving, Departing int
	// ProbeEvery is how often a disk that failed is tried again; default 2 s.
	ProbeEvery time.Duration

	// Trace records the session; nil records nothing. It is the loop's until Run returns, and flushed then and whenever there is time.
	Trace *trace.Writer

	// Observe is told, on the loop's goroutine, of each effect that means something to people: Passed, Completed, Stalled,
	// MorePeers, Banned, Noticed, Close. Stalled also tells of a block that cannot be read, or a piece that cannot be
	// synced, with err as what lies behind; and with bt.OK that the disk takes data again. Observe must neither block
	// nor call the Loop; nil is told nothing.
	Observe func(e bt.Effect, err error)
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	least := (o.Config.MaxConns + 1) * bt.BlockSize
	o.Arriving = max(cmp.Or(o.Arriving, 24<<20), least)
	o.Departing = max(cmp.Or(o.Departing, 12<<20), least)
	o.ProbeEvery = cmp.Or(o.ProbeEvery, 2*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// A turn that reads so many bytes is one of a download in full swing. Much more will come, in small portions, and each
// would wake the loop, and the loop the disk. So it takes a breath first, and then finds a big portion.
const (
	bulk   = 64 << 10
	breath = time.Millisecond
	swing  = 10 * time.Millisecond // without such a turn, and it is over
)

// Loop drives one Session. Its methods may be called from any goroutine but its own.
type Loop struct {
	opt     Options
	log     *slog.Logger
	start   time.Time
	session trace.Session
	disk    *disk.Disk
	poller  *tcp.Poller
	inbox   inbox
	done    chan struct{} // closed when Run returns
	dialing sync.WaitGroup

	// What follows belongs to the goroutine in Run.
	now      bt.Instant
	links    map[bt.ConnID]*link
	accepted bt.ConnID
	arrivals []arrival // the first to be accepted first
	room     []byte
	spread   scatter
	swing    bt.Instant // until then a download counts as in full swing
	moved    int        // bytes that the sockets gave since the last wait
	turnSize int        // bytes read from, or written to, one socket before others have their turn
	readers  line       // to be read
	writers  line       // to be written to
	store    store
	probes   map[bt.TorrentID]bt.Instant // of disks that failed: when to try next; Never while one is tried
	spare    []*outgoing
	trouble  error // behind the result of the disk that is being taken
}

// New makes a Loop; Run starts it. The error is the system's, which has no descriptor left.
func New(opt Options) (*Loop, error) {
	opt = opt.withDefaults()
	poller, err := tcp.NewPoller()
	if err != nil {
		return nil, err
	}
	opt.Disk.Notify = poller.Wake
	return &Loop{
		opt: opt, log: opt.Log, start: time.Now(), session: newSession(&opt), disk: disk.New(opt.Disk),
		poller: poller, inbox: inbox{wake: poller.Wake}, done: make(chan struct{}),
		links: make(map[bt.ConnID]*link), room: make([]byte, roomSize), turnSize: 1 << 20,
		store:  newStore(&opt, poller.Wake),
		probes: make(map[bt.TorrentID]bt.Instant), readers: line{side: reading}, writers: line{side: writing},
	}, nil
}

// newSession makes the session, which is recorded if there is a trace.
func newSession(opt *Options) trace.Session {
	s := core.New(opt.Config, nil)
	if opt.Trace == nil {
		return trace.NewSession(s)
	}
	return opt.Trace.Session("btclient", netip.AddrPort{}, opt.Config, 0, s)
}

// Disk is the disk that the loop drives: torrents are opened and checked there before they are added.
func (l *Loop) Disk() *disk.Disk { return l.disk }

// Do calls f with the session on the loop's goroutine, and waits for it. It tells whether f was called: it is not when
// the loop has ended. f may look at the session; to change it is for Handle.
func (l *Loop) Do(f func(s *core.Session, now bt.Instant)) bool {
	answer := make(chan bool, 1)
	l.inbox.put(errand{
		do:   func() { f(l.session.Session, l.now); answer <- true },
		drop: func() { answer <- false },
	})
	return <-answer
}

// Handle gives the session events, on the loop's goroutine, and waits for it. It tells whether the loop still ran.
func (l *Loop) Handle(evs ...bt.Event) bool {
	return l.Do(func(*core.Session, bt.Instant) {
		for _, ev := range evs {
			l.handle(ev)
		}
	})
}

// Run drives the session until ctx ends, and then closes all connections; the Disk is the caller's to close. It is
// called once.
func (l *Loop) Run(ctx context.Context) {
	stop := context.AfterFunc(ctx, l.poller.Wake)
	defer stop()
	if l.opt.UTP != nil {
		l.opt.UTP.Serve(func(c *utp.Conn) { l.arrived(c, bt.UTP) }, l.poller.Wake)
	}
	for ctx.Err() == nil {
		l.wait()
		l.turn()
	}
	l.shut()
}

// wait waits until there is something to do. Whoever has had its turn and is not done comes behind what came meanwhile.
func (l *Loop) wait() {
	limit := time.Duration(0)
	if l.readers.empty() && l.writers.empty() {
		if l.judgeSwing(); l.inSwing() {
			time.Sleep(breath)
		} else {
			l.spread.drop()
			l.flush()
		}
		limit = l.limit()
	}
	l.poller.Wait(limit)
	if l.opt.UTP != nil {
		l.opt.UTP.Tell()
	}
	l.tick()
}

// judgeSwing takes what was read since it was called last for a download in full swing, or not.
func (l *Loop) judgeSwing() {
	if l.moved >= bulk {
		l.swing = l.now.Add(swing)
	}
	l.moved = 0
}

// inSwing tells whether a download is in full swing.
func (l *Loop) inSwing() bool { return l.now < l.swing }

// limit is how long there is nothing to do if nothing happens; negative when for ever.
func (l *Loop) limit() time.Duration {
	at, _ := l.session.NextDeadline()
	at = min(at, l.nextProbe(), l.nextAdmission())
	if at == bt.Never {
		return -1
	}
	l.tick()
	return max(0, at.Sub(l.now))
}

// turn does what there is to do now: what is due and what others want, results of the disk, sockets to be read, sockets
// to be written to, connections that have come; and gives the disk what came of it.
func (l *Loop) turn() {
	if at, _ := l.session.NextDeadline(); at <= l.now {
		l.handle(bt.Event{Kind: bt.Tick})
	}
	l.inbox.run()
	l.takeResults()
	l.retryStarved()
	l.retryFetches()
	l.probe()
	for _, k := range l.readers.take() {
		l.tick()
		l.read(k)
	}
	for _, k := range l.writers.take() {
		l.tick()
		l.write(k)
	}
	l.admit()
	l.submit()
}

// tick looks at the clock, which never goes back.
func (l *Loop) tick() { l.now = bt.Instant(time.Since(l.start)) }

// handle gives the session one event and executes what it answers.
func (l *Loop) handle(ev bt.Event) {
	l.session.Handle(l.now, ev)
	l.drain()
}

// flush writes what was recorded. Whether that failed, who owns the trace asks it.
func (l *Loop) flush() {
	if l.opt.Trace != nil {
		_ = l.opt.Trace.Flush()
	}
}

// shut closes all connections, and sees to it that nothing of the loop goes on.
func (l *Loop) shut() {
	for _, k := range l.links {
		k.shut()
	}
	l.turnAway()
	l.submit() // the record of what has passed
	l.flush()
	l.inbox.close()
	l.dialing.Wait()
	l.poller.Close()
	close(l.done)
}
