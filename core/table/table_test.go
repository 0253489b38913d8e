package table

import (
	"testing"

	"pgregory.net/rapid"
)

// A table is a map, whatever is done to it.
func TestIsMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table Table[uint32, int]
		model := map[uint32]int{}
		key := rapid.OneOf(rapid.Uint32Range(1, 20), rapid.Uint32Range(1<<31+1, 1<<31+20), rapid.Uint32Min(1))
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			k := key.Draw(t, "key")
			if rapid.Bool().Draw(t, "set") {
				v := rapid.Int().Draw(t, "value")
				table.Set(k, v)
				model[k] = v
			} else {
				table.Delete(k)
				delete(model, k)
			}
			if table.Len() != len(model) {
				t.Fatalf("%d of %d", table.Len(), len(model))
			}
			for k, v := range model {
				if have := table.Get(k); have == nil || *have != v {
					t.Fatalf("%d: %v, not %d", k, have, v)
				}
			}
			if k := key.Draw(t, "other"); table.Get(k) != nil {
				if _, ok := model[k]; !ok {
					t.Fatalf("%d is there", k)
				}
			}
		}
	})
}

// In a table that numbers come to and go from in turn nothing is allocated.
func TestAllocatesNothing(t *testing.T) {
	var table Table[uint64, [4]int]
	last := uint64(0)
	next := func() {
		last++
		table.Set(last, [4]int{})
		if last > 100 {
			table.Delete(last - 100)
		}
	}
	for range 1000 {
		next()
	}
	if n := testing.AllocsPerRun(1000, next); n != 0 {
		t.Error(n)
	}
}

// Zero is no number.
func TestZero(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("0 was taken")
		}
	}()
	var table Table[uint32, int]
	if table.Get(0) != nil {
		t.Error("0 has a value")
	}
	table.Set(0, 1)
}
