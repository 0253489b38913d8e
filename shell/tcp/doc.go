// Package tcp is TCP sockets for a driver that owns all connections on one goroutine: it dials and accepts,
// reads and writes without waiting, and tells when a socket is ready again. It makes no decision of the protocol.
//
// A Conn is used in turns. Its owner reads or writes until the socket would make it wait, and then calls
// AwaitRead or AwaitWrite; the Ready function given for the Conn is called once, on another goroutine, when the
// socket is ready again. An idle connection so costs one small goroutine and no buffer.
package tcp
