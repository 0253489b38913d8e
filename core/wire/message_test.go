package wire

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"github.com/google/go-cmp/cmp"

	"peerwire/core/bt"
)

// vectors are frames written by hand from the BEPs' words, what they mean, and how a transcript says it.
var vectors = []struct {
	frame string // hexadecimal
	m     Message
	text  string
}{
	{"00000000", Message{ID: KeepAlive}, "keep-alive"},
	{"00000001 00", Message{ID: Choke}, "choke"},
	{"00000001 01", Message{ID: Unchoke}, "unchoke"},
	{"00000001 02", Message{ID: Interested}, "interested"},
	{"00000001 03", Message{ID: NotInterested}, "not-interested"},
	{"00000005 04 00010203", Message{ID: Have, Block: bt.Block{Piece: 0x10203}}, "have 66051"},
	{"00000003 05 a5c0", Message{ID: Bitfield, Body: []byte{0xa5, 0xc0}}, "bitfield, 2 bytes"},
	{"0000000d 06 00000003 00004000 00002000", Message{ID: Request, Block: bt.Block{Piece: 3, Begin: 16384, Length: 8192}}, "request 3 @16384 +8192"},
	{"00004009 07 00000003 00004000", Message{ID: Piece, Block: bt.Block{Piece: 3, Begin: 16384, Length: 16384}}, "piece 3 @16384 +16384"},
	{"0000000a 07 00000003 00004000", Message{ID: Piece, Block: bt.Block{Piece: 3, Begin: 16384, Length: 1}}, "piece 3 @16384 +1"},
	{"0000000d 08 ffffffff fffffffe fffffffd", Message{ID: Cancel, Block: bt.Block{Piece: 1<<32 - 1, Begin: 1<<32 - 2, Length: 1<<32 - 3}},
		"cancel 4294967295 @4294967294 +4294967293"},
	{"00000003 09 1ae1", Message{ID: Port, Port: 6881}, "port 6881"},
	{"00000005 0d 00000007", Message{ID: Suggest, Block: bt.Block{Piece: 7}}, "suggest 7"},
	{"00000001 0e", Message{ID: HaveAll}, "have-all"},
	{"00000001 0f", Message{ID: HaveNone}, "have-none"},
	{"0000000d 10 00000003 00004000 00004000", Message{ID: Reject, Block: bt.Block{Piece: 3, Begin: 16384, Length: 16384}}, "reject 3 @16384 +16384"},
	{"00000005 11 00000000", Message{ID: AllowedFast}, "allowed-fast 0"},
	{"00000004 14 00 6465", Message{ID: Extended, Body: []byte("de")}, "extended 0, 2 bytes"},
	{"00000002 14 03", Message{ID: Extended, ExtID: 3, Body: []byte{}}, "extended 3, 0 bytes"},
}

// unhex reads hexadecimal digits with spaces among them.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVectors: every message is decoded from, and encoded to, exactly these bytes. [FRM-1]
func TestVectors(t *testing.T) {
	for _, v := range vectors {
		frame := unhex(t, v.frame)
		var m Message
		n, need, violation := Decode(frame, &Rules{Fast: true}, &m)
		if n != len(frame) || need != 0 || violation != 0 {
			t.Errorf("%s: Decode took %d bytes of %d, needs %d, %v", v.text, n, len(frame), need, violation)
		}
		if d := cmp.Diff(v.m, m); d != "" {
			t.Errorf("%s: decoded otherwise (-want +got):\n%s", v.text, d)
		}
		if got := Append([]byte("before"), &v.m); !bytes.Equal(got, append([]byte("before"), frame...)) {
			t.Errorf("%s: encoded as %x, want %x", v.text, got[6:], frame)
		}
		if m.String() != v.text {
			t.Errorf("%s: written as %q", v.text, m)
		}
	}
}

// TestAppenders: each function writes what Append writes of the same message.
func TestAppenders(t *testing.T) {
	k := bt.Block{Piece: 0x01020304, Begin: 0x05060708, Length: 0x090a0b0c}
	have := bitset.New(10).Set(0).Set(2).Set(5).Set(7).Set(8).Set(9)
	tests := []struct {
		got  []byte
		want Message
	}{
		{AppendKeepAlive(nil), Message{ID: KeepAlive}},
		{AppendChoke(nil), Message{ID: Choke}},
		{AppendUnchoke(nil), Message{ID: Unchoke}},
		{AppendInterested(nil), Message{ID: Interested}},
		{AppendNotInterested(nil), Message{ID: NotInterested}},
		{AppendHave(nil, k.Piece), Message{ID: Have, Block: k}},
		{AppendBitfield(nil, have, 10), Message{ID: Bitfield, Body: []byte{0xa5, 0xc0}}},
		{AppendRequest(nil, k), Message{ID: Request, Block: k}},
		{AppendPieceHeader(nil, k), Message{ID: Piece, Block: k}},
		{AppendCancel(nil, k), Message{ID: Cancel, Block: k}},
		{AppendPort(nil, 0x0102), Message{ID: Port, Port: 0x0102}},
		{AppendSuggest(nil, k.Piece), Message{ID: Suggest, Block: k}},
		{AppendHaveAll(nil), Message{ID: HaveAll}},
		{AppendHaveNone(nil), Message{ID: HaveNone}},
		{AppendReject(nil, k), Message{ID: Reject, Block: k}},
		{AppendAllowedFast(nil, k.Piece), Message{ID: AllowedFast, Block: k}},
		{AppendExtended(nil, 9, []byte("abc")), Message{ID: Extended, ExtID: 9, Body: []byte("abc")}},
	}
	for _, test := range tests {
		if want := Append(nil, &test.want); !bytes.Equal(test.got, want) {
			t.Errorf("%v: %x, want %x", test.want, test.got, want)
		}
	}
}

// TestUnknownNames: ids that are nobody's have a name too, for logs.
func TestUnknownNames(t *testing.T) {
	for id, want := range map[ID]string{10: "message 10", 12: "message 12", 18: "message 18", 21: "message 21", 254: "message 254"} {
		if id.String() != want {
			t.Errorf("id %d is called %q", uint8(id), id)
		}
	}
}

// TestOursToBreak: what only our own code could ask for is a bug, and said to be one.
func TestOursToBreak(t *testing.T) {
	breaks := map[string]func(){
		"unknown id":            func() { Append(nil, &Message{ID: 99}) },
		"extension too long":    func() { AppendExtended(nil, 1, make([]byte, MaxExtended+1)) },
		"set of another size":   func() { AppendBitfield(nil, bitset.New(10), 11) },
		"room too short":        func() { ToWire(make([]byte, 1), bitset.New(10), 10) },
		"bitfield too short":    func() { FromWire(bitset.New(10), make([]byte, 1), 10) },
		"bitfield too long":     func() { FromWire(bitset.New(10), make([]byte, 3), 10) },
		"bitfield of other set": func() { FromWire(bitset.New(11), make([]byte, 2), 10) },
	}
	for name, f := range breaks {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || !strings.HasPrefix(s, "BUG: ") {
					t.Errorf("%s: not refused as a bug: %q", name, s)
				}
			}()
			f()
		}()
	}
}
