package utp

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// What is written is read again, with whatever extensions before, between and behind that nobody knows. [UTP-1, UTP-2]
func TestPacketsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := packet{
			kind: kind(rapid.IntRange(0, int(numKinds)-1).Draw(t, "kind")), id: rapid.Uint16().Draw(t, "id"),
			stamp: rapid.Uint32().Draw(t, "stamp"), difference: rapid.Uint32().Draw(t, "difference"), window: rapid.Uint32().Draw(t, "window"),
			seq: rapid.Uint16().Draw(t, "seq"), ack: rapid.Uint16().Draw(t, "ack"),
			reason: rapid.Uint16().Draw(t, "reason"), largest: rapid.Uint16().Draw(t, "largest"),
			sack: rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "sack"), payload: rapid.SliceOf(rapid.Byte()).Draw(t, "payload"),
		}
		pads := rapid.SliceOfN(rapid.SampledFrom([]int{0, 2, 3, 256, 257, 258, 259, 260, 1000}), 4, 4).Draw(t, "pads")
		buf := make([]byte, 1<<13)
		w := want.put(buf)
		w.lead()
		for i, add := range []func(){
			func() { w.reason(want.reason) },
			func() { w.largest(int(want.largest)) },
			func() { copy(w.extension(extSack, len(want.sack)), want.sack) },
			func() {},
		} {
			before := w.n
			w.pad(pads[i])
			if w.n-before != pads[i] {
				t.Fatalf("%d bytes of padding, want %d", w.n-before, pads[i])
			}
			add()
		}
		n := w.n + copy(buf[w.n:], want.payload)
		var have packet
		if !belongs(buf[:n]) || !have.parse(buf[:n]) {
			t.Fatal("not read")
		}
		if !bytes.Equal(have.sack, want.sack) || !bytes.Equal(have.payload, want.payload) || have.reason != want.reason || have.largest != want.largest ||
			have.kind != want.kind || have.id != want.id || have.stamp != want.stamp || have.difference != want.difference ||
			have.window != want.window || have.seq != want.seq || have.ack != want.ack {
			t.Fatalf("have %+v, want %+v", have, want)
		}
		for cut := range w.n { // no packet that is cut short in its head is taken for whole
			var p packet
			if belongs(buf[:cut]) && p.parse(buf[:cut]) && cut < headerSize {
				t.Fatalf("read from %d bytes", cut)
			}
		}
	})
}

// No packet begins its extensions with one that libutp takes for another version of the protocol, and padding makes it as long as was
// wanted all the same, or a byte shorter where no extension is so small. [UTP-38]
func TestLead(t *testing.T) {
	b := make([]byte, 4096)
	begin := func() writer { return (&packet{kind: kindData}).put(b) }
	check := func(name string, w writer, first uint8) {
		t.Helper()
		var p packet
		if b[1] != first || !p.parse(b[:w.n]) || len(p.payload) > 0 {
			t.Errorf("%s: first is %d; %x", name, b[1], b[:w.n])
		}
	}
	w := begin()
	w.largest(1472)
	w.reason(7)
	check("largest", w, extBits)
	w = begin()
	w.reason(7)
	check("reason", w, extBits)
	w = begin()
	w.extension(extSack, 4)
	w.reason(7)
	check("acknowledgement and reason", w, extSack)
	for size := bitsSize; size < 2000; size++ {
		w = begin()
		w.pad(size)
		check("padding", w, extBits)
		if got := w.n - headerSize; got != size && got != size-1 {
			t.Errorf("%d bytes of padding, not %d", got, size)
		}
	}
}
