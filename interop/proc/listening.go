package proc

import (
	"fmt"
	"net"
	"net/netip"
	"time"
)

// startLimit is how long a program may take to listen, and listenPoll how
// often it is tried.
const (
	startLimit = time.Minute
	listenPoll = 20 * time.Millisecond
)

// Listening waits until the program accepts TCP connections at addr; it fails
// when the program ends first or takes too long. It is for programs that do
// not say themselves when they are ready.
func (p *Proc) Listening(addr netip.AddrPort) error {
	deadline := time.Now().Add(startLimit)
	for time.Now().Before(deadline) {
		conn, err := net.DialTimeout("tcp", addr.String(), time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%s ended before it listened at %v:\n%s", p.name, addr, p.Output())
		case <-time.After(listenPoll):
		}
	}
	return fmt.Errorf("%s does not listen at %v after %v:\n%s", p.name, addr, startLimit, p.Output())
}
