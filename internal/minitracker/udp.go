package minitracker

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net"
	"net/netip"
	"time"
)

// The UDP tracker protocol (BEP 15), as offsets into its datagrams.
const (
	magic = 0x41727101980

	connect  = 0
	announce = 1
	refusal  = 3

	connectSize  = 16
	announceSize = 98

	offAction      = 8
	offTransaction = 12
	offHash        = 16
	offID          = 36
	offDownloaded  = 56
	offLeft        = 64
	offUploaded    = 72
	offEvent       = 80
	offKey         = 88
	offNumWant     = 92
	offPort        = 96
)

const (
	maxDatagram      = 2048            // bytes of a request
	connectionWindow = 2 * time.Minute // a connection id holds in the window it was given in, and in the next
)

var events = [...]string{"", "completed", "started", "stopped"}

// serveUDP answers datagrams until the socket is closed. One that makes no sense is dropped: an answer would go to whoever
// the sender claims to be.
func (s *Server) serveUDP(c *net.UDPConn) {
	buffer := make([]byte, maxDatagram)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if reply := s.replyTo(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), time.Now()); reply != nil {
			c.WriteToUDPAddrPort(reply, from)
		}
	}
}

// replyTo gives the reply to a datagram, or nil.
func (s *Server) replyTo(d []byte, from netip.AddrPort, now time.Time) []byte {
	if len(d) < connectSize {
		return nil
	}
	connection, action := binary.BigEndian.Uint64(d), binary.BigEndian.Uint32(d[offAction:])
	switch {
	case action == connect && connection == magic:
		return binary.BigEndian.AppendUint64(header(connect, d), s.connection(from, now))
	case connection != s.connection(from, now) && connection != s.connection(from, now.Add(-connectionWindow)):
		return nil
	case action != announce:
		return append(header(refusal, d), "only announces are served"...)
	case len(d) < announceSize:
		return nil
	}
	a := readDatagram(d, from)
	ans, err := s.swarms.announce(now, a)
	if err != nil {
		return append(header(refusal, d), err.Error()...)
	}
	reply := header(announce, d)
	reply = binary.BigEndian.AppendUint32(reply, uint32(s.config.Interval/time.Second))
	reply = binary.BigEndian.AppendUint32(reply, uint32(ans.leechers))
	reply = binary.BigEndian.AppendUint32(reply, uint32(ans.seeders))
	return append(reply, compact(ans.members, from.Addr().Is6())...)
}

// header starts a reply to a datagram.
func header(action uint32, d []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, action), d[offTransaction:offTransaction+4]...)
}

// connection is the id that proves, for some minutes, that its bearer receives what is sent to an address.
func (s *Server) connection(from netip.AddrPort, now time.Time) uint64 {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write(from.Addr().AsSlice())
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/int64(connectionWindow/time.Second))))
	return binary.BigEndian.Uint64(mac.Sum(nil))
}

// readDatagram reads an announce of at least announceSize bytes.
func readDatagram(d []byte, from netip.AddrPort) Announce {
	a := Announce{
		Protocol:   "udp",
		Peer:       netip.AddrPortFrom(from.Addr().WithZone(""), binary.BigEndian.Uint16(d[offPort:])),
		Downloaded: binary.BigEndian.Uint64(d[offDownloaded:]),
		Left:       binary.BigEndian.Uint64(d[offLeft:]),
		Uploaded:   binary.BigEndian.Uint64(d[offUploaded:]),
		NumWant:    int(int32(binary.BigEndian.Uint32(d[offNumWant:]))),
		Key:        binary.BigEndian.Uint32(d[offKey:]),
		URLData:    urlData(d[announceSize:]),
	}
	copy(a.InfoHash[:], d[offHash:])
	copy(a.PeerID[:], d[offID:])
	if event := binary.BigEndian.Uint32(d[offEvent:]); int(event) < len(events) {
		a.Event = events[event]
	}
	return a
}

// urlData joins the options of BEP 41 that carry the URL, and stops at the first it does not understand.
func urlData(options []byte) string {
	var data bytes.Buffer
	for len(options) > 0 {
		switch kind := options[0]; {
		case kind == 1: // padding
			options = options[1:]
		case kind == 2 && len(options) >= 2 && len(options) >= 2+int(options[1]):
			data.Write(options[2 : 2+int(options[1])])
			options = options[2+int(options[1]):]
		default:
			return data.String()
		}
	}
	return data.String()
}

// compact writes the members of one family in the form of BEP 23 and BEP 7.
func compact(members []member, ipv6 bool) []byte {
	var list []byte
	for _, m := range members {
		if m.peer.Addr().Is6() == ipv6 {
			list = append(list, m.peer.Addr().AsSlice()...)
			list = binary.BigEndian.AppendUint16(list, m.peer.Port())
		}
	}
	return list
}
