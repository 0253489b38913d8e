package tracker

import (
	"fmt"
	"strconv"
	"strings"

	"peerwire/core/bt"
)

// Event is why an announce is made (BEP 3). Its values are those of the UDP protocol (BEP 15).
type Event uint32

// The events.
const (
	None      Event = iota // a regular announce
	Completed              // the download became complete in this session
	Started                // the first announce of this session
	Stopped                // the last one
)

var eventNames = [...]string{"", "completed", "started", "stopped"}

// String is the event's name in an HTTP announce; None is empty.
func (e Event) String() string {
	if int(e) < len(eventNames) {
		return eventNames[e]
	}
	return "unknown"
}

// Family restricts which addresses of a tracker are used. A tracker learns our address from where
// the announce comes, so a host with both families announces once over each (BEP 7).
type Family uint8

// The families.
const (
	AnyFamily Family = iota // whichever answers; UDP prefers IPv4
	IPv4
	IPv6
)

// network gives Go's name of a network of this family: "tcp", "udp4" ...
func (f Family) network(base string) string {
	switch f {
	case IPv4:
		return base + "4"
	case IPv6:
		return base + "6"
	}
	return base
}

// PlaceholderPort is announced in place of port 0 by a client that does not listen. Port 0 would be the honest
// value, but many trackers refuse it; libtorrent announces 1 for that reason, and drops peers with
// port 1 from the answers it gets, as we do.
const PlaceholderPort = 1

// Request is what an announce tells the tracker. The counts are of this session, in bytes.
type Request struct {
	InfoHash   bt.InfoHash
	PeerID     bt.PeerID
	Port       uint16 // where we listen; 0 when we do not, see PlaceholderPort
	Uploaded   uint64 // payload sent to peers
	Downloaded uint64 // payload received from peers
	Left       uint64 // bytes still missing; 0 makes us a seed
	Event      Event
	NumWant    int    // peers asked for; negative leaves it to the tracker
	Key        uint32 // random and kept for the session: proves to the tracker that we are the same when our address changes
	TrackerID  string // what this tracker's last answer gave as Response.TrackerID
	Family     Family
}

// port is the port to announce.
func (r Request) port() uint16 {
	if r.Port == 0 {
		return PlaceholderPort
	}
	return r.Port
}

// query writes the request as the query of an HTTP announce (BEP 3; compact and no_peer_id BEP 23).
func (r Request) query() string {
	var b strings.Builder
	b.WriteString("info_hash=")
	escape(&b, r.InfoHash[:])
	b.WriteString("&peer_id=")
	escape(&b, r.PeerID[:])
	fmt.Fprintf(&b, "&port=%d&uploaded=%d&downloaded=%d&left=%d&key=%08X", r.port(), r.Uploaded, r.Downloaded, r.Left, r.Key)
	if r.Event != None {
		b.WriteString("&event=" + r.Event.String())
	}
	if r.NumWant >= 0 {
		b.WriteString("&numwant=" + strconv.Itoa(r.NumWant))
	}
	b.WriteString("&compact=1&no_peer_id=1")
	if r.TrackerID != "" {
		b.WriteString("&trackerid=")
		escape(&b, []byte(r.TrackerID))
	}
	return b.String()
}

// escape writes bytes as a query value: what RFC 3986 calls unreserved as it is, all else as %XX. Trackers
// compare the hash only after decoding, but some decode "+" as a plus sign, so no shorthand for a space is used.
func escape(b *strings.Builder, raw []byte) {
	for _, c := range raw {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			fmt.Fprintf(b, "%%%02X", c)
		}
	}
}
