package tracker

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Sizes of a peer in a compact list: address and port (BEP 23, BEP 7).
const (
	compact4 = 4 + 2
	compact6 = 16 + 2
)

// peerList gathers the peers of one answer: only such as can be dialled, each once, at most MaxPeers.
type peerList struct {
	peers []netip.AddrPort
	known map[netip.AddrPort]bool
}

// add keeps a peer, unless it is of no use.
func (l *peerList) add(addr netip.Addr, port uint16) {
	addr = addr.Unmap().WithZone("")
	if len(l.peers) == MaxPeers || port <= PlaceholderPort || !dialable(addr) {
		return
	}
	peer := netip.AddrPortFrom(addr, port)
	if l.known[peer] {
		return
	}
	if l.known == nil {
		l.known = make(map[netip.AddrPort]bool)
	}
	l.known[peer] = true
	l.peers = append(l.peers, peer)
}

// addCompact keeps the peers of a compact list whose entries have the given size. A list that is no whole number of
// entries is refused whole: nobody can tell where such a list went wrong, and what we would dial are strangers.
func (l *peerList) addCompact(list []byte, size int) error {
	if len(list)%size != 0 {
		return fmt.Errorf("a compact peer list of %d bytes is no multiple of %d", len(list), size)
	}
	for ; len(list) > 0 && len(l.peers) < MaxPeers; list = list[size:] {
		addr, _ := netip.AddrFromSlice(list[:size-2]) // 4 or 16 bytes, always an address
		l.add(addr, binary.BigEndian.Uint16(list[size-2:]))
	}
	return nil
}

// dialable tells whether an address can be a peer's at all. Private and loopback ones can: trackers of local networks
// exist, and the dialler has its own rules. A link-local IPv6 address says nothing without its zone, which no tracker sends.
func dialable(a netip.Addr) bool {
	switch {
	case !a.IsValid(), a.IsUnspecified(), a.IsMulticast(), a == broadcast:
		return false
	case a.Is6() && a.IsLinkLocalUnicast():
		return false
	}
	return true
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})
