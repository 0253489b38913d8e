package utp

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// Cookies are the numbers that SYNs are answered with, as in TCP: each is a keyed hash of the SYN, and so can be made again from a later packet, when
// nothing was kept of the SYN. [UTP-5, UTP-7]
type Cookies struct {
	secret [16]byte
	spent  map[key]bool
	order  queue[spentKey] // the first spent first
}

// spentKey is a connection that has been there.
type spentKey struct {
	key key
	at  bt.Instant
}

// NewCookies makes those that belong to a secret.
func NewCookies(secret [32]byte) *Cookies {
	c := &Cookies{spent: map[key]bool{}}
	sum := sha256.Sum256(append([]byte("SYN"), secret[:]...))
	copy(c.secret[:], sum[:])
	return c
}

const (
	cookieTime = 64 * time.Second // [UTP-5] then there are others; those before hold for half-open time more
	cookieSyns = 4                // [UTP-7] the SYN's number is so much less than that of a packet which goes on from it, at most
	mostSpent  = 4096             // [UTP-7]
)

// Number is that of our first packet, and of the STATE before it, for a SYN; id is what packets from there carry.
func (c *Cookies) Number(now bt.Instant, from netip.AddrPort, id, syn uint16) uint16 {
	return c.number(int64(now)/int64(cookieTime), from, id, syn)
}

func (c *Cookies) number(epoch int64, from netip.AddrPort, id, syn uint16) uint16 {
	var b [46]byte
	addr := from.Addr().As16()
	copy(b[:], c.secret[:])
	copy(b[16:], addr[:])
	binary.BigEndian.PutUint64(b[32:], uint64(epoch))
	binary.BigEndian.PutUint16(b[40:], from.Port())
	binary.BigEndian.PutUint16(b[42:], id)
	binary.BigEndian.PutUint16(b[44:], syn)
	sum := sha256.Sum256(b[:])
	return binary.BigEndian.Uint16(sum[:])
}

// Spend takes note that a connection is over: what comes late of it is not the first of another.
func (c *Cookies) Spend(now bt.Instant, from netip.AddrPort, id uint16) {
	for first, ok := c.order.peek(); ok && (c.order.n >= mostSpent || first.at.Add(cookieTime+halfOpenTime) <= now); first, ok = c.order.peek() {
		c.order.pop()
		delete(c.spent, first.key)
	}
	if k := (key{from, id}); !c.spent[k] {
		c.spent[k] = true
		c.order.push(spentKey{k, now})
	}
}

// Recall finds the SYN that a packet goes on from, and how it was answered: the packet acknowledges our number, or the one before.
func (c *Cookies) Recall(now bt.Instant, from netip.AddrPort, id, seq, ack uint16) (syn, number uint16, ok bool) {
	if c.spent[key{from, id}] {
		return 0, 0, false
	}
	epoch := int64(now) / int64(cookieTime)
	since := now.Sub(bt.Instant(epoch * int64(cookieTime)))
	for back := range uint16(cookieSyns) {
		syn = seq - 1 - back
		if number = c.number(epoch, from, id, syn); goesOn(number, ack) {
			return syn, number, true
		}
		if since >= halfOpenTime || epoch == 0 {
			continue
		}
		if number = c.number(epoch-1, from, id, syn); goesOn(number, ack) {
			return syn, number, true
		}
	}
	return 0, 0, false
}

// goesOn tells whether an acknowledgement is one of a STATE with that number.
func goesOn(number, ack uint16) bool { return ack == number || ack == number-1 }
