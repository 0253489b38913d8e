package utp

import "net"

// socketBuffer is how much the system is asked to keep for us, bytes. What comes in a burst and finds no room is lost, and taken for
// congestion; measured, that was most of the loss on loopback.
const socketBuffer = 4 << 20

// enlarge gives a socket large buffers, or the largest that the system allows.
func enlarge(udp *net.UDPConn) {
	// A refusal leaves them as they are, and only costs speed.
	_ = udp.SetReadBuffer(socketBuffer)
	_ = udp.SetWriteBuffer(socketBuffer)
}
