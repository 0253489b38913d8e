package ui

import (
	"time"

	"peerwire/core/bt"
)

// State is what a client is at.
type State uint8

// The states.
const (
	Checking    State = iota // what is on disk is hashed
	Downloading              // pieces are missing
	Stalled                  // pieces are missing and the disk takes none: see View.Fault
	Complete                 // every piece is verified
	Seeding                  // every piece is verified, and the client stays
	Stopping                 // connections are closed, the record is saved
)

var stateNames = [...]string{"checking", "downloading", "stalled", "complete", "seeding", "stopping"}

// String names the state in one lower-case word, as JSON does.
func (s State) String() string { return stateNames[s] }

// View is all there is to see of one client at one time. Rates are bytes a second, other amounts bytes, unless said.
type View struct {
	Name    string
	State   State
	Elapsed time.Duration // since the client was started

	Done       int64  // verified; while Checking: hashed
	Total      int64  // of the torrent; while Checking: to be hashed
	PiecesDone uint32 // verified pieces
	Pieces     uint32 // of the torrent

	DownRate   int64    // payload received
	UpRate     int64    // payload sent
	Downloaded int64    // payload received in all, needed or not
	Uploaded   int64    // payload sent in all
	Wasted     int64    // payload received and of no use
	Known      int      // addresses of peers
	Opened     bt.Kinds // connections that there ever were

	Super    bool   // the client super-seeds (BEP 16)
	Stalled  bool   // nothing is requested, because the disk takes no data
	Fault    string // what is wrong with the disk; empty when nothing is
	Peers    []Peer
	Explain  string // which connections are explained; empty when none is asked for
	Trackers []Tracker
}

// Open is the number of connections over which messages are exchanged.
func (v *View) Open() int {
	n := 0
	for i := range v.Peers {
		if v.Peers[i].Link == "" {
			n++
		}
	}
	return n
}

// Kinds counts the open connections of each kind.
func (v *View) Kinds() (k bt.Kinds) {
	for i := range v.Peers {
		if p := &v.Peers[i]; p.Link == "" {
			k[p.Over][p.origin()]++
		}
	}
	return k
}

// work names what the client is at, for people.
func (v *View) work() string {
	if v.State == Seeding && v.Super {
		return "super-seeding"
	}
	return v.State.String()
}

// Left is how long the download will take at the present rate; false when that cannot be told.
func (v *View) Left() (time.Duration, bool) {
	missing := v.Total - v.Done
	if v.State != Downloading || missing <= 0 || v.DownRate <= 0 {
		return 0, false
	}
	seconds := missing / v.DownRate
	const most = 100 * 24 * 3600 // what is beyond is no forecast
	if seconds > most {
		return 0, false
	}
	return time.Duration(seconds+1) * time.Second, true
}

// Peer is one connection.
type Peer struct {
	Addr     string
	Over     bt.Transport
	Client   string // what the peer calls its program; may be empty
	Link     string // "queued", "connecting" or "handshake"; empty when messages are exchanged
	Flags    Flags
	Pieces   uint32   // that the peer has
	DownRate int64    // payload that it sends us, bytes a second
	UpRate   int64    // payload that we send it, bytes a second
	Asked    int      // requests that we wait for
	Target   int      // requests that we aim at
	Serving  int      // requests that the peer waits for
	Why      []Reason // why its flags are as they are; nil unless asked for
}

// Kind is what the original calls the kind of a peer: the transport, and who opened the connection.
func (p *Peer) Kind() string {
	if p.origin() == bt.Outgoing {
		return p.Over.String() + " out"
	}
	return p.Over.String() + " in"
}

// origin is who opened the connection.
func (p *Peer) origin() bt.Origin {
	if p.Flags&LocalConnection != 0 {
		return bt.Outgoing
	}
	return bt.Incoming
}

// Reason is why one flag of a connection is as it is.
type Reason struct {
	Flag    string // the status method's name
	Is      bool
	Since   time.Duration // for so long
	Reason  string        // its name
	Clause  string
	Numbers []Number
	Text    string        // all of it in words
	Next    string        // the timer that may change it; empty when none does
	NextIn  time.Duration // and when that is
}

// Number is one of the numbers by which something was decided.
type Number struct {
	Name  string
	Value int64 // in the unit that its name has in SPEC.md
}

// Tracker is one tracker.
type Tracker struct {
	URL      string        // without secrets
	State    string        // one word
	Next     time.Duration // until the next announce; 0 when none is planned
	Error    string        // why the last announce failed; empty when it did not
	Warning  string        // what the tracker wants the user to know
	Seeders  int           // -1 when not known
	Leechers int           // -1 when not known
}
