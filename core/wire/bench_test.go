package wire

import (
	"testing"

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
