package utp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// pair is two sockets whose datagrams reach each other in batches, without a way between them.
type pair struct {
	ends [2]*Socket
	now  bt.Instant
	buf  []byte
	back [][]byte // datagrams on their way
	kept int
}

// batch is how many datagrams a shell reads at once.
const batch = 32

func newPair(datagram int) *pair {
	p := &pair{buf: make([]byte, mostDatagram)}
	for i := range p.ends {
		p.ends[i] = New(Config{Datagram: datagram}, uint64(i))
	}
	for range batch {
		p.back = append(p.back, make([]byte, mostDatagram))
	}
	return p
}

// carry gives what one end sends to the other, up to a batch; it tells whether there was anything.
func (p *pair) carry(from int) bool {
	n := 0
	var sizes [batch]int
	for n < batch {
		d, ok := p.ends[from].Transmit(p.now, p.back[n])
		if !ok {
			break
		}
		sizes[n] = d.N
		n++
	}
	p.now = p.now.Add(20 * time.Microsecond)
	for i := range n {
		p.ends[1-from].Arrived(p.now, address(from), p.back[i][:sizes[i]])
	}
	p.kept += n
	return n > 0
}

// pass moves bytes from the first end to the second until so many have arrived.
func (p *pair) pass(t testing.TB, from, to ID, n int) {
	room := [][]byte{p.buf}
	for n > 0 {
		for {
			if _, err := p.ends[0].Write(p.now, from, room); err != nil {
				break
			}
		}
		moved := p.carry(0)
		for {
			k, err := p.ends[1].Read(p.now, to, room)
			if n -= k; err != nil {
				break
			}
		}
		if !p.carry(1) && !moved {
			p.now = max(p.now, min(p.ends[0].NextDeadline(), p.ends[1].NextDeadline()))
		}
		for _, s := range p.ends {
			var e Event
			for s.Poll(&e) {
				if e.Kind == Closed {
					t.Fatalf("closed: %s", e.Fault)
				}
			}
		}
	}
}

// open makes a connection.
func (p *pair) open(t testing.TB) (from, to ID) {
	from, err := p.ends[0].Dial(p.now, address(1))
	if err != nil {
		t.Fatal(err)
	}
	for p.carry(0) || p.carry(1) {
	}
	var e Event
	for p.ends[1].Poll(&e) {
		to = e.ID
	}
	return from, to
}

// What it takes to move a MiB from one end to the other, both ends counted, in datagrams of an Ethernet, of jumbo frames, and of the
// largest size.
func BenchmarkTransfer(b *testing.B) {
	for _, size := range []int{ordinaryDatagram4, 8972, mostDatagram} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p := newPair(size)
			from, to := p.open(b)
			p.pass(b, from, to, 64<<20)
			b.SetBytes(1 << 20)
			b.ReportAllocs()
			for b.Loop() {
				p.pass(b, from, to, 1<<20)
			}
		})
	}
}

// A connection that is in full swing takes no memory for a datagram. [UTP-37]
func TestNoAllocations(t *testing.T) {
	p := newPair(ordinaryDatagram4)
	from, to := p.open(t)
	p.pass(t, from, to, 64<<20)
	before := p.kept
	allocs := testing.AllocsPerRun(20, func() { p.pass(t, from, to, 4<<20) })
	if datagrams := (p.kept - before) / 21; int(allocs)*1000 > datagrams {
		t.Errorf("%f allocations for %d datagrams", allocs, datagrams)
	}
}

// What a SYN costs that nobody means, when one site sends them all, and when each comes from another.
func BenchmarkForged(b *testing.B) {
	for _, sites := range []uint32{1, 1 << 20} {
		b.Run(fmt.Sprint(sites), func(b *testing.B) {
			s := New(Config{}, 1)
			var syn [headerSize]byte
			buf := make([]byte, ordinaryDatagram4)
			b.ReportAllocs()
			for i := uint32(0); b.Loop(); i++ {
				p := packet{kind: kindSyn, id: uint16(2 * i), seq: 1}
				p.put(syn[:])
				var a [4]byte
				binary.BigEndian.PutUint32(a[:], 1<<24+i%sites)
				s.Arrived(0, netip.AddrPortFrom(netip.AddrFrom4(a), uint16(i>>16)), syn[:])
				s.Transmit(0, buf)
			}
		})
	}
}
