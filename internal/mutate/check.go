package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// check tries all mutants that were not tried before, and gives the results in the order of the mutants.
func check(ctx context.Context, o *options, b *build, chosen []group, progress io.Writer) ([]result, error) {
	tree, err := treeSum()
	if err != nil {
		return nil, err
	}
	rec, err := openRecord(o.out, head{Tree: tree, Without: o.without})
	if err != nil {
		return nil, err
	}
	defer rec.file.Close()
	if err := tryRest(ctx, o, b, chosen, rec, progress); err != nil {
		return nil, err
	}
	if now, err := treeSum(); err != nil || now != tree {
		return nil, errors.Join(err, errors.New("the sources were changed meanwhile: the results are of neither tree"))
	}
	var results []result
	for _, m := range b.mutants {
		results = append(results, rec.done[m.key()])
	}
	return results, nil
}

// tryRest tries the mutants that have no result.
func tryRest(ctx context.Context, o *options, b *build, chosen []group, rec *record, progress io.Writer) error {
	var rest []mutant
	for _, m := range b.mutants {
		if _, done := rec.done[m.key()]; !done {
			rest = append(rest, m)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	list, err := b.overlay(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(progress, "%d mutants, %d of them tried before; building\n", len(b.mutants), len(b.mutants)-len(rest))
	s, err := prepare(ctx, dir, list, chosen, o.without)
	if err != nil {
		return err
	}
	return s.tryAll(ctx, o.jobs, rest, rec, &meter{out: progress, total: len(rest), began: time.Now()})
}

// tryAll tries mutants, so many at a time, in their order.
func (s *suite) tryAll(ctx context.Context, jobs int, rest []mutant, rec *record, m *meter) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan mutant)
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range max(1, jobs) {
		workers.Go(func() {
			for mut := range queue {
				res, err := s.try(ctx, mut, packageOf(mut.Group))
				if err != nil {
					return
				}
				mu.Lock()
				if err := rec.add(res); err != nil {
					stop(err)
				}
				m.count(res)
				mu.Unlock()
			}
		})
	}
	for _, mut := range rest {
		select {
		case queue <- mut:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("%w after %d of %d mutants; the same command goes on from there", err, m.done, m.total)
	}
	return nil
}

func packageOf(name string) string {
	for _, g := range groups {
		if g.name == name {
			return g.pkg
		}
	}
	return ""
}

// meter tells how far it has come.
type meter struct {
	out              io.Writer
	began, last      time.Time
	total, done, not int
}

// interval is how long the meter is silent.
const interval = 10 * time.Second

// count counts a result, and says how things stand from time to time.
func (m *meter) count(r result) {
	m.done++
	if r.How == survived {
		m.not++
		fmt.Fprintf(m.out, "survived: %s  %s\n", r.Place, r.Change)
	}
	now := time.Now()
	if m.done < m.total && now.Sub(m.last) < interval {
		return
	}
	m.last = now
	left := now.Sub(m.began) / time.Duration(m.done) * time.Duration(m.total-m.done)
	fmt.Fprintf(m.out, "%s %d of %d: %d caught, %d survived, about %v left\n", r.Group, m.done, m.total, m.done-m.not, m.not, left.Round(time.Second))
}
