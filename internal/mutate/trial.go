package main

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// result is what came of a mutant.
type result struct {
	mutant
	How     string  `json:"how"`          // failed, crashed, slow; survived
	By      string  `json:"by,omitempty"` // the test that caught it
	Seconds float64 `json:"seconds"`
}

// The ways to be caught, and the one not to be.
const (
	failed   = "failed"   // a test said so
	crashed  = "crashed"  // the test binary ended in another way
	tooSlow  = "slow"     // it took far longer than without the mutant
	survived = "survived" // no test minded
)

// patience ends a run that waits for something: whatever does not wait is ended by the limit on its CPU time.
const patience = 20 * time.Minute

// leeway is how many seconds more than ten times as long a step may take.
const leeway = 5

// try runs a mutant through all steps that reach it, until one minds.
func (s *suite) try(ctx context.Context, m mutant, pkg string) (result, error) {
	r := result{mutant: m, How: survived}
	began := time.Now()
	for _, st := range s.reaching(pkg) {
		how, by := st.run(ctx, m.order)
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if how != survived {
			r.How, r.By = how, by
			break
		}
	}
	r.Seconds = float64(time.Since(began).Milliseconds()) / 1000
	return r, nil
}

// reaching gives the steps that reach a package: its own first, which mostly tell, and tell soon, where a whole swarm would go round for ever.
func (s *suite) reaching(pkg string) (steps []step) {
	for _, own := range []bool{true, false} {
		for _, st := range s.steps {
			if st.reaches[pkg] && (st.pkg == pkg) == own {
				steps = append(steps, st)
			}
		}
	}
	return steps
}

var (
	failing = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	fatal   = regexp.MustCompile(`(?m)^(panic: |fatal error: )`)
)

// run runs the step as a mutant. It tells what came of it, and which test saw it.
func (st *step) run(ctx context.Context, order string) (how, by string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	limit := leeway + 10*int(st.cost/time.Second+1)
	out, err := command(ctx, st.binary, order, limit, "-test.failfast", "-test.run="+exactly(st.tests)).CombinedOutput()
	if err == nil {
		return survived, ""
	}
	by = st.pkg
	if m := failing.FindSubmatch(out); m != nil {
		by += " " + string(m[1])
	} else if len(st.tests) == 1 {
		by += " " + st.tests[0]
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil || errors.As(err, &exit) && killed(exit):
		return tooSlow, by
	case fatal.Match(out):
		return crashed, by
	}
	return failed, by
}

// killed tells whether the limit on CPU time ended a process.
func killed(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}
