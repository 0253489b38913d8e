package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"peerwire/cmd/internal/command"
	sought "peerwire/sim/campaign"
	"peerwire/sim/scenario"
)

// crew does the runs of a campaign, several at a time.
type crew struct {
	*campaign
	log     *runLog
	sources []source
	show    *meter

	mu    sync.Mutex // of what follows, and of the log
	sum   tally
	small map[string]int // how often a checker's failures were made small
	fault error
}

// work does all runs that are to be done, and were not done before, as long as there is time.
func (c *crew) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	if c.lasts > 0 {
		ctx, stop = context.WithDeadline(ctx, began.Add(c.lasts))
		defer stop()
	}
	c.small = map[string]int{}
	queue := make(chan order)
	var workers sync.WaitGroup
	for range c.jobs {
		workers.Go(func() {
			for o := range queue {
				if err := c.do(ctx, o); err != nil {
					c.stumble(err, stop)
				}
			}
		})
	}
	for o := range c.orders(c.sources) {
		if c.skips(o) {
			continue
		}
		if ctx.Err() != nil || c.failures > 0 && c.failed() >= c.failures {
			break
		}
		select {
		case queue <- o:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	c.show.end()
	c.sum.Wall = time.Since(began)
	if c.fault != nil {
		return c.fault
	}
	if interrupted(ctx) {
		return command.Fail(fmt.Errorf("interrupted after %s; the same command goes on from there", plural(c.sum.Runs, "run")))
	}
	return nil
}

// interrupted tells whether there is no more time because somebody said so, before it was up.
func interrupted(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// skips tells whether a run was done before; it counts all the same.
func (c *crew) skips(o order) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := (&entry{Scenario: o.source.name, Seed: o.seed}).key()
	e, done := c.log.done[key]
	if done {
		c.sum.Before++
		c.sum.add(&e)
		delete(c.log.done, key) // or a long campaign would keep all it ever did
	}
	return done
}

func (c *crew) failed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum.Failed
}

// stumble ends the campaign: a result could not be kept.
func (c *crew) stumble(err error, stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		c.fault = err
	}
	stop()
}

// do does a run, and keeps what came of it. Of one that is under way when the time is up nothing is kept but that: it is one for the next time.
func (c *crew) do(ctx context.Context, o order) error {
	began := time.Now()
	s, mask := o.scenario()
	v := watched(s, sought.Options{Most: c.events, Enough: func() bool { return ctx.Err() != nil }})
	if v.Late {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sum.UnderWay++
		return nil
	}
	e := entry{
		Scenario: o.source.name, Seed: o.seed, Mask: mask, Verdict: verdictOf(&v), Checker: v.Checker, Text: v.Text, Events: v.Events,
		Virtual: thousandths(v.Virtual), Faults: v.Faults, Hash: v.Hash.String(), Wall: thousandths(time.Since(began)),
	}
	if v.Failed() && c.wants(v.Checker) {
		if err := c.keep(ctx, &e, s, v); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.log.add(e); err != nil {
		return err
	}
	delete(c.log.done, e.key())
	c.sum.add(&e)
	c.show.update(&c.sum, &e)
	return nil
}

// keptOfOne is how many failures of one checker are made small and kept: the first few are enough to find what is wrong.
const keptOfOne = 3

// wants tells whether a failure is to be made small.
func (c *crew) wants(checker string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.small[checker]++
	return c.small[checker] <= keptOfOne
}

func verdictOf(v *sought.Verdict) string {
	switch {
	case v.Failed():
		return "failed"
	case v.Beyond:
		return "beyond"
	}
	return "passed"
}

// hangs is the checker of a run in which a core never came back from a call.
const hangs = "hangs"

// forbearance is how long a run may take. Events bound it already, but for what a core does within one.
const forbearance = 10 * time.Minute

// watched is a run that ends in any case. One that does not is left to itself.
func watched(s *scenario.Scenario, o sought.Options) sought.Verdict {
	done := make(chan sought.Verdict, 1)
	go func() { done <- sought.Run(s, o) }()
	patience := time.NewTimer(forbearance)
	defer patience.Stop()
	select {
	case v := <-done:
		return v
	case <-patience.C:
		return sought.Verdict{Checker: hangs, Text: fmt.Sprintf("it was not over after %v", forbearance)}
	}
}

// tally is what came of a campaign so far.
type tally struct {
	Runs    int // all that are in the file and were asked for
	Before  int // of them were there already
	Beyond  int
	Failed  int
	Events  uint64
	Faults  uint64
	Virtual time.Duration
	Wall    time.Duration
	By      []caught

	UnderWay int // when the time was up; none of the runs
}

// caught is how often a checker failed.
type caught struct {
	Checker string `json:"checker"`
	Runs    int    `json:"runs"`
	Seed    uint64 `json:"first_seed"`
	Kept    string `json:"kept,omitempty"`
}

func (t *tally) add(e *entry) {
	t.Runs++
	t.Events += e.Events
	t.Faults += e.Faults
	seconds, err := time.ParseDuration(e.Virtual.String() + "s")
	if err == nil {
		t.Virtual += seconds
	}
	switch e.Verdict {
	case "beyond":
		t.Beyond++
	case "failed":
		t.Failed++
		t.caught(e)
	}
}

func (t *tally) caught(e *entry) {
	for i := range t.By {
		if t.By[i].Checker == e.Checker {
			t.By[i].Runs++
			return
		}
	}
	t.By = append(t.By, caught{e.Checker, 1, e.Seed, e.Kept})
}
