package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"peerwire/cmd/internal/command"
	"peerwire/internal/journal"
)

// head is the first line of a file of results: what they are of.
type head struct {
	Campaign int    `json:"campaign"` // the version of the lines
	Program  string `json:"program"`  // the sum of the program that ran
}

// entry is a line of a file of results: a run. docs/json.md has its keys.
type entry struct {
	Scenario string      `json:"scenario"`
	Seed     uint64      `json:"seed"`
	Mask     []string    `json:"mask"`
	Verdict  string      `json:"verdict"` // passed, beyond or failed
	Checker  string      `json:"checker,omitempty"`
	Text     string      `json:"text,omitempty"`
	Events   uint64      `json:"events"`
	Virtual  json.Number `json:"virtual_seconds"`
	Faults   uint64      `json:"faults_injected"`
	Hash     string      `json:"trace_hash"`
	Wall     json.Number `json:"wall_seconds"`
	Kept     string      `json:"kept,omitempty"` // the file of the smallest scenario that fails so
	Shrunk   *shrunk     `json:"shrunk,omitempty"`

	Transcript string `json:"transcript,omitempty"` // the file of the conversation that fails so
}

// shrunk is how small a failing scenario was made.
type shrunk struct {
	Peers  int         `json:"peers"`
	Pieces int         `json:"pieces"`
	Events uint64      `json:"events"`
	Runs   int         `json:"runs"`
	Wall   json.Number `json:"wall_seconds"`
	Late   bool        `json:"cut_short"` // there was no more time
}

// key is what tells a run from others.
func (e *entry) key() string { return fmt.Sprintf("%s %d", e.Scenario, e.Seed) }

// runLog keeps results in a file, a line each.
type runLog struct {
	file *journal.File
	done map[string]entry // by their keys
}

// openLog opens a file of results, or makes one. What is there already need not be run again; a last line that was cut off is.
func openLog(path string) (*runLog, error) {
	program, err := programSum()
	if err != nil {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	h := head{Campaign: 1, Program: program}
	lines, err := journal.Read(path)
	if err != nil {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	l := &runLog{done: map[string]entry{}}
	if err := l.read(path, lines, h); err != nil {
		return nil, err
	}
	if l.file, err = journal.Append(path, lines); err != nil {
		return nil, fmt.Errorf("campaign: cannot keep results: %w", err)
	}
	if len(lines) == 0 {
		if err := l.file.Add(h); err != nil {
			return nil, fmt.Errorf("campaign: cannot keep results: %w", errors.Join(err, l.file.Close()))
		}
	}
	return l, nil
}

// read takes in the lines of a file.
func (l *runLog) read(path string, lines [][]byte, h head) error {
	for i, line := range lines {
		if i == 0 {
			var was head
			if err := json.Unmarshal(line, &was); err != nil || was.Campaign != h.Campaign {
				return command.Fail(fmt.Errorf("campaign: %s is no file of results; name another with --out", path))
			}
			if was.Program != h.Program {
				return command.Fail(fmt.Errorf("campaign: %s holds results of another program; move it away, or name another with --out", path))
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil || e.Scenario == "" {
			return command.Fail(fmt.Errorf("campaign: %s:%d: this is no result", path, i+1))
		}
		l.done[e.key()] = e
	}
	return nil
}

// add puts down a result.
func (l *runLog) add(e entry) error {
	l.done[e.key()] = e
	return l.file.Add(e)
}
