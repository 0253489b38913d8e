package client

import (
	"fmt"
	"os"
	"strconv"

	"peerwire/interop/proc"
)

// StreamVariable names the environment variable that holds the path of this module's command stream.
const StreamVariable = "PEERWIRE_STREAM"

// Stream is a uTP engine without a client around it: as many bytes as the torrent has, and nothing of BitTorrent.
type Stream struct {
	Engine string
}

// Name implements Client.
func (s Stream) Name() string { return s.Engine }

// Missing implements Client.
func (Stream) Missing() []string {
	if _, err := os.Stat(os.Getenv(StreamVariable)); err != nil {
		return []string{fmt.Sprintf("stream (%s is %q)", StreamVariable, os.Getenv(StreamVariable))}
	}
	return nil
}

// Leech implements Client. It stays when it has everything, whatever the job says.
func (s Stream) Leech(j Job) (*Run, error) { return s.run(j, "-dial", j.Dial[0].String()) }

// Seed implements Client.
func (s Stream) Seed(j Job) (*Run, error) { return s.run(j) }

func (s Stream) run(j Job, args ...string) (*Run, error) {
	args = append(args, "-engine", s.Engine, "-listen", j.Listen.String(), "-bytes", strconv.FormatInt(j.Torrent.Size, 10))
	r, err := start(proc.Spec{Name: s.Name(), Path: os.Getenv(StreamVariable), Args: args, Env: home(j.Scratch)}, nil)
	if err != nil {
		return nil, err
	}
	return r.awaitListening()
}
