package disk

import (
	"testing"

	"peerwire/core/bt"
)

// TestPool gives as many buffers as it may, each its own, and tells when there are some again.
func TestPool(t *testing.T) {
	told := 0
	p := NewPool(40*bt.BlockSize-1, func() { told++ })
	var out []*Buffer
	for b := p.Get(); b != nil; b = p.Get() {
		if len(b.Data) != bt.BlockSize || cap(b.Data) != bt.BlockSize || b.Data[0] != 0 {
			t.Fatalf("buffer %d is not clean, or not of a block's size", len(out))
		}
		b.Data[0], b.Data[bt.BlockSize-1] = byte(len(out)+1), byte(len(out)+1)
		out = append(out, b)
	}
	if len(out) != 40 || p.Out() != 40*bt.BlockSize {
		t.Errorf("%d buffers, %d bytes out", len(out), p.Out())
	}
	for i, b := range out {
		if b.Data[0] != byte(i+1) || b.Data[bt.BlockSize-1] != byte(i+1) {
			t.Fatalf("buffer %d is shared", i)
		}
		b.Free()
		if want := min(1, (i+1)/5); told != want {
			t.Fatalf("after %d were freed: told %d times", i+1, told)
		}
	}
	if p.Get().Free(); told != 1 || p.Out() != 0 {
		t.Errorf("told %d times, %d bytes out", told, p.Out())
	}
	defer func() {
		if recover() == nil {
			t.Error("freed twice without a panic")
		}
	}()
	out[0].Free()
}
