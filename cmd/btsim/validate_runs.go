package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"peerwire/cmd/internal/command"
	"peerwire/sim/validate"
)

// runJournal keeps the runs of a validation in a file, a line of JSON each, so that one that was interrupted goes on where it was. What another
// program has run does not count: its core may be another.
type runJournal struct {
	mu      sync.Mutex
	file    *os.File
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

// openRuns opens a journal, or begins one.
func openRuns(name string) (*runJournal, error) {
	program, err := digestOfProgram()
	if err != nil {
		return nil, command.Fail(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, command.BadFile(name, err)
	}
	j := &runJournal{file: f, program: program, known: map[string]validate.Figures{}}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var k keptRun
		if json.Unmarshal(lines.Bytes(), &k) == nil && k.Program == program { // the last line may be torn, when its writer was killed
			j.known[keyOf(k.Study, k.Point, k.Seed)] = k.Figures
		}
	}
	if err := lines.Err(); err != nil {
		_ = f.Close()
		return nil, command.BadFile(name, err)
	}
	return j, nil
}

// digestOfProgram stands for the program that runs, with all that is in it.
func digestOfProgram() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// find is what a run measured that was done before; nil when it was not.
func (j *runJournal) find(study, point string, seed int) validate.Figures {
	if j == nil {
		return nil
	}
	return j.known[keyOf(study, point, seed)]
}

// add keeps a run.
func (j *runJournal) add(study, point string, seed int, f validate.Figures, wall time.Duration) error {
	if j == nil {
		return nil
	}
	line := bytes.NewBufferString("\n") // so that a torn line stays alone
	k := keptRun{j.program, study, point, seed, f, wall.Round(time.Millisecond).Seconds()}
	if err := json.NewEncoder(line).Encode(k); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err := j.file.Write(line.Bytes())
	return err
}

func (j *runJournal) close() { _ = j.file.Close() }
