// Package utp is uTP (BEP 29) for a driver that owns all connections on one goroutine, as package tcp is TCP: it dials and accepts on one
// UDP socket, reads and writes without waiting, and makes no decision of the protocol above.
//
//	socket.Serve(accept, wake)
//	for {
//		... wait until woken ...
//		socket.Tell() // calls what was given with Watch for each Conn that became ready
//		... conn.Read while conn.Readable, conn.Write while conn.Writable ...
//	}
//
// Readiness comes by edges, as in package tcp.
//
// # Two engines
//
// Own is core/utp, the machine of this project, driven by whoever has something for it: the goroutine that reads the socket, the
// owner's, a timer's. What it sends goes to the system in trains of datagrams, where the system takes them.
//
// Anacrolix is github.com/anacrolix/utp. It is not let near the network: a guard judges every datagram in either direction. It
// answers a SYN itself, and tells the library of a connection only when the peer has proved its address; it drops what the library
// could not take, or would answer too loudly. And the library is read at once, whatever the owner does: after 1 MiB that nobody has
// read its stream would stand still for ever. So what waits for the owner is bounded here, by what the peer was asked for.
//
// Datagrams that are not uTP are for other users of the socket, such as trackers.
package utp
