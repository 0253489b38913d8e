package client

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"peerwire/interop/proc"
)

// The events that every driver reports.
const (
	Listening = "listening" // it accepts connections
	Progress  = "progress"  // so much is there by now
	Complete  = "complete"  // all is there and verified
	Failed    = "error"     // something stands in the way, perhaps for a time
)

// Event is one thing a client said. The keys are those of btclient's --json
// lines; drivers of clients that speak otherwise translate.
type Event struct {
	Event      string `json:"event"`       // one of the names above, or another
	State      string `json:"state"`       // of a progress; btclient reports it
	BytesDone  int64  `json:"bytes_done"`  // verified; while it checks, hashed
	BytesTotal int64  `json:"bytes_total"` // of the torrent
	Uploaded   int64  `json:"uploaded"`    // payload bytes sent; btclient and libtorrent's driver report it
	Message    string `json:"message"`     // of an error
	Address    string `json:"address"`     // of a peer that did something
	Clause     string `json:"clause"`      // that the peer broke

	Line string    `json:"-"` // the line of output that said so, where there is one
	At   time.Time `json:"-"` // when we read it
}

// Run is a client at work.
type Run struct {
	*proc.Proc
	name string
	// exits tells that the client ends by itself once it is complete.
	exits   bool
	cleanup func()        // nil when there is nothing to clean up
	over    chan struct{} // the program ended and its last event is noted

	mu      sync.Mutex
	events  []Event
	changed chan struct{} // closed and replaced with every event
}

// start runs a client's program, whose lines are its events. atEnd, which may
// be nil, notes what its end itself means.
func start(spec proc.Spec, atEnd func(*Run)) (*Run, error) {
	r := &Run{name: spec.Name, over: make(chan struct{}), changed: make(chan struct{})}
	spec.OnLine = r.noteLine
	p, err := proc.Start(spec)
	if err != nil {
		return nil, err
	}
	r.Proc = p
	go func() {
		defer close(r.over)
		<-p.Done()
		if atEnd != nil {
			atEnd(r)
		}
	}()
	return r, nil
}

// noteLine notes a line of output, as the event that it is or as mere words:
// an event without a name.
func (r *Run) noteLine(line string) {
	var e Event
	if json.Unmarshal([]byte(line), &e) != nil {
		e = Event{}
	}
	e.Line = line
	r.note(e)
}

func (r *Run) note(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.At = time.Now()
	r.events = append(r.events, e)
	close(r.changed)
	r.changed = make(chan struct{})
}

// Events are those noted so far, oldest first.
func (r *Run) Events() []Event {
	events, _ := r.eventsSince(0)
	return events
}

func (r *Run) eventsSince(n int) ([]Event, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events[n:len(r.events):len(r.events)], r.changed
}

// Last is the latest event with the given name, if there was one.
func (r *Run) Last(event string) (Event, bool) {
	events := r.Events()
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Event == event {
			return events[i], true
		}
	}
	return Event{}, false
}

// Await returns the first event of the whole run that matches, waiting for it
// where need be. It fails when the client ends without one, or ctx does.
func (r *Run) Await(ctx context.Context, what string, match func(Event) bool) (Event, error) {
	over, seen := false, 0
	for {
		events, changed := r.eventsSince(seen)
		for _, e := range events {
			if match(e) {
				return e, nil
			}
		}
		seen += len(events)
		if over {
			return Event{}, fmt.Errorf("%s ended (exit code %d) before %s:\n%s", r.name, r.ExitCode(), what, r.Output())
		}
		select {
		case <-changed:
		case <-r.over:
			over = true // and look once more: its last words may be new
		case <-ctx.Done():
			return Event{}, fmt.Errorf("%s: no %s: %w:\n%s", r.name, what, ctx.Err(), r.Output())
		}
	}
}

// AwaitComplete waits until the client has everything. One that ends by
// itself must then do so with exit code 0.
func (r *Run) AwaitComplete(ctx context.Context) (Event, error) {
	e, err := r.Await(ctx, Complete, func(e Event) bool { return e.Event == Complete })
	if err != nil || !r.exits {
		return e, err
	}
	select {
	case <-r.over:
	case <-ctx.Done():
		return e, fmt.Errorf("%s completed but does not end: %w:\n%s", r.name, ctx.Err(), r.Output())
	}
	if code := r.ExitCode(); code != 0 {
		return e, fmt.Errorf("%s completed but left exit code %d:\n%s", r.name, code, r.Output())
	}
	return e, nil
}

// Name is the name of the client.
func (r *Run) Name() string { return r.name }

// Exits tells whether the client ends by itself when it is complete.
func (r *Run) Exits() bool { return r.exits }

// Close kills the client where it still runs, and frees what the driver held
// for it.
func (r *Run) Close() {
	r.Kill()
	<-r.over
	if r.cleanup != nil {
		r.cleanup()
	}
}

// awaitListening waits for the client to say that it listens, and ends it
// where it does not.
func (r *Run) awaitListening() (*Run, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readyLimit)
	defer cancel()
	if _, err := r.Await(ctx, Listening, func(e Event) bool { return e.Event == Listening }); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// readyLimit is how long a client may take until it listens.
const readyLimit = 60 * time.Second

// home gives a client an empty home folder, so that it neither reads nor
// writes anybody's settings.
func home(dir string) []string {
	return []string{"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "TMPDIR=" + os.TempDir()}
}
