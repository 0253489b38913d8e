package core

import (
	"reflect"
	"testing"

	"peerwire/core/peerfsm"
)

// What there are dozens of in a session fills the sizes in which memory is allocated. With a byte more a connection would take 480, what it has
// of blocks that it asked for 208, and of those that it was asked for 96.
func TestSizes(t *testing.T) {
	if n := reflect.TypeFor[conn]().Size(); n > 448 {
		t.Errorf("a connection takes %d bytes", n)
	}
	for name, most := range map[string]uintptr{"down": 192, "up": 80} {
		if f, ok := reflect.TypeFor[peerfsm.Peer]().FieldByName(name); !ok || f.Type.Elem().Size() > most {
			t.Errorf("what it has of blocks in one direction: %s, %t, %v", name, ok, f.Type)
		}
	}
}
