package tcp

import "encoding/binary"

// What a segment is on the wire of an Ethernet: 1460 bytes of payload, and 40 of headers.
const (
	Payload = 1460 // bytes of data in one segment
	size    = 1500
	ackSize = 40
)

// A segment's data is its number.
const numberBytes = 8

func putNumber(buf []byte, number int64) []byte {
	binary.BigEndian.PutUint64(buf, uint64(number))
	return buf[:numberBytes]
}

func number(data []byte) int64 { return int64(binary.BigEndian.Uint64(data)) }

// ack is an acknowledgement: all segments below next arrived, and the one that it answers, which stands for the newest block of a
// selective acknowledgement.
type ack struct {
	next, got int64
}

func (a ack) put(buf []byte) []byte {
	binary.BigEndian.PutUint64(buf, uint64(a.next))
	binary.BigEndian.PutUint64(buf[numberBytes:], uint64(a.got))
	return buf[:2*numberBytes]
}

func parseAck(data []byte) ack { return ack{number(data), number(data[numberBytes:])} }
