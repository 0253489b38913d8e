package tracker

import (
	"math"
	"net/netip"

	"peerwire/core/bencode"
)

// answerLimits bound the work that one answer can cause; a peer in the long form is seven tokens.
var answerLimits = bencode.Limits{Depth: 16, Tokens: 200_000}

// parseAnswer reads the body of an HTTP answer (BEP 3, 7, 23, 24). The error is a *FailureError without its Tracker, or
// ErrMalformed. What is wrong with single entries or with figures of no consequence is passed over; what is wrong with the
// whole is an error, so that the announcer turns to another tracker.
func parseAnswer(body []byte) (Response, error) {
	document, err := bencode.Parse(body, answerLimits)
	if err != nil {
		return Response{}, malformed("%w", err)
	}
	root := document.Root
	if root.Kind() != bencode.Dict {
		return Response{}, malformed("no dictionary")
	}
	if failure := root.Get("failure reason"); failure.Kind() != bencode.None {
		reason, ok := failure.Bytes()
		if !ok {
			return Response{}, malformed("a failure reason that is no text")
		}
		return Response{}, &FailureError{Reason: printable(string(reason))}
	}
	answer := Response{
		Seeders:    count(root.Get("complete")),
		Leechers:   count(root.Get("incomplete")),
		TrackerID:  trackerID(root.Get("tracker id")),
		ExternalIP: externalIP(root.Get("external ip")),
	}
	warning, _ := root.Get("warning message").Bytes()
	answer.Warning = printable(string(warning))
	interval, _ := root.Get("interval").Int()
	minInterval, _ := root.Get("min interval").Int()
	answer.Interval, answer.MinInterval = clampIntervals(interval, minInterval)
	answer.Peers, err = answerPeers(root)
	return answer, err
}

// answerPeers gathers "peers", in either form, and "peers6".
func answerPeers(root bencode.Value) ([]netip.AddrPort, error) {
	var list peerList
	switch peers := root.Get("peers"); peers.Kind() {
	case bencode.None:
	case bencode.String:
		compact, _ := peers.Bytes()
		if err := list.addCompact(compact, compact4); err != nil {
			return nil, malformed("%w", err)
		}
	case bencode.List:
		for peer := range peers.Items {
			list.addLong(peer)
		}
	default:
		return nil, malformed("peers that are no list")
	}
	peers6, _ := root.Get("peers6").Bytes()
	if err := list.addCompact(peers6, compact6); err != nil {
		return nil, malformed("%w", err)
	}
	return list.peers, nil
}

// addLong keeps a peer given as a dictionary. BEP 3 allows names in place of addresses; we do not look up names that a
// stranger chose.
func (l *peerList) addLong(peer bencode.Value) {
	text, _ := peer.Get("ip").Bytes()
	port, ok := peer.Get("port").Int()
	addr, err := netip.ParseAddr(string(text[:min(len(text), maxAddrText)]))
	if err == nil && ok && port > 0 && port <= math.MaxUint16 {
		l.add(addr, uint16(port))
	}
}

// maxAddrText is more than the longest address takes.
const maxAddrText = 64

// count reads a number of peers, -1 when it is not given or absurd.
func count(v bencode.Value) int {
	n, ok := v.Int()
	if !ok || n < 0 || n > math.MaxInt32 {
		return -1
	}
	return int(n)
}

func trackerID(v bencode.Value) string {
	id, _ := v.Bytes()
	if len(id) > maxTrackerID {
		return ""
	}
	return string(id)
}

func externalIP(v bencode.Value) netip.Addr {
	raw, _ := v.Bytes()
	addr, _ := netip.AddrFromSlice(raw) // invalid unless 4 or 16 bytes
	return addr.Unmap()
}
