package core

import (
	"reflect"
	"testing"

	"peerwire/core/peerfsm"
)

// What there are dozens of in a session fills the sizes in which memory is allocated. With a byte more a connection would take 576, and what it has
// of blocks 240.
func TestSizes(t *testing.T) {
	if n := reflect.TypeFor[conn]().Size(); n > 512 {
		t.Errorf("a connection takes %d bytes", n)
	}
	trade, ok := reflect.TypeFor[peerfsm.Peer]().FieldByName("trade")
	if !ok || trade.Type.Elem().Size() > 224 {
		t.Errorf("what it has of blocks: %t, %v", ok, trade.Type)
	}
}
