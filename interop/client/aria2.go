package client

import (
	"fmt"
	"os"
	"path/filepath"

	"peerwire/interop/proc"
)

// Aria2 is aria2c. It cannot be told a peer's address, so the peers of a job
// come to it from a tracker of ours.
type Aria2 struct {
	// Trust lets a seed serve its data unchecked.
	Trust bool
}

// Name implements Client.
func (Aria2) Name() string { return "aria2" }

// Missing implements Client.
func (Aria2) Missing() []string { return missing("aria2c") }

// Leech implements Client.
func (a Aria2) Leech(j Job) (*Run, error) {
	if j.Stay {
		// It says nothing when it turns from a leecher into a seed, but runs
		// a program, which has our stdout.
		hook := filepath.Join(j.Scratch, "complete")
		if err := os.WriteFile(hook, []byte("#!/bin/sh\necho '{\"event\":\"complete\"}'\n"), 0o755); err != nil {
			return nil, err
		}
		return a.run(j, false, "--seed-ratio=0.0", "--on-bt-download-complete="+hook)
	}
	return a.run(j, true, "--seed-time=0")
}

// Seed implements Client.
func (a Aria2) Seed(j Job) (*Run, error) {
	if a.Trust {
		return a.run(j, false, "--seed-ratio=0.0", "--bt-seed-unverified=true", "--check-integrity=false")
	}
	return a.run(j, false, "--seed-ratio=0.0", "--check-integrity=true")
}

func (a Aria2) run(j Job, exits bool, more ...string) (*Run, error) {
	args := []string{
		"--no-conf", "--enable-color=false", "--summary-interval=0", "--show-console-readout=false", "--console-log-level=notice",
		"--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
		"--disable-ipv6=true", "--file-allocation=none", "--allow-overwrite=true", "--follow-torrent=false",
		"--interface=" + j.Listen.Addr().String(), fmt.Sprintf("--listen-port=%d", j.Listen.Port()),
		"--dir=" + j.Dir, fmt.Sprintf("--max-upload-limit=%d", j.UploadLimit),
	}
	urls, stop, err := tell(j)
	if err != nil {
		return nil, err
	}
	for _, url := range urls {
		args = append(args, "--bt-tracker="+url)
	}
	if !j.Tracker {
		args = append(args, "--bt-exclude-tracker=*")
	}
	args = append(append(args, more...), "--torrent-file="+j.Torrent.Path)

	r, err := start(proc.Spec{Name: a.Name(), Path: "aria2c", Args: args, Env: home(j.Scratch)}, func(r *Run) {
		if exits && r.ExitCode() == 0 {
			r.note(Event{Event: Complete, BytesDone: j.Torrent.Size, BytesTotal: j.Torrent.Size})
		}
	})
	if err != nil {
		stop()
		return nil, err
	}
	r.exits, r.cleanup = exits, stop
	if err := r.answering(j); err != nil {
		r.Close()
		return nil, err
	}
	r.note(Event{Event: Listening})
	return r, nil
}
