package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"peerwire/cmd/internal/command"
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
}

// shrunk is how small a failing scenario was made.
type shrunk struct {
	Peers  int         `json:"peers"`
	Pieces int         `json:"pieces"`
	Events uint64      `json:"events"`
	Runs   int         `json:"runs"`
	Wall   json.Number `json:"wall_seconds"`
}

// key is what tells a run from others.
func (e *entry) key() string { return fmt.Sprintf("%s %d", e.Scenario, e.Seed) }

// runLog keeps results in a file, a line each.
type runLog struct {
	file *os.File
	done map[string]entry // by their keys
}

// openLog opens a file of results, or makes one. What is there already need not be run again; a last line that was cut off is.
func openLog(path string) (*runLog, error) {
	h, err := thisProgram()
	if err != nil {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	l := &runLog{done: map[string]entry{}}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	if err := l.read(path, whole, h); err != nil {
		return nil, err
	}
	if l.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666); err != nil {
		return nil, fmt.Errorf("campaign: cannot keep results: %w", err)
	}
	err = l.file.Truncate(int64(len(whole)))
	if err == nil {
		_, err = l.file.Seek(0, io.SeekEnd)
	}
	if err == nil && len(whole) == 0 {
		err = l.line(h)
	}
	if err != nil {
		return nil, fmt.Errorf("campaign: cannot keep results: %w", errors.Join(err, l.file.Close()))
	}
	return l, nil
}

// maxLine is how long a line of results may be, bytes.
const maxLine = 1 << 20

// read takes in the lines of a file.
func (l *runLog) read(path string, text []byte, h head) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if n == 1 {
			var was head
			if err := json.Unmarshal(lines.Bytes(), &was); err != nil || was.Campaign != h.Campaign {
				return command.Fail(fmt.Errorf("campaign: %s is no file of results; name another with --out", path))
			}
			if was.Program != h.Program {
				return command.Fail(fmt.Errorf("campaign: %s holds results of another program; move it away, or name another with --out", path))
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Scenario == "" {
			return command.Fail(fmt.Errorf("campaign: %s:%d: this is no result", path, n))
		}
		l.done[e.key()] = e
	}
	return lines.Err()
}

// add puts down a result.
func (l *runLog) add(e entry) error {
	l.done[e.key()] = e
	return l.line(e)
}

func (l *runLog) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(text, '\n'))
	return err
}

// thisProgram is the head of what this program writes.
func thisProgram() (head, error) {
	path, err := os.Executable()
	if err != nil {
		return head{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return head{}, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return head{Campaign: 1, Program: fmt.Sprintf("%x", sum.Sum(nil)[:12])}, errors.Join(err, f.Close())
}
