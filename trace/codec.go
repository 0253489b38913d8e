package trace

import (
	"encoding/binary"
	"math"
	"net/netip"
	"strconv"

	"peerwire/core/bt"
)

// codec writes values, or reads them: each is described once, by the method that does both. Numbers are varints, as encoding/binary has them.
type codec struct {
	buf  []byte // written, or to be read
	at   int    // read of it
	read bool
	base int64       // offset of buf in the trace
	torn bool        // buf is less than the chunk says
	err  error       // the first; what is read after it is zero
	dict *dictionary // what the names in the trace mean here; nil for those of this program

	version byte // of the format, when that is not this program's
}

// fail notes what is wrong at the place that is being read or written.
func (c *codec) fail(at int, text string) {
	switch {
	case c.err != nil:
	default:
		c.err = &FormatError{c.base + int64(at), text}
	}
}

// short notes that what is to be read is not there.
func (c *codec) short(at int) {
	if c.err == nil && c.torn {
		c.err = &TornError{c.base + int64(at)}
	}
	c.fail(at, "a record goes on beyond the end of its chunk")
}

// number is a number of at most limit.
func (c *codec) number(v, limit uint64, what string) uint64 {
	if !c.read {
		if v > limit {
			c.fail(len(c.buf), what+": "+strconv.FormatUint(v, 10)+" is more than "+strconv.FormatUint(limit, 10))
		}
		c.buf = binary.AppendUvarint(c.buf, v)
		return v
	}
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.buf[c.at:])
	switch {
	case n == 0:
		c.short(c.at)
		return 0
	case n < 0 || v > limit:
		c.fail(c.at, what+" is more than "+strconv.FormatUint(limit, 10))
		return 0
	}
	c.at += n
	return v
}

func (c *codec) uint8(p *uint8, what string) { *p = uint8(c.number(uint64(*p), math.MaxUint8, what)) }

func (c *codec) uint16(p *uint16, what string) {
	*p = uint16(c.number(uint64(*p), math.MaxUint16, what))
}

func (c *codec) uint32(p *uint32, what string) {
	*p = uint32(c.number(uint64(*p), math.MaxUint32, what))
}

func (c *codec) uint64(p *uint64, what string) { *p = c.number(*p, math.MaxUint64, what) }

// count is an int that is not negative.
func (c *codec) count(p *int, limit int, what string) {
	*p = int(c.number(uint64(*p), uint64(limit), what))
}

// signed is a number that may be negative.
func (c *codec) signed(p *int64, what string) {
	zigzag := c.number(uint64(*p)<<1^uint64(*p>>63), math.MaxUint64, what)
	*p = int64(zigzag>>1) ^ -int64(zigzag&1)
}

func (c *codec) flag(p *bool, what string) {
	*p = c.number(setIf(*p, 1), 1, what) == 1
}

// raw is bytes of a length that is known. What is read is borrowed.
func (c *codec) raw(b []byte, n int) []byte {
	if !c.read {
		c.buf = append(c.buf, b...)
		return b
	}
	if c.err != nil {
		return nil
	}
	if len(c.buf)-c.at < n {
		c.short(c.at)
		return nil
	}
	c.at += n
	return c.buf[c.at-n : c.at : c.at]
}

// bytes is bytes and their length.
func (c *codec) bytes(p *[]byte, limit int, what string) {
	n := len(*p)
	c.count(&n, limit, what)
	*p = c.raw(*p, n)
}

func (c *codec) text(p *string, what string) {
	b := []byte(nil)
	if !c.read {
		b = []byte(*p)
	}
	if c.bytes(&b, MaxName, what); c.read {
		*p = string(b)
	}
}

// array is bytes of a length that is always the same.
func (c *codec) array(b []byte) {
	if !c.read {
		c.buf = append(c.buf, b...)
		return
	}
	copy(b, c.raw(nil, len(b)))
}

// conn is a connection, with the bit that tells an accepted one in the lowest place.
func (c *codec) conn(p *bt.ConnID) {
	v := uint32(*p&^bt.Accepted) << 1
	if *p&bt.Accepted != 0 {
		v |= 1
	}
	c.uint32(&v, "a connection")
	*p = bt.ConnID(v >> 1)
	if v&1 != 0 {
		*p |= bt.Accepted
	}
}

func (c *codec) torrent(p *bt.TorrentID) { c.uint32((*uint32)(p), "a torrent") }

func (c *codec) token(p *bt.Token) { c.uint64((*uint64)(p), "a token") }

func (c *codec) block(b *bt.Block) {
	c.uint32(&b.Piece, "a piece")
	c.uint32(&b.Begin, "an offset in a piece")
	c.uint32(&b.Length, "the length of a block")
}

func (c *codec) instant(p *bt.Instant) { c.signed((*int64)(p), "a time") }

// addr is an address and port: how many bytes the address has, the address, the zone of an IPv6 one, and the port.
func (c *codec) addr(p *netip.AddrPort) {
	var b []byte
	zone, port := "", p.Port()
	if !c.read {
		b, zone = p.Addr().AsSlice(), p.Addr().Zone()
	}
	at := c.at
	if c.bytes(&b, 16, "the length of an address"); len(b) == 0 {
		*p = netip.AddrPort{}
		return
	}
	if len(b) == 16 {
		c.text(&zone, "a zone")
	}
	if c.read && printed([]byte(zone)) != zone {
		c.fail(at, "the zone of an address is not printable")
	}
	if c.uint16(&port, "a port"); !c.read || c.err != nil {
		return
	}
	ip, ok := netip.AddrFromSlice(b)
	if !ok {
		c.fail(at, "an address has "+strconv.Itoa(len(b))+" bytes")
	}
	*p = netip.AddrPortFrom(ip.WithZone(zone), port)
}

// name is a value that has a name.
func name[T ~uint8](c *codec, of vocabulary, p *T) {
	at, v := c.at, uint8(*p)
	if c.uint8(&v, vocabularies[of].what); !c.read || c.err != nil {
		return
	}
	here, ok := c.dict.meaning(of, v)
	if !ok {
		c.fail(at, "there is no "+vocabularies[of].what+" "+strconv.Itoa(int(v))+" here"+c.dict.called(of, v))
	}
	*p = T(here)
}
