package utp

import "peerwire/core/clause"

// Config sets the limits of a Socket. A field that is zero takes the value named with it.
type Config struct {
	Receive  int // bytes of one connection that may have arrived and not been read: 4 MiB
	Send     int // bytes of one connection that may be written and not acknowledged: 4 MiB
	Memory   int // bytes of all connections' buffers, beyond a minimum for each: 256 MiB
	Conns    int // connections, those that are closing included: 1,000
	Datagram int // the largest datagram that Arrived is given whole, and that may be sent: 1,472 bytes

	Recorder *clause.Recorder // counts the clauses that are obeyed; nil counts nothing
}

// withDefaults fills in what is left open, and brings the rest within reason.
func (c Config) withDefaults() Config {
	c.Receive = bounded(c.Receive, defaultReceive, leastBuffer, mostBuffer)
	c.Send = bounded(c.Send, defaultSend, leastBuffer, mostBuffer)
	c.Memory = bounded(c.Memory, defaultMemory, leastBuffer, mostMemory)
	c.Conns = bounded(c.Conns, defaultConns, 1, mostConns)
	c.Datagram = bounded(c.Datagram, ordinaryDatagram4, baseDatagram, mostDatagram)
	return c
}

// bounded is n between two limits, or what stands for an n that was left open.
func bounded(n, open, least, most int) int {
	if n == 0 {
		n = open
	}
	return min(max(n, least), most)
}
