package bt

import "net/netip"

// IP is a plain address, without a zone, in little room and without a pointer: thousands of them are remembered. IPv4 addresses stand as IPv6
// has them.
type IP [16]byte

// IPOf is an address as an IP.
func IPOf(a netip.Addr) IP { return a.As16() }

// Addr is the address as everybody else has it.
func (ip IP) Addr() netip.Addr { return netip.AddrFrom16(ip).Unmap() }

// Endpoint is a plain address and a port.
type Endpoint struct {
	IP   IP     // the address
	Port uint16 // 0 where only the address is known
}

// EndpointOf is an address with its port as an Endpoint.
func EndpointOf(a netip.AddrPort) Endpoint { return Endpoint{IPOf(a.Addr()), a.Port()} }

// AddrPort is the endpoint as everybody else has it.
func (e Endpoint) AddrPort() netip.AddrPort { return netip.AddrPortFrom(e.IP.Addr(), e.Port) }
