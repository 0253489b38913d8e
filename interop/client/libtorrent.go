package client

import (
	_ "embed"
	"encoding/json"
	"os/exec"

	"peerwire/interop/proc"
)

//go:embed libtorrent.py
var libtorrentScript string

// python is Debian's own: the binding is installed for that one, whatever
// other python comes first in PATH.
const python = "/usr/bin/python3"

// Libtorrent is libtorrent-rasterbar through its Python binding. It speaks
// plaintext, TCP unless UTP is set, and uses none of DHT, LSD and port
// mapping.
type Libtorrent struct {
	UTP   bool // uTP in place of TCP
	Slots int  // upload slots; 0 for the library's default of 8
}

// Name implements Client.
func (Libtorrent) Name() string { return "libtorrent" }

// Missing implements Client.
func (Libtorrent) Missing() []string {
	if exec.Command(python, "-c", "import libtorrent").Run() != nil {
		return []string{"python3-libtorrent"}
	}
	return nil
}

// Leech implements Client.
func (l Libtorrent) Leech(j Job) (*Run, error) { return l.run(j, false) }

// Seed implements Client. The data is not checked.
func (l Libtorrent) Seed(j Job) (*Run, error) { return l.run(j, true) }

func (l Libtorrent) run(j Job, seed bool) (*Run, error) {
	dial := make([]string, 0, len(j.Dial)) // an empty list, not null, in JSON
	for _, p := range j.Dial {
		dial = append(dial, p.String())
	}
	job, err := json.Marshal(map[string]any{
		"torrent": j.Torrent.Path, "dir": j.Dir, "listen": j.Listen.String(), "dial": dial,
		"seed": seed, "stay": j.Stay, "tracker": j.Tracker, "upload_limit": j.UploadLimit,
		"utp": l.UTP, "slots": l.Slots,
	})
	if err != nil {
		return nil, err
	}
	r, err := start(proc.Spec{
		Name: l.Name(), Path: python, Args: []string{"-c", libtorrentScript, string(job)}, Env: home(j.Scratch),
	}, nil)
	if err != nil {
		return nil, err
	}
	r.exits = !seed && !j.Stay
	return r.awaitListening()
}
