//go:build !portable

package tcp

import (
	"errors"
	"testing"
)

const implementation = "epoll"

// TestNoAllocation wants a round of waiting, reading and writing to allocate nothing.
func TestNoAllocation(t *testing.T) {
	s := newStation(t)
	a, _ := s.meet("127.0.0.1", true)
	room, bufs := [][]byte{make([]byte, 8), make([]byte, 64)}, [][]byte{make([]byte, 5), make([]byte, 6)}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.Write(bufs); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Read(room); !errors.Is(err, ErrWait) {
			t.Fatal(err)
		}
		s.Wake()
		s.Wait(0)
	}); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}
