package wire

import (
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// specimens holds one message of every known id, in the order of the ids.
var specimens = []Message{
	{ID: Choke},
	{ID: Unchoke},
	{ID: Interested},
	{ID: NotInterested},
	{ID: Have, Block: bt.Block{Piece: 1234}},
	{ID: Bitfield, Body: make([]byte, 512)},
	{ID: Request, Block: bt.Block{Piece: 1234, Begin: 3 * bt.BlockSize, Length: bt.BlockSize}},
	{ID: Piece, Block: bt.Block{Piece: 1234, Begin: 3 * bt.BlockSize, Length: bt.BlockSize}},
	{ID: Cancel, Block: bt.Block{Piece: 1234, Begin: 3 * bt.BlockSize, Length: bt.BlockSize}},
	{ID: Port, Port: 6881},
	{ID: Suggest, Block: bt.Block{Piece: 1234}},
	{ID: HaveAll},
	{ID: HaveNone},
	{ID: Reject, Block: bt.Block{Piece: 1234, Begin: 3 * bt.BlockSize, Length: bt.BlockSize}},
	{ID: AllowedFast, Block: bt.Block{Piece: 1234}},
	{ID: Extended, ExtID: 1, Body: make([]byte, 100)},
	{ID: KeepAlive},
}

// specimenRules are kept by every specimen.
var specimenRules = Rules{Pieces: 4096, Fast: true}

func BenchmarkDecode(b *testing.B) {
	for _, want := range specimens {
		frame := Append(nil, &want)
		b.Run(want.ID.String(), func(b *testing.B) {
			b.ReportAllocs()
			var m Message
			for b.Loop() {
				n, _, v := Decode(frame, &specimenRules, &m)
				if m.ID != want.ID || n != len(frame) || v != 0 {
					b.Fatal(m, n, v)
				}
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, m := range specimens {
		buf := make([]byte, 0, 1024)
		b.Run(m.ID.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(Append(buf, &m)) == 0 {
					b.Fatal("nothing appended")
				}
			}
		})
	}
}

// TestNoAllocations: a message costs none, in either direction, nor a bitfield into room that is there.
func TestNoAllocations(t *testing.T) {
	const n = 100_000
	have := bitset.New(n)
	wire := make([]byte, BitfieldLen(n))
	buf := make([]byte, 0, PlainLen+len(wire))
	shake := AppendHandshake(nil, NewHandshake(testTorrent, testPeer))
	none := func(name string, f func()) {
		if allocs := testing.AllocsPerRun(100, f); allocs != 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
	for _, m := range specimens {
		frame := Append(nil, &m)
		var got Message
		none("decoding "+m.ID.String(), func() { Decode(frame, &specimenRules, &got) })
		none("encoding "+m.ID.String(), func() { Append(buf, &m) })
		none("a part of "+m.ID.String(), func() { Decode(frame[:len(frame)-1], &specimenRules, &got) })
		none("refusing "+m.ID.String(), func() { Decode(frame, &Rules{Pieces: 1}, &got) })
	}
	none("encoding a set", func() { AppendBitfield(buf, have, n) })
	none("set to wire", func() { ToWire(wire, have, n) })
	none("set from wire", func() { FromWire(have, wire, n) })
	none("decoding a handshake", func() { DecodeHandshake(shake) })
	none("encoding a handshake", func() { AppendHandshake(buf, NewHandshake(testTorrent, testPeer)) })
}
