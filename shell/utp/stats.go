package utp

// Stats counts what passed through a socket, and what did not. All are datagrams but where another unit is named.
type Stats struct {
	In, Out           uint64 // all of them
	BytesIn, BytesOut uint64 // bytes
	Foreign           uint64 // not uTP: for other users of the socket
	Unsent            uint64 // refused by the system

	// What was not let through to the engine, or from it.
	TooLong     uint64 // longer than the library reads
	Malformed   uint64 // extensions that are not in order
	Stray       uint64 // of no connection
	Unproven    uint64 // of a half-open connection, and no proof of its address
	Implausible uint64 // acknowledging what was not sent, or out of place
	Overflowed  uint64 // there was no room for it
	Orphaned    uint64 // from the library, to nobody it knows of

	// What became of connections.
	HalfOpen, Flows int    // now
	Evicted         uint64 // half-open connections that had to go for others
	Expired         uint64 // half-open connections that nobody went on with
	Validated       uint64 // half-open connections whose peer proved its address
	Resets          uint64 // sent to strangers
	Silenced        uint64 // resets that were not sent, because one was shortly before
	Overrun         uint64 // connections that ended because of what nobody had asked for

	// What core/utp counts of packets.
	Resent   uint64 // sent again
	Timeouts uint64 // times that nothing came back for too long
	Lost     uint64 // thought lost
}
