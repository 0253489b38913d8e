package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
	"peerwire/cmd/internal/printable"
	"peerwire/core"
	"peerwire/shell/disk"
)

// job is one torrent that get or seed runs, and its display.
type job struct {
	opt     client.Options
	stay    bool   // it goes on when everything is there
	explain string // the connections that are explained: see explained; empty when none is
	display ui.Display

	start    time.Time
	client   *client.Client // nil while it checks
	recorded *os.File       // the trace; nil when there is none
	notices  chan client.Notice
	checked  [2]atomic.Int64 // bytes hashed, and to be hashed
	snap     core.Snapshot
	teller   trackerTeller
}

// redraw is how often the display is given the state; it shows it as often as it sees fit.
const redraw = 250 * time.Millisecond

// maxNotices is how many notices may wait for a display that is slow. More are dropped: the log has them.
const maxNotices = 256

// run does the whole job. The error says how the program ends.
func (j *job) run() error {
	ctx, stop := interruptible()
	defer stop()
	defer j.display.Close()
	j.start = time.Now()
	j.notices = make(chan client.Notice, maxNotices)
	j.opt.Checking = func(done, total int64) {
		j.checked[0].Store(done)
		j.checked[1].Store(total)
	}
	j.opt.Notify = func(n client.Notice) {
		select {
		case j.notices <- n:
		default:
		}
	}
	defer j.endTrace()
	if err := j.check(ctx); err != nil {
		return j.fail(err)
	}
	err := j.serve(ctx)
	if ctx.Err() != nil {
		j.show(ui.Stopping)
	}
	if closeErr := j.client.Close(); err == nil && closeErr != nil {
		err = command.Fail(closeErr)
	}
	if ctx.Err() != nil {
		j.display.Tell(ui.Note{Event: "stopped", Text: j.farewell(err)})
	}
	return j.fail(err)
}

// farewell is what an interrupted job says last.
func (j *job) farewell(err error) string {
	t := &j.snap.Torrents[0]
	if err == nil {
		return "stopped, uploaded " + ui.Bytes(t.Totals.Uploaded)
	}
	return "stopped at " + ui.Percent(t.Total-t.Left, t.Total) + "; the same command goes on from there"
}

// fail tells the display of an error that ends the program, and returns it.
func (j *job) fail(err error) error {
	if err != nil && err.Error() != "" {
		j.display.Tell(ui.Note{Event: "error", Message: err.Error()})
	}
	return err
}

// check starts the client, and shows how far it is with what it finds on disk.
func (j *job) check(ctx context.Context) error {
	ticks := time.NewTicker(redraw)
	defer ticks.Stop()
	type outcome struct {
		client *client.Client
		err    error
	}
	started := make(chan outcome, 1)
	go func() {
		c, err := client.Start(ctx, j.opt)
		started <- outcome{c, err}
	}()
	for {
		select {
		case <-ticks.C:
			if total := j.checked[1].Load(); total > 0 {
				j.display.Show(&ui.View{
					Name: j.opt.Torrent.Info.Name, State: ui.Checking, Elapsed: time.Since(j.start),
					Done: j.checked[0].Load(), Total: total,
				})
			}
		case o := <-started:
			if errors.Is(o.err, context.Canceled) {
				return command.Interrupt()
			}
			if o.err != nil {
				return command.Fail(o.err)
			}
			j.client = o.client
			return nil
		}
	}
}

// serve runs the client until the job is done: nil, or interrupted.
func (j *job) serve(ctx context.Context) error {
	if err := j.begin(); err != nil {
		return err
	}
	ticks := time.NewTicker(redraw)
	defer ticks.Stop()
	completed := j.client.Completed()
	j.show(j.state())
	for {
		select {
		case <-ticks.C:
			j.teller.tell(j.client.Trackers(), j.display)
		case n := <-j.notices:
			j.display.Tell(noteOf(n))
		case <-completed:
			completed = nil
			if err := j.finish(); err != nil || !j.stay {
				return err
			}
		case <-ctx.Done():
			return j.interrupted(completed)
		}
		j.show(j.state())
	}
}

// interrupted tells how an interrupted job ends. It is given what tells of completion, nil when that was told before: both may have come at
// one time, and what is complete is not lost.
func (j *job) interrupted(completed <-chan struct{}) error {
	if completed == nil {
		return nil
	}
	select {
	case <-completed:
		return j.finish()
	default:
		return command.Interrupt()
	}
}

// begin tells what was found, and refuses to seed what is not there.
func (j *job) begin() error {
	found := j.client.Found()
	r := examine(j.opt.Torrent, found.Have)
	if found.Err != nil {
		j.display.Tell(warning(found.Err))
	}
	if why := found.Record; why != nil && !errors.Is(why, disk.ErrNoRecord) {
		j.display.Tell(ui.Note{Event: "warning", Message: why.Error(), Text: printable.Text("the record of the last run is of no use: " + why.Error())})
	}
	if j.opt.ReadOnly && r.err() != nil {
		text := r.summary()
		if len(r.Files) > 0 {
			text += fmt.Sprintf("; %s: %s", r.Files[0].Path, r.Files[0].text())
		}
		return command.Fail(fmt.Errorf("%s: cannot seed it: %s (btclient get --seed downloads the rest)", r.name, text))
	}
	if r.BytesDone > 0 {
		j.display.Tell(ui.Note{Event: "found", Text: printable.Text(fmt.Sprintf("%s: found %s", r.name, ui.Portion(r.BytesDone, r.BytesTotal)))})
	}
	addr := j.client.Addr().String()
	j.display.Tell(ui.Note{Event: "listening", Address: addr, Text: "listening at " + addr})
	return nil
}

// finish makes durable what is now complete, and tells so.
func (j *job) finish() error {
	if err := j.client.Sync(); err != nil {
		return command.Fail(err)
	}
	j.show(j.state())
	elapsed := time.Since(j.start)
	info := &j.opt.Torrent.Info
	text := fmt.Sprintf("%s: complete, %s verified", info.Name, ui.Bytes(info.Total))
	if got := j.snap.Torrents[0].Totals.Downloaded; got > 0 {
		rate := int64(float64(got) / max(elapsed.Seconds(), 1e-3))
		text += fmt.Sprintf("; downloaded %s in %s, %s", ui.Bytes(got), ui.Duration(elapsed), ui.Rate(rate))
	}
	j.display.Tell(ui.Note{Event: "complete", Seconds: elapsed.Seconds(), Text: printable.Text(text)})
	return nil
}

// state is what the client is at, as far as it is not the disk's matter.
func (j *job) state() ui.State {
	select {
	case <-j.client.Completed():
	default:
		return ui.Downloading
	}
	if j.stay {
		return ui.Seeding
	}
	return ui.Complete
}

// show shows the client as it is now.
func (j *job) show(state ui.State) {
	if !j.client.Snapshot(&j.snap) {
		return
	}
	v := viewOf(&j.snap, j.client.Trackers())
	v.Name, v.State, v.Elapsed = j.opt.Torrent.Info.Name, state, time.Since(j.start)
	j.explainTo(v)
	if state == ui.Downloading && v.Stalled {
		v.State = ui.Stalled
		if err := j.client.Trouble(); err != nil {
			v.Fault = err.Error()
		}
	}
	j.display.Show(v)
}
