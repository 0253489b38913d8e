package wire

import (
	"bytes"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// FuzzDecode: any stream, under any rules and however cut, keeps Decode within its contract; what it accepts
// is what it would write.
func FuzzDecode(f *testing.F) {
	var all []byte
	for _, m := range specimens {
		f.Add(Append(nil, &m), specimenRules.Pieces, true, uint8(3))
		all = append(Append(all, &m), make([]byte, payloadOf(&m))...)
	}
	f.Add(all, specimenRules.Pieces, true, uint8(200))
	f.Add(all, uint32(0), false, uint8(1))
	f.Add([]byte{0, 0, 0, 3, 5, 0xff, 0xff}, uint32(9), false, uint8(0))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff}, uint32(0), true, uint8(0))
	f.Fuzz(func(t *testing.T, stream []byte, pieces uint32, fast bool, chunk uint8) {
		r := Rules{Pieces: pieces % (bt.MaxPieces + 1), Fast: fast}
		whole := read(t, stream, &r, func(left int) int { return left })
		cut := read(t, stream, &r, func(left int) int { return min(left, 1+int(chunk)) })
		if len(whole.messages) != len(cut.messages) || whole.end != cut.end {
			t.Fatalf("whole %d messages, then %v; cut %d, then %v", len(whole.messages), whole.end, len(cut.messages), cut.end)
		}
		at := 0
		for i, m := range whole.messages {
			b := Append(nil, &m)
			if !bytes.HasPrefix(stream[at:], b) {
				t.Fatalf("message %d, %v, is not what stands at %d", i, m, at)
			}
			at += len(b) + min(payloadOf(&m), len(stream)-at-len(b))
			if other := Append(nil, &cut.messages[i]); !bytes.Equal(b, other) || whole.violations[i] != cut.violations[i] {
				t.Fatalf("message %d is %x whole and %x cut", i, b, other)
			}
			bounded(t, &m, whole.violations[i], &r)
		}
	})
}

// bounded checks that what others index and allocate by is within the rules.
func bounded(t *testing.T, m *Message, v clause.Violation, r *Rules) {
	switch {
	case m.ID == Have && m.Block.Piece >= r.End(),
		(m.ID == Suggest || m.ID == AllowedFast) && v == 0 && m.Block.Piece >= r.End(),
		m.ID == Piece && (m.Block.Length == 0 || m.Block.Length > bt.BlockSize),
		m.ID == Bitfield && (len(m.Body) == 0 || len(m.Body) > MaxBitfield || r.Pieces != 0 && len(m.Body) != BitfieldLen(r.Pieces)),
		m.ID == Extended && len(m.Body) > MaxExtended,
		m.ID >= Suggest && m.ID <= AllowedFast && !r.Fast:
		t.Fatalf("%v accepted under %+v", m, *r)
	}
}

// FuzzHandshake: any bytes are refused at the first that is wrong, or taken as they are, or too few.
func FuzzHandshake(f *testing.F) {
	good := AppendHandshake(nil, NewHandshake(testTorrent, testPeer))
	f.Add(good)
	f.Add(good[:48])
	f.Add(good[:19])
	f.Add([]byte("GET / HTTP/1.1\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, n, need, v := DecodeHandshake(b)
		begun := b[:min(len(b), 20)]
		switch right := bytes.HasPrefix(good, begun); {
		case !right && (v != clause.NotBitTorrent || n != 0 || need != 0):
			t.Fatalf("accepts %q: took %d, needs %d, %v", begun, n, need, v)
		case right && len(b) < 68 && (v != 0 || n != 0 || need != 68):
			t.Fatalf("%d bytes: took %d, needs %d, %v", len(b), n, need, v)
		case right && len(b) >= 68 && (v != 0 || n != 68 || need != 0 || !bytes.Equal(AppendHandshake(nil, h), b[:68])):
			t.Fatalf("%q: took %d, needs %d, %+v, %v", b[:68], n, need, h, v)
		}
	})
}
