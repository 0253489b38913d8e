package utp

import (
	"errors"
	"net/netip"
	"strconv"

	"peerwire/core/bt"
)

// ID names one connection of a Socket. None is given out twice; zero names none.
type ID uint64

// String is a short name, "utp7".
func (id ID) String() string { return "utp" + strconv.FormatUint(uint64(id), 10) }

// EventKind tells what an Event reports.
type EventKind uint8

// What a Socket reports. Readable and Writable are edges: each comes once after Read or Write said ErrWait.
const (
	Accepted  EventKind = iota + 1 // From has dialled us, and proved that it is there
	Connected                      // the peer has answered our dial
	Readable                       // Read gives something: bytes, the end, or why there is none
	Writable                       // Write takes something
	Closed                         // the connection ended by itself: Fault tells why, Code what the peer gave as its reason
)

var eventNames = [...]string{"none", "accepted", "connected", "readable", "writable", "closed"}

// String is the name in lower case.
func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return "unknown event"
}

// Event is something that happened to a connection. An ID is its owner's until Close, whatever happens to the connection.
type Event struct {
	Kind  EventKind
	Fault bt.Fault       // of Closed: OK after an orderly end of both sides, else Reset, Refused or TimedOut
	Code  uint16         // of Closed: the peer's reason, 0 when it gave none
	ID    ID             // which connection
	From  netip.AddrPort // of Accepted: the peer
}

// Datagram is one that is to be sent, as Transmit wrote it.
type Datagram struct {
	N     int            // bytes
	To    netip.AddrPort // where
	Probe bool           // must not be fragmented on the way: it asks how large datagrams may be

	id    ID // whose it is, and which
	order int64
}

// Refusal is why the system did not send a datagram.
type Refusal uint8

// The refusals.
const (
	TooBig Refusal = iota // larger than the network takes
	NoRoom                // no room just now
)

// The errors of a Socket's calls.
var (
	ErrWait     = errors.New("utp: nothing can be done now; wait for the event")
	ErrEnd      = errors.New("utp: the peer has ended the stream")
	ErrFinished = errors.New("utp: the stream was finished")
	ErrReset    = errors.New("utp: the connection was reset")
	ErrTimeout  = errors.New("utp: the peer does not answer")
	ErrUnknown  = errors.New("utp: no such connection")
	ErrFull     = errors.New("utp: too many connections")
	ErrAddress  = errors.New("utp: not an address to dial")
)
