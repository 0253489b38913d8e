package wire

import (
	"encoding/binary"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// outcome is what Decode answers.
type outcome struct {
	n, need   int
	violation clause.Violation
}

func decode(b []byte, r *Rules) outcome {
	var m Message
	n, need, v := Decode(b, r, &m)
	return outcome{n, need, v}
}

// frame is a length field, an id, and zeros up to the length that the field tells, or less.
func frame(size uint32, id ID, bytes int) []byte {
	b := make([]byte, bytes)
	var head [headLen]byte
	binary.BigEndian.PutUint32(head[:], size)
	head[prefixLen] = byte(id)
	copy(b, head[:])
	return b
}

// lengths is SPEC.md's table of FRM-4 for a torrent of 100 pieces, and the violation beside it.
var lengths = map[ID]struct {
	min, max uint32
	short    clause.Violation
	long     clause.Violation
}{
	Choke:         {1, 1, 0, clause.WrongLength},
	Unchoke:       {1, 1, 0, clause.WrongLength},
	Interested:    {1, 1, 0, clause.WrongLength},
	NotInterested: {1, 1, 0, clause.WrongLength},
	Have:          {5, 5, clause.WrongLength, clause.WrongLength},
	Bitfield:      {14, 14, clause.BitfieldLength, clause.BitfieldLength},
	Request:       {13, 13, clause.WrongLength, clause.WrongLength},
	Piece:         {10, 16393, clause.WrongLength, clause.WrongLength},
	Cancel:        {13, 13, clause.WrongLength, clause.WrongLength},
	Port:          {3, 3, clause.WrongLength, clause.WrongLength},
	Suggest:       {5, 5, clause.WrongLength, clause.WrongLength},
	HaveAll:       {1, 1, 0, clause.WrongLength},
	HaveNone:      {1, 1, 0, clause.WrongLength},
	Reject:        {13, 13, clause.WrongLength, clause.WrongLength},
	AllowedFast:   {5, 5, clause.WrongLength, clause.WrongLength},
	Extended:      {2, 65538, clause.WrongLength, clause.ExtensionTooLarge},
}

// expected says, from that table, what a frame of zeros comes to.
func expected(size uint32, id ID, fast bool) outcome {
	l, known := lengths[id]
	switch {
	case !known:
		return outcome{violation: clause.UnknownMessage}
	case id >= Suggest && id <= AllowedFast && !fast:
		return outcome{violation: clause.FastUnnegotiated}
	case size < l.min:
		return outcome{violation: l.short}
	case size > l.max:
		return outcome{violation: l.long}
	case id == Piece:
		return outcome{n: 13}
	}
	return outcome{n: 4 + int(size)}
}

// TestEveryIDAndLength: of all ids and lengths from 0 to 20, what is accepted and what each other one breaks; and
// five bytes tell a refusal as well as all of them. [FRM-4] [FRM-5] [FRM-6] [FST-1]
func TestEveryIDAndLength(t *testing.T) {
	accepted := 0
	for _, fast := range []bool{false, true} {
		rules := Rules{Pieces: 100, Fast: fast}
		for id := range 256 {
			for size := uint32(1); size <= 20; size++ {
				want := expected(size, ID(id), fast)
				if got := decode(frame(size, ID(id), 4+int(size)), &rules); got != want {
					t.Errorf("%v of length %d, fast %v: %+v, want %+v", ID(id), size, fast, got, want)
				}
				early := want
				if want.violation == 0 {
					accepted++
					if early = (outcome{need: want.n}); want.n == headLen {
						early = want
					}
				}
				if got := decode(frame(size, ID(id), headLen), &rules); got != early {
					t.Errorf("head of %v of length %d, fast %v: %+v, want %+v", ID(id), size, fast, got, early)
				}
				if got := decode(frame(size, ID(id), prefixLen), &rules); got != (outcome{need: headLen}) {
					t.Errorf("prefix of %v of length %d: %+v", ID(id), size, got)
				}
			}
			if got := decode(frame(0, ID(id), headLen), &rules); got != (outcome{n: 4}) {
				t.Errorf("keep-alive and %v: %+v", ID(id), got)
			}
		}
	}
	// 4 plain, have, bitfield, request, cancel, port, 11 pieces, 19 extended; with Fast 5 more.
	if want := 2*(4+1+1+1+1+1+11+19) + 5; accepted != want {
		t.Errorf("%d frames accepted, want %d", accepted, want)
	}
}

// TestBounds: each limit at its value and one beyond it, told from the fewest bytes. [FRM-3] [LIM-6] [EXT-4] [MSG-4]
func TestBounds(t *testing.T) {
	unknown, small, large := Rules{}, Rules{Pieces: 9}, Rules{Pieces: bt.MaxPieces}
	tests := []struct {
		name  string
		rules Rules
		size  uint32
		id    ID
		bytes int
		want  outcome
	}{
		{"largest frame", small, 1 << 20, 0, 4, outcome{need: 5}},
		{"one more", small, 1<<20 + 1, 0, 4, outcome{violation: clause.MessageTooLarge}},
		{"2^31", small, 1 << 31, 0, 4, outcome{violation: clause.MessageTooLarge}},
		{"2^32 - 1", small, 1<<32 - 1, 0, 4, outcome{violation: clause.MessageTooLarge}},
		{"largest frame of nobody", small, 1 << 20, 99, 5, outcome{violation: clause.UnknownMessage}},

		{"piece without data", small, 9, Piece, 5, outcome{violation: clause.WrongLength}},
		{"shortest piece", small, 10, Piece, 5, outcome{need: 13}},
		{"longest piece", small, 9 + 16384, Piece, 5, outcome{need: 13}},
		{"longest piece's header", small, 9 + 16384, Piece, 13, outcome{n: 13}},
		{"longer piece", small, 9 + 16385, Piece, 5, outcome{violation: clause.WrongLength}},

		{"extension", small, 2 + 65536, Extended, 5, outcome{need: 6 + 65536}},
		{"longer extension", small, 2 + 65537, Extended, 5, outcome{violation: clause.ExtensionTooLarge}},
		{"extension without id", small, 1, Extended, 5, outcome{violation: clause.WrongLength}},

		{"bitfield", small, 3, Bitfield, 5, outcome{need: 7}},
		{"shorter bitfield", small, 2, Bitfield, 5, outcome{violation: clause.BitfieldLength}},
		{"longer bitfield", small, 4, Bitfield, 5, outcome{violation: clause.BitfieldLength}},
		{"much longer bitfield", small, 1 + 262145, Bitfield, 5, outcome{violation: clause.BitfieldLength}},
		{"largest bitfield", large, 1 + 262144, Bitfield, 5, outcome{need: 5 + 262144}},
		{"any bitfield", unknown, 2, Bitfield, 5, outcome{need: 6}},
		{"bitfield of no pieces", unknown, 1, Bitfield, 5, outcome{violation: clause.BitfieldLength}},
		{"any bitfield, largest", unknown, 1 + 262144, Bitfield, 5, outcome{need: 5 + 262144}},
		{"any bitfield, larger", unknown, 1 + 262145, Bitfield, 5, outcome{violation: clause.TooManyPieces}},
	}
	for _, test := range tests {
		if got := decode(frame(test.size, test.id, test.bytes), &test.rules); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	if MaxNeed != 5+262144 {
		t.Errorf("MaxNeed is %d", MaxNeed)
	}
}

// TestPrefixes: with less than a length field, Decode asks for one.
func TestPrefixes(t *testing.T) {
	for n := range prefixLen {
		if got := decode(make([]byte, n), &Rules{}); got != (outcome{need: prefixLen}) {
			t.Errorf("%d bytes: %+v", n, got)
		}
	}
}

// TestIndices: which pieces a message may name, and what naming another one breaks. [MSG-2] [FST-11] [FST-14] [LIM-6]
func TestIndices(t *testing.T) {
	known, unknown := Rules{Pieces: 100, Fast: true}, Rules{Fast: true}
	tests := []struct {
		rules  Rules
		index  uint32
		have   outcome
		beyond bool // for suggest and allowed fast
	}{
		{known, 0, outcome{n: 9}, false},
		{known, 99, outcome{n: 9}, false},
		{known, 100, outcome{violation: clause.HaveOutOfRange}, true},
		{known, 1 << 31, outcome{violation: clause.HaveOutOfRange}, true},
		{known, 1<<32 - 1, outcome{violation: clause.HaveOutOfRange}, true},
		{unknown, 100, outcome{n: 9}, false},
		{unknown, 2097151, outcome{n: 9}, false},
		{unknown, 2097152, outcome{violation: clause.TooManyPieces}, true},
		{unknown, 1<<32 - 1, outcome{violation: clause.TooManyPieces}, true},
	}
	for _, test := range tests {
		if got := decode(AppendHave(nil, test.index), &test.rules); got != test.have {
			t.Errorf("have %d of %d: %+v, want %+v", test.index, test.rules.Pieces, got, test.have)
		}
		suggest, fast := outcome{n: 9}, outcome{n: 9}
		if test.beyond {
			suggest.violation, fast.violation = clause.SuggestOutOfRange, clause.AllowedFastOutOfRange
		}
		if got := decode(AppendSuggest(nil, test.index), &test.rules); got != suggest {
			t.Errorf("suggest %d of %d: %+v, want %+v", test.index, test.rules.Pieces, got, suggest)
		}
		if got := decode(AppendAllowedFast(nil, test.index), &test.rules); got != fast {
			t.Errorf("allowed fast %d of %d: %+v, want %+v", test.index, test.rules.Pieces, got, fast)
		}
	}
}

// TestSpareBits: they are noticed, and the bitfield is taken all the same; while the number of pieces is not known no
// bit is spare. [MSG-5]
func TestSpareBits(t *testing.T) {
	for n := uint32(1); n <= 16; n++ {
		for bit := range uint32(8 * BitfieldLen(n)) {
			body := make([]byte, BitfieldLen(n))
			body[bit/8] |= 0x80 >> (bit % 8)
			b := Append(nil, &Message{ID: Bitfield, Body: body})
			want := outcome{n: len(b)}
			if got := decode(b, &Rules{}); got != want {
				t.Errorf("bit %d, number of pieces not known: %+v", bit, got)
			}
			if bit >= n {
				want.violation = clause.BitfieldSpareBits
			}
			if got := decode(b, &Rules{Pieces: n}); got != want {
				t.Errorf("bit %d of %d: %+v, want %+v", bit, n, got, want)
			}
		}
	}
}
