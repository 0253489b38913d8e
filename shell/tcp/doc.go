// Package tcp is TCP sockets for a driver that owns all connections on one goroutine: it dials and accepts,
// waits for sockets that are ready, reads and writes without waiting. It makes no decision of the protocol.
//
//	for {
//		poller.Wait(untilTheNextDeadline) // calls what was given with Watch for each socket that became ready
//		... conn.Read while conn.Readable, conn.Write while conn.Writable ...
//	}
//
// Readiness comes by edges: a Conn is Readable from the moment when something came until a Read found that it has
// taken all there was, and Writable until a Write found no more room. Nobody is told again of what is still
// so; whoever stops early goes on when it pleases.
//
// On Linux a Conn is a descriptor in one epoll set: an idle connection costs neither goroutine nor buffer.
// Elsewhere, and with the build tag "portable", it is a net.Conn with a goroutine and a buffer of its own that
// read ahead.
package tcp
