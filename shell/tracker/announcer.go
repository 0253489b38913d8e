package tracker

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"peerwire/core/bt"
)

// MaxTrackers is how many trackers of a torrent are used, the first of its list; what is beyond is dropped.
const MaxTrackers = 200

// DefaultNumWant is how many peers are asked for unless Config says otherwise.
const DefaultNumWant = 200

// Totals are the figures of an announce, in bytes, of this session.
type Totals struct {
	Uploaded   uint64 // payload sent
	Downloaded uint64 // payload received
	Left       uint64 // still missing; 0 makes us a seed
}

// Config is what an Announcer needs to know.
type Config struct {
	Tiers    [][]string // URLs: the announce list of BEP 12, or the one announce URL of BEP 3 as a tier of its own
	InfoHash bt.InfoHash
	PeerID   bt.PeerID
	Port     uint16   // where we listen; 0 when we do not, see PlaceholderPort
	NumWant  int      // peers asked for; 0 means DefaultNumWant
	Families []Family // over which to announce to trackers with a name; none means IPv4 and IPv6
	Seed     uint64   // of the order within tiers, and of back-off

	// Totals is asked for the figures of each announce, Answered is given each answer: the peers in it are to be
	// tried, the counts and the texts are in Status too. Both are called by Run, one call at a time, and hold it up until they return.
	Totals   func() Totals
	Answered func(Response)

	// Announce makes one announce; nil means that of a new Client.
	Announce func(ctx context.Context, rawURL string, r Request) (Response, error)
}

// Announcer keeps one torrent announced: at one working tracker at a time, in the order of BEP 12. A tracker that
// fails is tried again later and later, for ever; nothing else depends on it. Make one with NewAnnouncer, and call Run.
type Announcer struct {
	config  Config
	key     uint32
	wake    chan struct{} // something changed that pick looks at
	results chan result

	mu       sync.Mutex // guards all below
	tiers    [][]*tracker
	random   *rand.Rand
	hurry    bool // peers are few
	complete bool // the download became complete in this session
}

// result is how the announce on one leg ended.
type result struct {
	tracker *tracker
	leg     *leg
	sent    Request
	answer  Response
	err     error
}

// NewAnnouncer shuffles the tiers (BEP 12); it does not announce yet. URLs that occur twice are used once.
func NewAnnouncer(config Config) *Announcer {
	if config.NumWant == 0 {
		config.NumWant = DefaultNumWant
	}
	if len(config.Families) == 0 {
		config.Families = []Family{IPv4, IPv6}
	}
	if config.Announce == nil {
		config.Announce = new(Client).Announce
	}
	a := &Announcer{
		config:  config,
		key:     newTransaction(),
		wake:    make(chan struct{}, 1),
		results: make(chan result),
		random:  rand.New(rand.NewPCG(config.Seed, 0)),
	}
	known := map[string]bool{}
	for i, urls := range config.Tiers {
		var tier []*tracker
		for _, u := range urls {
			if !known[u] && len(known) < MaxTrackers {
				known[u] = true
				tier = append(tier, newTracker(u, i, config.Families))
			}
		}
		a.random.Shuffle(len(tier), func(i, j int) { tier[i], tier[j] = tier[j], tier[i] })
		a.tiers = append(a.tiers, tier)
	}
	return a
}

// Completed tells that the download became complete, just now. The trackers that know us as incomplete are told, once.
func (a *Announcer) Completed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.complete {
		return
	}
	a.complete = true
	for _, tier := range a.tiers {
		for _, t := range tier {
			t.urgent = t.untold(true)
		}
	}
	a.look()
}

// WantPeers asks for an announce as soon as the tracker permits, because peers are few.
func (a *Announcer) WantPeers() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hurry = true
	a.look()
}

// look makes Run pick again.
func (a *Announcer) look() {
	select {
	case a.wake <- struct{}{}:
	default: // it will
	}
}

// Run announces until ctx ends, and then tells all trackers that know us that we stopped, for at most five seconds. Call
// it once. When it returns, no announce is under way.
func (a *Announcer) Run(ctx context.Context) {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx)) // ends stopTimeout after ctx
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(stopTimeout, cancel) })()
	running := 0
	for ctx.Err() == nil {
		ask, wake := a.pick()
		if ask != nil {
			running += a.launch(ctx, last, ask)
			continue
		}
		timer, stop := alarm(wake)
		select {
		case r := <-a.results:
			running--
			a.settle(r)
		case <-a.wake:
		case <-timer:
		case <-ctx.Done():
		}
		stop()
	}
	for ; running > 0; running-- {
		a.settle(<-a.results)
	}
	a.stop(last)
}

// alarm rings at a time; never when that is zero.
func alarm(at time.Time) (<-chan time.Time, func()) {
	if at.IsZero() {
		return nil, func() {}
	}
	timer := time.NewTimer(time.Until(at))
	return timer.C, func() { timer.Stop() }
}

func (a *Announcer) pick() (*tracker, time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return pick(a.tiers, time.Now(), a.hurry)
}

// launch announces to one tracker over its legs, and gives their number. It is over when ctx ends; but the announce of a
// completion goes on until last ends, so that no tracker counts it twice.
func (a *Announcer) launch(ctx, last context.Context, t *tracker) int {
	totals := a.config.Totals()
	a.mu.Lock()
	defer a.mu.Unlock()
	legs := t.launch(time.Now(), a.complete)
	for _, l := range legs {
		r := a.request(totals, l, l.event(a.complete))
		ctx := ctx
		if r.Event == Completed {
			ctx = last
		}
		go func() {
			ctx, cancel := context.WithTimeout(ctx, announceTimeout)
			defer cancel()
			answer, err := a.config.Announce(ctx, t.url, r)
			a.results <- result{tracker: t, leg: l, sent: r, answer: answer, err: err}
		}()
	}
	return len(legs)
}

func (a *Announcer) request(totals Totals, l *leg, event Event) Request {
	return Request{
		InfoHash: a.config.InfoHash, PeerID: a.config.PeerID, Port: a.config.Port,
		Uploaded: totals.Uploaded, Downloaded: totals.Downloaded, Left: totals.Left,
		Event: event, NumWant: a.config.NumWant, Key: a.key, TrackerID: l.id, Family: l.family,
	}
}

// settle takes what came of an announce.
func (a *Announcer) settle(r result) {
	a.record(r)
	if r.err == nil {
		a.config.Answered(r.answer)
	}
}

// record notes a result. A tracker that answers moves to the front of its tier (BEP 12).
func (a *Announcer) record(r result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t, now := r.tracker, time.Now()
	t.busy--
	if r.err != nil {
		t.fail(now, r.err, a.random)
		return
	}
	t.succeed(now, r.leg, r.sent, r.answer)
	t.urgent = t.urgent || r.sent.Event == Started && t.untold(a.complete) // completed while this was under way
	a.hurry = false
	tier := a.tiers[t.tier]
	i := slices.Index(tier, t)
	copy(tier[1:i+1], tier[:i])
	tier[0] = t
}

// untold tells whether the completion waits to be told to this tracker.
func (t *tracker) untold(complete bool) bool {
	return slices.ContainsFunc(t.legs, func(l *leg) bool { return l.event(complete) == Completed })
}

// stop sends the last announces, to all trackers that know us at once. Nobody waits for the answers; a tracker that
// does not get it forgets us by itself. A completion that was not told yet is told first: a client that ends when it has
// everything would never be counted otherwise.
func (a *Announcer) stop(ctx context.Context) {
	totals := a.config.Totals()
	var all sync.WaitGroup
	for _, tier := range a.tiers {
		for _, t := range tier {
			for _, l := range t.legs {
				if !l.started {
					continue
				}
				events := []Event{Stopped}
				if l.event(a.complete) == Completed {
					events = []Event{Completed, Stopped}
				}
				all.Go(func() {
					for _, e := range events {
						r := a.request(totals, l, e)
						r.NumWant = 0
						a.config.Announce(ctx, t.url, r)
					}
				})
			}
		}
	}
	all.Wait()
}
