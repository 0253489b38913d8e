package client

import (
	"cmp"
	"fmt"
	"os"

	"peerwire/interop/proc"
)

// BtclientVariable names the environment variable that holds the path of the
// btclient to test.
const BtclientVariable = "PEERWIRE_BTCLIENT"

// Btclient is peerwire's own client, the program under test.
type Btclient struct {
	Path      string // of the program; empty means what the environment names
	Transport string // over which it dials: tcp, utp or both; empty means tcp, as of the other clients
	Engine    string // of uTP; empty means btclient's own choice
	Trace     string // file that the session is recorded in; empty means none
}

// Name implements Client.
func (Btclient) Name() string { return "btclient" }

// Missing implements Client.
func (b Btclient) Missing() []string {
	if _, err := os.Stat(b.path()); err != nil {
		return []string{fmt.Sprintf("btclient (%s is %q)", BtclientVariable, b.path())}
	}
	return nil
}

func (b Btclient) path() string {
	if b.Path != "" {
		return b.Path
	}
	return os.Getenv(BtclientVariable)
}

// Leech implements Client.
func (b Btclient) Leech(j Job) (*Run, error) {
	if j.Stay {
		return b.run(j, false, "get", "--seed")
	}
	return b.run(j, true, "get")
}

// Seed implements Client. It checks the data first.
func (b Btclient) Seed(j Job) (*Run, error) {
	if j.SuperSeed {
		return b.run(j, false, "seed", "--super-seed")
	}
	return b.run(j, false, "seed")
}

func (b Btclient) run(j Job, exits bool, args ...string) (*Run, error) {
	args = append(args, "--json", "-d", j.Dir, "--listen", j.Listen.String(), "--transport", cmp.Or(b.Transport, "tcp"))
	if b.Engine != "" {
		args = append(args, "--utp-engine", b.Engine)
	}
	if b.Trace != "" {
		args = append(args, "--trace", b.Trace)
	}
	for _, p := range j.Dial {
		args = append(args, "--peer", p.String())
	}
	if !j.Tracker {
		args = append(args, "--no-tracker")
	}
	r, err := start(proc.Spec{
		Name: b.Name(), Path: b.path(), Args: append(args, j.Torrent.Path), Env: home(j.Scratch),
	}, nil)
	if err != nil {
		return nil, err
	}
	r.exits = exits
	return r.awaitListening()
}
