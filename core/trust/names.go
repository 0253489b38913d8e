package trust

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/table"
)

// id stands for a contributor in the lists of blocks.
type id uint32

// nobody sent a block that has not come, or of which it is not known who did.
const nobody id = 0

// contributor is a known peer that sent some of the blocks on account or on record.
type contributor struct {
	who    bt.Endpoint
	uses   uint32 // of its id
	banned bool   // its address was banned since it sent them
	guilty bool   // while a verdict is reached: some of them prove that it lies
}

// names gives known peers ids that are small, and in use as long as somebody uses them.
type names struct {
	list []contributor       // by id; that of nobody is unused
	ids  table.Index[uint32] // of those in use, by who they are
	free []id                // those not in use
}

func newNames() names { return names{list: make([]contributor, 1)} }

// acquire gives the id of a known peer, for one use more. It is looked for first at guess, an id in use or nobody.
func (n *names) acquire(who bt.Endpoint, guess id) id {
	if guess != nobody && n.list[guess].who == who {
		n.list[guess].uses++
		return guess
	}
	i, known := n.find(who)
	if !known {
		i = n.vacant()
		n.list[i] = contributor{who: who}
		n.ids.Add(int(i), n.who)
	}
	n.list[i].uses++
	return i
}

// find is the id of a known peer; false when it has none.
func (n *names) find(who bt.Endpoint) (id, bool) {
	at := n.ids.Find(&who, n.who)
	return id(max(at, 0)), at >= 0
}

// who is who has an id that is in use.
func (n *names) who(at int) *bt.Endpoint { return &n.list[at].who }

// rename gives an id in use to another, who has none.
func (n *names) rename(i id, who bt.Endpoint) {
	c := &n.list[i]
	n.ids.Remove(&c.who, n.who)
	c.who = who
	n.ids.Add(int(i), n.who)
}

// vacant finds an id that is not in use.
func (n *names) vacant() id {
	if last := len(n.free) - 1; last >= 0 {
		i := n.free[last]
		n.free = n.free[:last]
		return i
	}
	n.list = append(table.Spacious(n.list), contributor{})
	return id(len(n.list) - 1)
}

// release ends one use of an id; with the last one it is free.
func (n *names) release(i id) {
	if i == nobody {
		return
	}
	c := &n.list[i]
	if c.uses--; c.uses == 0 {
		n.ids.Remove(&c.who, n.who)
		n.free = append(n.free, i)
	}
}

// blamed tells whether a contributor needs no further proof: it is banned, or about to be.
func (n *names) blamed(i id) bool { return n.list[i].guilty || n.list[i].banned }

// ban marks the contributors of a site.
func (n *names) ban(site netip.Addr) {
	for i := range n.list {
		c := &n.list[i]
		c.banned = c.banned || bt.Site(c.who.IP.Addr()) == site
	}
}
