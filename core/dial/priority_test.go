package dial

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

// The vectors of BEP 40 and of the reference, and IPv6 by the BEP's text, computed apart. [DIA-14]
func TestPriority(t *testing.T) {
	for _, v := range []struct {
		a, b string
		want uint32
	}{
		{"123.213.32.10:0", "98.76.54.32:0", 0xec2d7224},
		{"123.213.32.10:0", "123.213.32.234:0", 0x99568189},
		{"1.2.3.4:300", "1.2.3.4:1234", 0xae8b7034},
		{"230.12.123.1:0", "230.12.123.3:0", 0x99c54d79},
		{"230.12.23.1:0", "230.12.123.3:0", 0x21fd5f80},
		{"230.120.23.1:0", "230.12.123.3:0", 0xfa9a860e},
		{"[2001:db8::1]:0", "[2001:db8:1::2]:0", 0x2de59f19},
		{"[2001:db8:0:1100::1]:0", "[2001:db8:0:ee00::2]:0", 0xe96a5a88},
		{"[2001:db8:0:11aa::1]:0", "[2001:db8:0:1155::2]:0", 0x66edc383},
		{"[2001:db8::aa]:0", "[2001:db8::55]:0", 0x5b27a209},
	} {
		a, b := netip.MustParseAddrPort(v.a), netip.MustParseAddrPort(v.b)
		if got, back := Priority(a, b), Priority(b, a); got != v.want || back != v.want {
			t.Errorf("%s and %s: %08x, the other way %08x, want %08x", v.a, v.b, got, back, v.want)
		}
	}
}

// Which bits count, byte by byte. [DIA-14]
func TestPriorityMasks(t *testing.T) {
	p := func(a, b string) uint32 { return Priority(netip.MustParseAddrPort(a), netip.MustParseAddrPort(b)) }
	for _, v := range []struct {
		a, b, c string // b and c differ in bits that do, or do not, count against a
		same    bool
	}{
		{"10.1.0.0:1", "20.1.0.0:1", "20.1.170.170:1", true},       // other network: half the bits
		{"10.1.0.0:1", "20.1.0.0:1", "20.1.1.0:1", false},          //
		{"10.1.0.0:1", "20.1.0.0:1", "20.3.0.0:1", false},          // the network in full
		{"10.1.0.0:1", "10.1.7.0:1", "10.1.7.170:1", true},         // same /16
		{"10.1.0.0:1", "10.1.7.0:1", "10.1.5.0:1", false},          // the third byte in full
		{"10.1.7.0:1", "10.1.7.1:1", "10.1.7.3:1", false},          // same /24: all
		{"10.1.0.0:1", "20.1.0.0:1", "20.1.0.0:2", true},           // ports do not count,
		{"10.1.0.0:1", "10.1.0.0:2", "10.1.0.0:3", false},          // but for one address
		{"[1::]:1", "[2::]:1", "[2:0:0:aaaa::]:1", true},           // other /48
		{"[1::]:1", "[2::]:1", "[2:0:2::]:1", false},               //
		{"[1::]:1", "[1:0:0:100::]:1", "[1:0:0:1aa::]:1", true},    // same /48
		{"[1::]:1", "[1:0:0:100::]:1", "[1:0:0:300::]:1", false},   //
		{"[1::]:1", "[1:0:0:1::]:1", "[1:0:0:1:a000::]:1", true},   // same /56
		{"[1::]:1", "[1:0:0:1::]:1", "[1:0:0:3::]:1", false},       //
		{"[1::1]:1", "[1::3]:1", "[1::5]:1", false},                // all but the last byte
		{"[1::]:1", "[1::300]:1", "[1::3aa]:1", true},              //
		{"[1::]:1", "[1::300]:1", "[1::355]:1", false},             //
		{"[1:0:1::]:1", "[1:0:2::]:1", "[1:0:2:aa00::]:1", true},   // first difference in the sixth byte: still 6 in full
		{"[1:0:1::]:1", "[1:0:2::]:1", "[1:0:2:100::]:1", false},   //
		{"[1:0:100::]:1", "[1:0:2::]:1", "[1:0:2:aa00::]:1", true}, // and in the fifth
	} {
		if x, y := p(v.a, v.b), p(v.a, v.c); (x == y) != v.same {
			t.Errorf("%s: with %s %08x, with %s %08x", v.a, v.b, x, v.c, y)
		}
	}
}

// Both ends come to the same. [DIA-14]
func TestPriorityIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{4, 16}).Draw(t, "bytes")
		draw := func(name string) netip.AddrPort {
			b := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 0x55, 0xaa, 0xff}), n, n).Draw(t, name)
			a, _ := netip.AddrFromSlice(b)
			return netip.AddrPortFrom(a, rapid.Uint16().Draw(t, name+" port"))
		}
		a, b := draw("a"), draw("b")
		if Priority(a, b) != Priority(b, a) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}
