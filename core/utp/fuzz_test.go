package utp

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// account is an address of the fuzzer's, and what it has sent and been sent before it was validated.
type account struct {
	in, out   int
	validated bool
}

// fuzzer reads bytes as a history of one Socket: packets, time, and what its owner does.
type fuzzer struct {
	t        *testing.T
	s        *Socket
	now      bt.Instant
	data     []byte
	ids      []ID
	accounts [3]account
	seqs     [3]uint16 // our last number to each address
	carry    [3]uint16 // the id that our packets to it carry
	buf      []byte
}

func (f *fuzzer) byte() int {
	if len(f.data) == 0 {
		return 0
	}
	b := f.data[0]
	f.data = f.data[1:]
	return int(b)
}

func (f *fuzzer) addr(i int) netip.AddrPort {
	return [...]netip.AddrPort{address(0), address(1), netip.MustParseAddrPort("[2001:db8::1]:6881")}[i]
}

// drain takes out everything, and counts what goes to whom.
func (f *fuzzer) drain() {
	for range 1 << 16 {
		var e Event
		for f.s.Poll(&e) {
			if e.Kind == Accepted {
				f.ids = append(f.ids, e.ID)
				for i := range f.accounts {
					f.accounts[i].validated = f.accounts[i].validated || f.addr(i) == e.From
				}
			}
		}
		d, ok := f.s.Transmit(f.now, f.buf)
		if !ok {
			f.judge()
			return
		}
		for i := range f.accounts {
			if f.addr(i) == d.To {
				f.accounts[i].out += d.N
				f.carry[i], f.seqs[i] = binary.BigEndian.Uint16(f.buf[2:]), binary.BigEndian.Uint16(f.buf[16:])
			}
		}
		if f.byte() == 0xff {
			f.s.Unsent(f.now, d, Refusal(f.byte()%2))
		}
	}
	f.t.Fatal("it goes on and on")
}

// judge looks whether anything is wrong.
func (f *fuzzer) judge() {
	if err := f.s.Check(); err != nil {
		f.t.Fatal(err)
	}
	for i, a := range f.accounts {
		if !a.validated && a.out > 3*a.in {
			f.t.Fatalf("%s has sent %d bytes, and was sent %d", f.addr(i), a.in, a.out)
		}
	}
	if at := f.s.NextDeadline(); at <= f.now {
		f.t.Fatalf("at %s it waits for %s", f.now, at)
	}
}

// packet is one whose fields are near to what would be right.
func (f *fuzzer) packet(from int) []byte {
	p := packet{
		kind: kind(f.byte() % 6), id: f.carry[from] + uint16(f.byte()%4) - 1, seq: uint16(f.byte()), ack: f.seqs[from] + uint16(f.byte()%8) - 4,
		stamp: uint32(f.byte()) << 24, difference: uint32(f.byte()) << uint(f.byte()%32), window: uint32(f.byte()) << uint(f.byte()%24),
	}
	b := make([]byte, 4096)
	w := p.put(b)
	for range f.byte() % 3 {
		body := w.extension(uint8(f.byte()%5), f.byte()%40)
		for i := range body {
			body[i] = byte(f.byte())
		}
	}
	return b[:w.n+f.byte()%100*f.byte()%10]
}

// step is one thing that happens.
func (f *fuzzer) step() {
	from := f.byte() % 3
	switch f.byte() % 10 {
	case 0, 1, 2, 3:
		f.arrives(from, f.packet(from))
	case 4:
		n := min(f.byte(), len(f.data))
		f.arrives(from, f.data[:n])
		f.data = f.data[n:]
	case 5:
		f.now = f.now.Add(time.Duration(f.byte()) * time.Millisecond << uint(f.byte()%10))
		f.s.Tick(f.now)
	case 6:
		if id, err := f.s.Dial(f.now, f.addr(from)); err == nil {
			f.ids = append(f.ids, id)
			f.accounts[from].validated = true // our owner has chosen it
		}
	default:
		f.owner()
	}
}

func (f *fuzzer) arrives(from int, b []byte) {
	f.accounts[from].in += len(b)
	f.s.Arrived(f.now, f.addr(from), b)
}

// owner has the owner of a connection do something.
func (f *fuzzer) owner() {
	if len(f.ids) == 0 {
		return
	}
	id := f.ids[f.byte()%len(f.ids)]
	room := [][]byte{f.buf[:f.byte()*40]}
	switch f.byte() % 5 {
	case 0, 1:
		_, _ = f.s.Write(f.now, id, room)
	case 2:
		_, _ = f.s.Read(f.now, id, room)
	case 3:
		f.s.Finish(f.now, id)
	case 4:
		f.s.Close(f.now, id, uint16(f.byte()))
	}
}

// Whatever arrives, in whatever order and at whatever time, and whatever the owner does meanwhile: nothing contradicts itself, nothing
// grows without end, and no address is sent more than three times what came from it before it is validated. [UTP-8, UTP-37]
func FuzzSocket(f *testing.F) {
	f.Add([]byte("a dial, some packets"))
	f.Add([]byte{0, 6, 0, 0, 2, 1, 0, 4, 0, 0, 0, 0, 9, 9, 0, 0, 7, 0, 255, 0, 0, 0, 5, 100, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		z := &fuzzer{t: t, s: New(Config{Conns: 8, Receive: leastBuffer, Send: leastBuffer, Memory: leastBuffer}, 1), data: data, buf: make([]byte, 1<<16)}
		for len(z.data) > 0 {
			z.step()
			z.drain()
		}
		for range 100 { // left alone, it comes to rest
			z.now = max(z.now, min(z.s.NextDeadline(), z.now.Add(time.Hour)))
			z.s.Tick(z.now)
			z.drain()
		}
	})
}
