package loop

import (
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/tcp"
)

// arrival is a connection that a peer has opened and the session does not know of yet.
type arrival struct {
	sock socket
	over bt.Transport
	at   bt.Instant
}

// The session has but so many places for handshakes, and gives up one that has said nothing when one more comes. Of many that come
// at once most have said something that was not read yet. So while its places are taken, others wait for a moment.
const (
	arrivalPatience = 100 * time.Millisecond
	arrivalsKept    = 256 // of more, the first does not wait
	arrivalsATurn   = 32  // so many are accepted before sockets are read again
)

// Accept takes a connection that a peer opened. It is meant for tcp.Listener.Serve.
func (l *Loop) Accept(sock *tcp.Conn) { l.arrived(sock, bt.TCP) }

func (l *Loop) arrived(sock socket, over bt.Transport) {
	l.inbox.put(errand{do: func() { l.arrivals = append(l.arrivals, arrival{sock, over, l.now}) }, drop: sock.Close})
}

// admit accepts connections that have arrived.
func (l *Loop) admit() {
	n := 0
	for n < min(len(l.arrivals), arrivalsATurn) && (l.admission(n) <= l.now || len(l.arrivals)-n > arrivalsKept) {
		l.accept(l.arrivals[n])
		n++
	}
	l.arrivals = append(l.arrivals[:0], l.arrivals[n:]...)
}

// admission is when the n-th arrival is to be accepted.
func (l *Loop) admission(n int) bt.Instant {
	if l.session.Handshakes() < core.MaxHandshakes {
		return l.arrivals[n].at
	}
	return l.arrivals[n].at.Add(arrivalPatience)
}

// nextAdmission is when there is somebody to be accepted; Never when nobody waits for it.
func (l *Loop) nextAdmission() bt.Instant {
	if len(l.arrivals) == 0 {
		return bt.Never
	}
	return l.admission(0)
}

// turnAway closes the connections that have not been accepted.
func (l *Loop) turnAway() {
	for _, a := range l.arrivals {
		a.sock.Close()
	}
}
