package trace

import (
	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// begin is how a session was made.
func (c *codec) begin(b *Begin) {
	c.text(&b.Name, "a name")
	c.addr(&b.Addr)
	cfg := &b.Config
	c.uint64(&cfg.Seed, "a seed")
	c.array(cfg.PeerID[:])
	c.uint16(&cfg.ListenPort, "a port")
	c.text(&cfg.Client, "the name of a client")
	c.limit(&cfg.MaxConns)
	c.limit(&cfg.MaxHalfOpen)
	name(c, transportSets, &cfg.Transports)
	c.limit(&cfg.UploadSlots)
	name(c, slotPolicies, &cfg.SlotPolicy)
	name(c, seedOrders, &cfg.SeedOrder)
}

// limit is a number that a user has chosen.
func (c *codec) limit(p *int) {
	v := int64(*p)
	at := c.at
	if c.signed(&v, "a limit"); v != int64(int32(v)) {
		c.fail(at, "a limit is not a number of 32 bits")
		v = 0
	}
	*p = int(v)
}

// spec is a torrent.
func (c *codec) spec(p **bt.TorrentSpec) {
	if c.read {
		*p = new(bt.TorrentSpec)
	}
	s, at := *p, c.at
	c.array(s.InfoHash[:])
	c.uint32(&s.Geometry.PieceLength, "the length of a piece")
	total := uint64(s.Geometry.Total)
	c.uint64(&total, "the length of a torrent")
	if s.Geometry.Total = int64(total); s.Geometry.Total < 0 || c.read && !s.Geometry.Valid() {
		c.fail(at, "there is no torrent of such a geometry")
	}
	c.flag(&s.Private, "a flag")
	c.limit(&s.MaxConns)
	c.pieces(&s.Have)
	c.flag(&s.SuperSeed, "a flag")
	c.flag(&s.AnyPiece, "a flag")
	if c.limit(&s.ReservedSlots); s.ReservedSlots < 0 {
		c.fail(at, "less than no slot is reserved")
	}
}

// pieces is a set of pieces: one more than its length, and the bits, the first in the highest place of the first byte; or 0 for none.
func (c *codec) pieces(p **bitset.BitSet) {
	n := 0
	if *p != nil {
		n = int((*p).Len()) + 1
	}
	if c.count(&n, bt.MaxPieces+1, "a number of pieces"); n == 0 || c.err != nil {
		*p = nil
		return
	}
	n--
	body := make([]byte, (n+7)/8)
	if !c.read {
		for i := range n {
			if (*p).Test(uint(i)) {
				body[i/8] |= 0x80 >> (i % 8)
			}
		}
	}
	if body = c.raw(body, len(body)); !c.read || c.err != nil {
		return
	}
	*p = bitset.New(uint(n))
	for i := range n {
		if body[i/8]&(0x80>>(i%8)) != 0 {
			(*p).Set(uint(i))
		}
	}
}
