package client

import (
	"fmt"
	"strings"

	"peerwire/interop/proc"
	"peerwire/interop/tracker"
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
		return a.run(j, false, "--seed-ratio=0.0")
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
		"--no-conf", "--enable-color=false", "--summary-interval=0", "--console-log-level=notice",
		"--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
		"--disable-ipv6=true", "--file-allocation=none", "--allow-overwrite=true", "--follow-torrent=false",
		"--interface=" + j.Listen.Addr().String(), fmt.Sprintf("--listen-port=%d", j.Listen.Port()),
		"--dir=" + j.Dir, fmt.Sprintf("--max-upload-limit=%d", j.UploadLimit),
	}
	var cleanup []func()
	if !j.Tracker {
		args = append(args, "--bt-exclude-tracker=*")
	}
	if len(j.Dial) > 0 {
		told, err := tracker.NewFixed(j.Dial)
		if err != nil {
			return nil, err
		}
		cleanup = append(cleanup, told.Stop)
		args = append(args, "--bt-tracker="+told.URL)
	}
	args = append(append(args, more...), "--torrent-file="+j.Torrent.Path)

	r, err := start(proc.Spec{Name: a.Name(), Path: "aria2c", Args: args, Env: home(j.Scratch)}, reading{
		line: func(r *Run, line string) {
			// What it prints when it is complete and goes on as a seed.
			if !exits && strings.Contains(line, "Download complete") {
				r.note(Event{Event: Complete})
			}
		},
		end: func(r *Run) {
			if exits && r.ExitCode() == 0 {
				r.note(Event{Event: Complete, BytesDone: j.Torrent.Size, BytesTotal: j.Torrent.Size})
			}
		},
	})
	if err != nil {
		return nil, err
	}
	r.exits, r.cleanup = exits, cleanup
	if err := r.answering(j); err != nil {
		r.Close()
		return nil, err
	}
	r.note(Event{Event: Listening})
	return r, nil
}
