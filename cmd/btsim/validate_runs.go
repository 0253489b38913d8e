package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"peerwire/cmd/internal/command"
	"peerwire/internal/journal"
	"peerwire/sim/validate"
)

// runJournal keeps the runs of a validation in a file, a line of JSON each, so that one that was interrupted goes on where it was. What another
// program has run does not count, as its core may be another, unless the user knows that it is not.
type runJournal struct {
	mu      sync.Mutex
	file    *journal.File
	program string // its digest
	known   map[string]validate.Figures
}

// keptRun is a line of the journal.
type keptRun struct {
	Program string           `json:"program"`
	Study   string           `json:"study"`
	Point   string           `json:"point"`
	Seed    int              `json:"seed"`
	Figures validate.Figures `json:"figures"`
	Wall    float64          `json:"wall_seconds"`
}

func keyOf(study, point string, seed int) string { return fmt.Sprintf("%s/%s/%d", study, point, seed) }

// openRuns opens a journal, or begins one. What any program has run counts if the user says so.
func openRuns(name string, anyProgram bool) (*runJournal, error) {
	program, err := programSum()
	if err != nil {
		return nil, command.Fail(err)
	}
	lines, err := journal.Read(name)
	if err != nil {
		return nil, command.BadFile(name, err)
	}
	j := &runJournal{program: program, known: map[string]validate.Figures{}}
	for _, line := range lines {
		var k keptRun
		if json.Unmarshal(line, &k) == nil && (k.Program == program || anyProgram) {
			j.known[keyOf(k.Study, k.Point, k.Seed)] = k.Figures
		}
	}
	if j.file, err = journal.Append(name, lines); err != nil {
		return nil, command.BadFile(name, err)
	}
	return j, nil
}

// find is what a run measured that was done before; nil when it was not, or measured something else.
func (j *runJournal) find(s *validate.Study, p *validate.Point, seed int) validate.Figures {
	if j == nil {
		return nil
	}
	if f := j.known[keyOf(s.Name, p.Name, seed)]; len(f) == s.Figures {
		return f
	}
	return nil
}

// add keeps a run.
func (j *runJournal) add(study, point string, seed int, f validate.Figures, wall time.Duration) error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Add(keptRun{j.program, study, point, seed, f, wall.Round(time.Millisecond).Seconds()})
}

func (j *runJournal) close() { _ = j.file.Close() }
