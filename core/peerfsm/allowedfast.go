package peerfsm

import (
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"slices"

	"peerwire/core/bt"
)

// AllowedFast is the canonical set of k pieces that a peer at addr may download of a torrent of n pieces
// while it is choked (BEP 6): for IPv4, from the /24 of the address. It is every piece where n <= k, and none for IPv6,
// for which BEP 6 makes no provision. [FST-15]
func AllowedFast(addr netip.Addr, hash bt.InfoHash, n uint32, k int) []uint32 {
	return appendAllowedFast(nil, addr, hash, n, k)
}

// appendAllowedFast appends the set to an empty one.
func appendAllowedFast(set []uint32, addr netip.Addr, hash bt.InfoHash, n uint32, k int) []uint32 {
	ip, ok := mapped4(addr)
	if !ok {
		return set
	}
	if int64(n) <= int64(k) {
		for i := range n {
			set = append(set, i)
		}
		return set
	}
	x := [len(ip) + len(hash)]byte{ip[0], ip[1], ip[2]}
	copy(x[len(ip):], hash[:])
	sum := sha1.Sum(x[:])
	for ; len(set) < k; sum = sha1.Sum(sum[:]) {
		for w := 0; w < len(sum) && len(set) < k; w += 4 {
			if i := binary.BigEndian.Uint32(sum[w:]) % n; !slices.Contains(set, i) {
				set = append(set, i)
			}
		}
	}
	return set
}
