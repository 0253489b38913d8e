package main

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"peerwire/interop/netns"
	"peerwire/interop/relay"
	"peerwire/sim/packet"
)

// path is what lies between the two ends of a uTP connection.
type path struct {
	name  string
	line  *packet.Line  // each way; nil is loopback itself
	limit time.Duration // of one run, on from its first bytes; what has arrived by then is what counts
}

// halfTrip is the delay of one way.
const halfTrip = 25 * time.Millisecond

// mtu is an Ethernet's.
const mtu = 1500

// paths are those of the bench. Queues are unlimited where none is named: of what is lost there, nothing is the relay's.
var paths = []path{
	{"loopback", nil, 15 * time.Second},
	{"25 ms each way, no loss", &packet.Line{Delay: halfTrip, MTU: mtu}, 15 * time.Second},
	{"25 ms each way, 1 % loss", &packet.Line{Delay: halfTrip, MTU: mtu, Loss: packet.Million / 100}, 15 * time.Second},
	{"25 ms each way, 100 Mbit/s, 625 kB queue", &packet.Line{Delay: halfTrip, MTU: mtu, Rate: 100_000_000 / 8, Queue: 625_000}, 25 * time.Second},
}

// relayed starts the path's relay before an address, and tells where to dial; without a relay that is the address.
func (p *path) relayed(to netip.AddrPort) (*relay.Relay, netip.AddrPort, error) {
	if p.line == nil {
		return nil, to, nil
	}
	r, err := relay.Start(relay.Options{Front: netns.Next(), Back: netns.Next(), To: to, There: *p.line, Here: *p.line, Seed: 1})
	if err != nil {
		return nil, to, err
	}
	return r, r.Front(), nil
}

// overruns is how many datagrams found a receiver's buffer full, in this namespace since its beginning.
func overruns() (int64, error) {
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return 0, err
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names {
			if name == "RcvbufErrors" && i < len(fields) {
				return strconv.ParseInt(fields[i], 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("/proc/net/snmp says nothing of RcvbufErrors")
}
