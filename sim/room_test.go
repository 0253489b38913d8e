package sim

import (
	"testing"

	"pgregory.net/rapid"
)

// Rooms have space for what was asked, and nobody writes into another's, whatever was given back and taken again.
func TestRooms(t *testing.T) {
	type guest struct {
		room room
		mark byte
	}
	rapid.Check(t, func(t *rapid.T) {
		var r rooms
		var guests []guest
		size := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(1000, 40_000))
		for step := range rapid.IntRange(1, 200).Draw(t, "steps") {
			if n := len(guests); n > 0 && rapid.Bool().Draw(t, "leave") {
				i := rapid.IntRange(0, n-1).Draw(t, "who")
				g := guests[i]
				for _, b := range r.bytes(g.room) {
					if b != g.mark {
						t.Fatalf("%d in the room of %d", b, g.mark)
					}
				}
				r.give(g.room)
				guests = append(guests[:i], guests[i+1:]...)
				continue
			}
			n, g := size.Draw(t, "size"), guest{mark: byte(step + 1)}
			g.room = r.take(n)
			all := r.bytes(g.room)
			if g.room == 0 || len(all) < n || len(all) >= 2*max(n, 1<<smallRoom) {
				t.Fatalf("room %d of %d bytes for %d", g.room, len(all), n)
			}
			for i := range all {
				all[i] = g.mark
			}
			guests = append(guests, g)
		}
	})
}
