package tracker

import (
	"encoding/binary"
)

// The UDP tracker protocol (BEP 15). All numbers are big-endian.
const (
	protocolID = 0x41727101980 // what a connect has in place of a connection id

	actionConnect  = 0
	actionAnnounce = 1
	actionError    = 3

	replyHeader     = 8  // action and transaction id
	connectReply    = 16 // and the connection id
	announceReply   = 20 // and interval, leechers, seeders; peers follow
	announceRequest = 98 // before the options of BEP 41

	optionURLData = 2   // BEP 41: the path and query of the URL, in parts
	maxOption     = 255 // bytes of a part
)

// connectDatagram asks for a connection id, which proves that we receive what is sent to our address.
func connectDatagram(transaction uint32) []byte {
	d := binary.BigEndian.AppendUint64(nil, protocolID)
	d = binary.BigEndian.AppendUint32(d, actionConnect)
	return binary.BigEndian.AppendUint32(d, transaction)
}

// announceDatagram is the announce itself. urlData is the URL's path and query.
func announceDatagram(connection uint64, transaction uint32, r Request, urlData string) []byte {
	d := make([]byte, 0, announceRequest+len(urlData)+16)
	d = binary.BigEndian.AppendUint64(d, connection)
	d = binary.BigEndian.AppendUint32(d, actionAnnounce)
	d = binary.BigEndian.AppendUint32(d, transaction)
	d = append(d, r.InfoHash[:]...)
	d = append(d, r.PeerID[:]...)
	d = binary.BigEndian.AppendUint64(d, r.Downloaded)
	d = binary.BigEndian.AppendUint64(d, r.Left)
	d = binary.BigEndian.AppendUint64(d, r.Uploaded)
	d = binary.BigEndian.AppendUint32(d, uint32(r.Event))
	d = binary.BigEndian.AppendUint32(d, 0) // our address: the one we send from
	d = binary.BigEndian.AppendUint32(d, r.Key)
	d = binary.BigEndian.AppendUint32(d, uint32(int32(max(-1, min(r.NumWant, MaxPeers)))))
	d = binary.BigEndian.AppendUint16(d, r.port())
	for len(urlData) > 0 {
		part := urlData[:min(len(urlData), maxOption)]
		d = append(d, optionURLData, byte(len(part)))
		d = append(d, part...)
		urlData = urlData[len(part):]
	}
	return d
}

// A reply is a datagram that answers one of ours.
type reply struct {
	action uint32
	body   []byte // what follows the header
}

// parseReply gives the reply to a request of the given action and transaction. Anything else (too short for what it
// says it is, late, or forged) is not ok and to be ignored, as if it had been lost.
func parseReply(datagram []byte, action, transaction uint32) (r reply, ok bool) {
	if len(datagram) < replyHeader || binary.BigEndian.Uint32(datagram[4:]) != transaction {
		return reply{}, false
	}
	r = reply{action: binary.BigEndian.Uint32(datagram), body: datagram[replyHeader:]}
	switch {
	case r.action == actionError:
		return r, true
	case r.action != action:
		return reply{}, false
	case action == actionConnect:
		return r, len(datagram) >= connectReply
	}
	return r, len(datagram) >= announceReply
}

// connection is the connection id that a connect is answered with.
func (r reply) connection() uint64 { return binary.BigEndian.Uint64(r.body) }

// response is what an announce is answered with. Its peers are of the family that it came over.
func (r reply) response(ipv6 bool) (Response, error) {
	size := compact4
	if ipv6 {
		size = compact6
	}
	word := func(i int) int32 { return int32(binary.BigEndian.Uint32(r.body[4*i:])) }
	answer := Response{Leechers: int(max(word(1), -1)), Seeders: int(max(word(2), -1))}
	answer.Interval, answer.MinInterval = clampIntervals(int64(word(0)), 0)
	var list peerList
	if err := list.addCompact(r.body[announceReply-replyHeader:], size); err != nil {
		return Response{}, malformed("%w", err)
	}
	answer.Peers = list.peers
	return answer, nil
}
