package utp

import "time"

// Info is how a connection stands.
type Info struct {
	State    string
	Number   uint16        // what the SYN carried as the connection's id: the same at both ends, of those between two addresses
	Window   int           // bytes that may fly
	Flying   int           // bytes that do
	Unsent   int           // bytes written that were not sent yet
	Unread   int           // bytes arrived that were not read yet
	PeerRoom int           // bytes that the peer takes
	Datagram int           // the size of the largest datagrams that are sent
	Trip     time.Duration // the mean round trip; 0 while none is known
	Queueing time.Duration // what packets wait on their way
}

// Info tells how a connection stands, and whether there is one.
func (s *Socket) Info(id ID) (Info, bool) {
	c := s.lookup(id)
	if c == nil {
		return Info{}, false
	}
	number := c.sendID
	if c.sendID == c.key.id+1 { // we have dialled
		number = c.key.id
	}
	return Info{
		Number: number,
		State:  machine.StateName(c.state), Window: c.window.bytes, Flying: c.flight.bytes, Unsent: c.waiting(), Unread: c.in.size,
		PeerRoom: c.peerRoom, Datagram: c.search.good, Trip: c.trip.mean, Queueing: c.delays.queueing,
	}, true
}
