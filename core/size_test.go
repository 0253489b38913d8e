package core

import (
	"reflect"
	"testing"

	"peerwire/core/peerfsm"
)

// A connection takes 512 bytes at most, and so does what it has of blocks with 224: sizes in which memory is allocated. A byte more would take 64
// of each of dozens of connections, and 16.
func TestSizes(t *testing.T) {
	if n := reflect.TypeFor[conn]().Size(); n > 512 {
		t.Errorf("a connection takes %d bytes", n)
	}
	trade, ok := reflect.TypeFor[peerfsm.Peer]().FieldByName("trade")
	if !ok || trade.Type.Elem().Size() > 224 {
		t.Errorf("what it has of blocks: %t, %v", ok, trade.Type)
	}
}
