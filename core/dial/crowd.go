package dial

import (
	"bytes"
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/table"
)

// crowd is how many connections and dials there are with each address that they count for, in the order of the addresses. Most have one; a map takes twice
// the room.
type crowd []company

// company is those with one address.
type company struct {
	with bt.IP
	n    int32
}

// countedFor is the address for which a connection with another counts.
func countedFor(a netip.Addr) bt.IP { return bt.IPOf(bt.Site(a)) }

// find is where those with an address stand, or would.
func (c crowd) find(with bt.IP) (at int, ok bool) {
	return slices.BinarySearchFunc(c, with, func(one company, with bt.IP) int { return bytes.Compare(one.with[:], with[:]) })
}

// with is how many there are with an address, and with those that count for the same.
func (c crowd) with(a netip.Addr) int {
	if at, ok := c.find(countedFor(a)); ok {
		return int(c[at].n)
	}
	return 0
}

// join counts one in.
func (c *crowd) join(a netip.Addr) {
	with := countedFor(a)
	at, ok := c.find(with)
	if !ok {
		*c = slices.Insert(table.Spacious(*c), at, company{with: with})
	}
	(*c)[at].n++
}

// leave counts one out.
func (c *crowd) leave(a netip.Addr) {
	at, ok := c.find(countedFor(a))
	if !ok {
		return
	}
	if (*c)[at].n--; (*c)[at].n == 0 {
		*c = slices.Delete(*c, at, at+1)
	}
}
