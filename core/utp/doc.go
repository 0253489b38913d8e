// Package utp speaks uTP (BEP 29), the transport of BitTorrent over UDP that gives way to everything else on the line.
//
// A Socket holds all connections of one UDP socket, and does no input or output: datagrams and the passing of time go in by
// Arrived and Tick, datagrams come out of Transmit, and NextDeadline tells when it wants to hear of time again. What it has to tell its
// owner comes out of Poll. So it runs on a real socket, in the simulator, and in a test, and does the same in each:
//
//	for {
//		wait until a datagram is there, or s.NextDeadline()
//		for each datagram that is there { s.Arrived(now, from, datagram) }
//		s.Tick(now)                                       // when none was
//		for s.Poll(&event) { ... s.Read, s.Write, s.Close ... }
//		for d, ok := s.Transmit(now, buf); ok; d, ok = s.Transmit(now, buf) { send buf[:d.N] to d.To }
//	}
//
// Datagrams that are given to Arrived before the next Transmit are acknowledged together. Whatever is called, Transmit has to be called
// after it, and the deadline to be asked for again.
//
// How fast a connection sends is decided by a window that follows the delay of the line (LEDBAT, RFC 6817), and its datagrams are
// spread over the round trip. Memory is taken as it is used and bounded by Config, per connection and in all.
package utp
