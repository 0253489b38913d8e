package utp

import "time"

// The limits of buffers and counts.
const (
	defaultReceive = 4 << 20 // [UTP-19]
	defaultSend    = 4 << 20
	defaultMemory  = 256 << 20
	defaultConns   = 1000
	leastBuffer    = 128 << 10
	mostBuffer     = 64 << 20
	mostMemory     = 1 << 30
	mostConns      = 1 << 16

	packetsAhead = 4096      // [UTP-13, UTP-37] packets sent and unacknowledged, and places for packets out of order, of one connection
	leastShare   = 256 << 10 // bytes that a connection may hold however full the memory is
	mostReplies  = 256       // datagrams waiting to be sent that belong to no connection
)

// The sizes of datagrams, headers of IP and UDP not counted.
const (
	baseDatagram      = 1200  // [UTP-35] passes everywhere (RFC 8899)
	ordinaryDatagram4 = 1472  // what an Ethernet of 1,500 takes over IPv4
	ordinaryDatagram6 = 1452  // and over IPv6
	mostDatagram      = 65507 // what UDP over IPv4 can carry
)

// The times of a connection.
const (
	firstRTO     = 1000 * time.Millisecond // [UTP-17] before there is a round trip to go by
	leastRTO     = 500 * time.Millisecond  // [UTP-17]
	mostRTO      = 60 * time.Second        // [UTP-17]
	keepAlive    = 29 * time.Second        // [UTP-26] NAT boxes forget UDP after 30 s
	lingering    = 5 * time.Second         // [UTP-23] a closed connection still answers a FIN that comes again
	closingLimit = 60 * time.Second        // [UTP-24] for a peer that does not take what was written before the close
)

// How often what goes unanswered is sent, in all.
const (
	synSends  = 3 // [UTP-18]
	dataSends = 7 // [UTP-18]
)
