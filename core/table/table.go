// Package table is what keeps much in little memory: a map from numbers that are given out one after the other, of connections, of tokens; an index of
// endpoints; and lists that grow by little.
package table

import "math/bits"

// Table keeps a value for each of some numbers other than 0. It has one piece of memory, in which most numbers stand where they belong or
// right behind, so that to look one up is to look at one place: what a Go map has between a key and its value is felt where there are
// thousands of maps, and none of them is in a cache. The zero Table is empty. It shows no order.
type Table[K ~uint32 | ~uint64, V any] struct {
	slots []slot[K, V] // their number is a power of two, and at most seven eighths are taken
	count int
	shift uint8 // 64 less the power
}

type slot[K ~uint32 | ~uint64, V any] struct {
	key   K // 0 where the slot is free
	value V
}

const least = 8 // slots

// Len is how many numbers have a value.
func (t *Table[K, V]) Len() int { return t.count }

// place is the slot of a number, or the free one where it would stand.
func (t *Table[K, V]) place(key K) int {
	mask := len(t.slots) - 1
	for i := t.home(key); ; i = (i + 1) & mask {
		if k := t.slots[i].key; k == key || k == 0 {
			return i
		}
	}
}

// home is where a number belongs. Multiples of the golden ratio spread numbers that follow one another evenly.
func (t *Table[K, V]) home(key K) int { return int(uint64(key) * 0x9e3779b97f4a7c15 >> t.shift) }

// Get finds the value of a number; nil when it has none. What it points to moves with the next Set or Delete.
func (t *Table[K, V]) Get(key K) *V {
	if t.count == 0 {
		return nil
	}
	if s := &t.slots[t.place(key)]; s.key != 0 {
		return &s.value
	}
	return nil
}

// Set gives a number a value.
func (t *Table[K, V]) Set(key K, v V) {
	if key == 0 {
		panic("BUG: 0 is no number of a table")
	}
	if 8*(t.count+1) > 7*len(t.slots) {
		t.grow()
	}
	s := &t.slots[t.place(key)]
	if s.key == 0 {
		t.count++
	}
	*s = slot[K, V]{key, v}
}

func (t *Table[K, V]) grow() {
	old := t.slots
	t.slots = make([]slot[K, V], max(least, 2*len(old)))
	t.shift = uint8(bits.LeadingZeros64(uint64(len(t.slots) - 1)))
	for i := range old {
		if old[i].key != 0 {
			t.slots[t.place(old[i].key)] = old[i]
		}
	}
}

// Delete takes a number out. Those that stand behind it because their own places were taken move up.
func (t *Table[K, V]) Delete(key K) {
	if t.Get(key) == nil {
		return
	}
	mask := len(t.slots) - 1
	free := t.place(key)
	for i := (free + 1) & mask; t.slots[i].key != 0; i = (i + 1) & mask {
		if (i-t.home(t.slots[i].key))&mask >= (i-free)&mask {
			t.slots[free] = t.slots[i]
			free = i
		}
	}
	t.slots[free] = slot[K, V]{}
	t.count--
}
