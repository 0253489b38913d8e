package tracker

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/netip"

	"peerwire/interop/netns"
)

// Fixed is a tracker that gives everybody the same peers. It is how a client
// is told whom to dial that has no option for it: aria2 and Transmission.
type Fixed struct {
	URL    string
	server *http.Server
}

// NewFixed serves the peers (IPv4) from a free port of the namespace's home
// address.
func NewFixed(peers []netip.AddrPort) (*Fixed, error) {
	listener, err := net.Listen("tcp4", netip.AddrPortFrom(netns.Home, 0).String())
	if err != nil {
		return nil, err
	}
	answer := compactAnswer(peers)
	f := &Fixed{
		URL: fmt.Sprintf("http://%v/announce", listener.Addr()),
		server: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(answer)
		})},
	}
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

// Stop closes it and its connections.
func (f *Fixed) Stop() { _ = f.server.Close() }

func compactAnswer(peers []netip.AddrPort) []byte {
	var compact []byte
	for _, p := range peers {
		ip := p.Addr().As4()
		compact = append(compact, ip[:]...)
		compact = binary.BigEndian.AppendUint16(compact, p.Port())
	}
	return fmt.Appendf(nil, "d8:completei1e10:incompletei1e8:intervali1800e5:peers%d:%se", len(compact), compact)
}
