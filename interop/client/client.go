// Package client drives BitTorrent clients of other people, and btclient,
// through one interface: a Job goes in, a Run of events comes out.
package client

import (
	"net/netip"
	"os/exec"

	"peerwire/interop/fixture"
	"peerwire/interop/tracker"
)

// Job is what one client shall do with one torrent, as a seed or a leecher.
type Job struct {
	Torrent *fixture.Torrent
	Dir     string // the folder that holds Torrent.Name, or will
	Scratch string // an empty folder for the client's own files
	Listen  netip.AddrPort
	Dial    []netip.AddrPort // peers it is told of when it starts
	Tracker bool             // whether it asks the torrent's tracker too
	// Stay lets a leecher go on as a seed when it has everything. Without it
	// the client ends by itself where it can.
	Stay bool
	// UploadLimit in bytes a second; 0 for none. Aria2, Transmission and
	// libtorrent know it.
	UploadLimit int64
	// SuperSeed lets a seed show its pieces one by one (BEP 16). Btclient knows
	// it.
	SuperSeed bool
}

// Client is one program that can be given jobs.
type Client interface {
	// Name is the program's, for tables and messages.
	Name() string
	// Missing lists what has to be installed for it and is not.
	Missing() []string
	// Leech starts a download and returns when the client listens.
	Leech(Job) (*Run, error)
	// Seed starts to serve data that is complete in the job's folder, and
	// returns when the client listens.
	Seed(Job) (*Run, error)
}

// Others are the clients of other people.
func Others() []Client { return []Client{Libtorrent{}, Transmission{}, Aria2{}} }

// tell gives the URL of a tracker of ours that knows the peers a job dials,
// or none when there are none, and what stops it. It is for clients without
// an option for a peer's address.
func tell(j Job) (urls []string, stop func(), err error) {
	if len(j.Dial) == 0 {
		return nil, func() {}, nil
	}
	told, err := tracker.NewFixed(j.Dial)
	if err != nil {
		return nil, nil, err
	}
	return []string{told.URL}, told.Stop, nil
}

func missing(programs ...string) []string {
	var gone []string
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			gone = append(gone, p)
		}
	}
	return gone
}
