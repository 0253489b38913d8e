package table

import "peerwire/internal/prefetch"

// Foresee has the processor fetch where a number stands, as a rule.
func (t *Table[K, V]) Foresee(key K) {
	if t.count > 0 {
		prefetch.Value(&t.slots[t.home(key)])
	}
}
