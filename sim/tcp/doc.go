// Package tcp is what a bulk flow of TCP does to a network, for others to compete with: Reno or CUBIC over the links of
// package packet. A Sender always has more to send; a Receiver acknowledges everything at once.
//
// It is what is deployed, as far as it shows on the wire of a long flow: slow start, congestion avoidance, fast retransmit and recovery with selective
// acknowledgements and a pipe (RFC 6675), a retransmission timer (RFC 6298). There is no handshake, no end, no flow control but a widest window, and a
// number counts a segment, not a byte.
package tcp
