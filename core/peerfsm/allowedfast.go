package peerfsm

import (
	"crypto/sha1"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
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

// mapped4 is addr as an IPv4 address, if it is one.
func mapped4(addr netip.Addr) ([4]byte, bool) {
	addr = addr.Unmap()
	if !addr.Is4() {
		return [4]byte{}, false
	}
	return addr.As4(), true
}

// allowFast chooses the pieces that the peer may have while choked, once, when it first is interested.
// Only IPv4 has a rule for them. [FST-16]
func (p *Peer) allowFast() {
	if !p.speaksFast || p.fast != 0 || p.UploadOnly() || p.local.Count == 0 {
		return
	}
	p.fast = fastChosen
	if p.hides() {
		return
	}
	p.hit(clause.FST15)
	p.hit(clause.FST16)
	for k, i := range p.namedFast() {
		if p.local.Have.Test(uint(i)) && !p.Has(i) {
			p.fast |= 1 << k
		}
	}
	p.fastUnsaid = p.fast &^ fastChosen
}

// sayAllowedFast tells the peer which pieces it may have while choked.
func (p *Peer) sayAllowedFast(w []byte) []byte {
	if p.fastUnsaid == 0 {
		return w
	}
	named := p.namedFast()
	for p.fastUnsaid != 0 && room(w) {
		w = wire.AppendAllowedFast(w, named[bits.TrailingZeros16(p.fastUnsaid)])
		p.fastUnsaid &= p.fastUnsaid - 1
	}
	return w
}

// fastChosen is the bit which tells that what the peer may have while choked was chosen; below it there is one for each piece.
const fastChosen = 1 << AllowedFastSet

// namedFast is the pieces that BEP 6 names for the peer's address, until it is called for another connection.
func (p *Peer) namedFast() []uint32 {
	s := p.stock()
	s.named = appendAllowedFast(s.named[:0], p.ip, p.local.InfoHash, p.local.Geometry.NumPieces(), AllowedFastSet)
	return s.named
}

// allowedFast is the pieces that the peer may have while choked. Hardly any peer comes to the point where it matters which they are, so they are
// reckoned again there, and not kept.
func (p *Peer) allowedFast() []uint32 {
	if p.fast&^fastChosen == 0 {
		return nil
	}
	named := p.namedFast()
	allowed := named[:0]
	for k, i := range named {
		if p.fast>>k&1 != 0 {
			allowed = append(allowed, i)
		}
	}
	return allowed
}
