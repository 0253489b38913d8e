package bt

import "net/netip"

// translated are the addresses by which a network without IPv4 reaches all of IPv4 (RFC 6052).
var translated = netip.MustParsePrefix("64:ff9b::/96")

// sitePrefix is how many bits of an IPv6 address name a site, whose machines choose the rest as they like.
const sitePrefix = 64 // [TRU-18]

// Site is the part of an address that a party cannot change at will, and so what a ban is of: a whole IPv4 address, the first
// 64 bits of an IPv6 one. A link-local address is whole, since all the neighbours share its prefix, and so is one
// that stands for an IPv4 address. [TRU-18]
func Site(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is4() || a.IsLinkLocalUnicast() || translated.Contains(a) {
		return a
	}
	prefix, _ := a.Prefix(sitePrefix)
	return prefix.Addr()
}
