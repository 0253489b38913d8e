package utp

import (
	"net"
	"net/netip"
)

// socketBuffer is how much the system is asked to keep for us, bytes. What comes in a burst and finds no room is lost, and taken for
// congestion; measured, that was most of the loss on loopback.
const socketBuffer = 4 << 20

// enlarge gives a socket large buffers, or the largest that the system allows.
func enlarge(udp *net.UDPConn) {
	// A refusal leaves them as they are, and only costs speed.
	_ = udp.SetReadBuffer(socketBuffer)
	_ = udp.SetWriteBuffer(socketBuffer)
}

// sendEach sends datagrams to one peer one by one, all of one size but the last; the error is that of the last that was refused.
func sendEach(udp *net.UDPConn, to netip.AddrPort, datagrams []byte, size int) (refused error) {
	for len(datagrams) > 0 {
		n := min(size, len(datagrams))
		if err := sendOne(udp, to, datagrams[:n]); err != nil {
			refused = err
		}
		datagrams = datagrams[n:]
	}
	return refused
}

// sendOne sends a datagram. A call that failed because there is news, which is of others, is made again; the news can be read all the same.
func sendOne(udp *net.UDPConn, to netip.AddrPort, datagram []byte) (err error) {
	for range newsPatience {
		if _, err = udp.WriteToUDPAddrPort(datagram, to); !isNews(err) {
			return err
		}
	}
	return err
}

// newsPatience is how often a call is made that fails because there is news.
const newsPatience = 4
