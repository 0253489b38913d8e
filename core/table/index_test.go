package table

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// An index finds what stands in a list and nothing else, whatever is put in and taken out, and closed up.
func TestIndexFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Index[uint16]
		var list []bt.Endpoint
		whose := func(at int) *bt.Endpoint { return &list[at] }
		name := rapid.Custom(func(t *rapid.T) (e bt.Endpoint) {
			e.IP[15], e.IP[0], e.Port = rapid.Byte().Draw(t, "ip"), rapid.ByteRange(0, 1).Draw(t, "net"), rapid.Uint16Range(0, 2).Draw(t, "port")
			return e
		})
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			e := name.Draw(t, "name")
			switch at := slices.Index(list, e); {
			case x.Find(&e, whose) != at:
				t.Fatalf("%v stands at %d, and is found at %d", e.AddrPort(), at, x.Find(&e, whose))
			case at < 0:
				list = append(list, e)
				x.Add(len(list)-1, whose)
			default:
				if from := x.Remove(&e, whose); from != at {
					t.Fatalf("%v stood at %d, and was at %d", e.AddrPort(), at, from)
				}
				list = slices.Delete(list, at, at+1)
				x.CloseUp(at)
			}
			for at := range list {
				if found := x.Find(&list[at], whose); found != at || x.Len() != len(list) {
					t.Fatalf("%d of %d is found at %d, of %d", at, len(list), found, x.Len())
				}
			}
		}
	})
}

// Nothing is allocated to find.
func TestIndexAllocatesNothing(t *testing.T) {
	var x Index[uint32]
	list := []bt.Endpoint{{Port: 1}, {Port: 2}}
	whose := func(at int) *bt.Endpoint { return &list[at] }
	x.Add(0, whose)
	x.Add(1, whose)
	if n := testing.AllocsPerRun(100, func() {
		x.Find(&list[1], func(at int) *bt.Endpoint { return &list[at] })
		x.Remove(&list[1], whose)
		x.Add(1, whose)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
