package utp

import "testing"

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
