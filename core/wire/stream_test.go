package wire

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// taken is what one reading of a stream came to: its messages with what each was worth, and how it ended.
type taken struct {
	messages   []Message // bodies copied
	violations []clause.Violation
	end        clause.Violation // what ended it, if anything
	rest       int              // bytes of it that were not taken
}

// read is the loop of whoever receives: it takes messages from what has arrived, and of a piece
// passes over the payload. chunk says how many bytes come next, of those that are left.
func read(t fataler, stream []byte, r *Rules, chunk func(left int) int) (got taken) {
	var buffer []byte
	var m Message
	skip, due := 0, 0
	for {
		for len(buffer) >= due {
			if skip > 0 {
				passed := min(skip, len(buffer))
				buffer, skip = buffer[passed:], skip-passed
			}
			if skip > 0 {
				break
			}
			n, need, v := Decode(buffer, r, &m)
			check(t, buffer, n, need, v)
			if n == 0 && need == 0 {
				got.end, got.rest = v, len(buffer)+len(stream)
				return got
			}
			if due = need; n == 0 {
				break
			}
			buffer = buffer[n:]
			if m.Body != nil {
				m.Body = append([]byte{}, m.Body...)
			}
			got.messages, got.violations = append(got.messages, m), append(got.violations, v)
			skip = payloadOf(&m)
		}
		if len(stream) == 0 {
			got.rest = len(buffer)
			return got
		}
		n := chunk(len(stream))
		buffer = append(buffer, stream[:n]...)
		stream = stream[n:]
	}
}

// payloadOf is the number of bytes that follow m and are no message.
func payloadOf(m *Message) int {
	if m.ID == Piece {
		return int(m.Block.Length)
	}
	return 0
}

// fataler is what tests, properties and fuzz targets have in common.
type fataler interface{ Fatalf(string, ...any) }

// check holds Decode to its contract.
func check(t fataler, b []byte, n, need int, v clause.Violation) {
	switch {
	case n < 0 || n > len(b):
		t.Fatalf("took %d of %d bytes", n, len(b))
	case n > 0 && (need != 0 || v != 0 && v.Consequence() >= clause.Close):
		t.Fatalf("took %d bytes, needs %d, %v", n, need, v)
	case n == 0 && need > 0 && (need <= len(b) || need > MaxNeed || v != 0):
		t.Fatalf("has %d bytes, needs %d, %v", len(b), need, v)
	case n == 0 && need == 0 && v.Consequence() < clause.Close:
		t.Fatalf("stopped for %v", v)
	}
}

// genMessage draws a message that r allows.
func genMessage(t *rapid.T, r *Rules) Message {
	m := specimens[rapid.IntRange(0, len(specimens)-1).Filter(func(i int) bool {
		return r.Fast || !forms[specimens[i].ID].fast
	}).Draw(t, "kind")]
	m.Block, m.Body = bt.Block{}, nil
	switch m.ID {
	case Have, Suggest, AllowedFast:
		m.Block.Piece = rapid.Uint32Range(0, r.End()-1).Draw(t, "piece")
	case Request, Cancel, Reject:
		m.Block = bt.Block{Piece: rapid.Uint32().Draw(t, "piece"), Begin: rapid.Uint32().Draw(t, "begin"), Length: rapid.Uint32().Draw(t, "length")}
	case Piece:
		m.Block = bt.Block{Piece: rapid.Uint32().Draw(t, "piece"), Begin: rapid.Uint32().Draw(t, "begin"), Length: rapid.Uint32Range(1, 40).Draw(t, "length")}
	case Port:
		m.Port = rapid.Uint16().Draw(t, "port")
	case Bitfield:
		size := BitfieldLen(r.Pieces)
		if size == 0 {
			size = rapid.IntRange(1, 40).Draw(t, "size")
		}
		m.Body = rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "bits")
		if r.Pieces != 0 {
			m.Body[size-1] &^= spareBits(r.Pieces)
		}
	case Extended:
		m.ExtID = rapid.Byte().Draw(t, "extension")
		m.Body = rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "payload")
	}
	return m
}

// genRules draws rules of small torrents, whose bitfields are quick to draw.
func genRules(t *rapid.T) Rules {
	return Rules{Pieces: rapid.Uint32Range(0, 300).Draw(t, "pieces"), Fast: rapid.Bool().Draw(t, "fast")}
}

// TestStreams: any messages that the rules allow are read as they were written, however their bytes are cut
// into reads. [FRM-1] [FRM-2]
func TestStreams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRules(t)
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Message { return genMessage(t, &r) }), 1, 12).Draw(t, "messages")
		var stream []byte
		for i := range want {
			stream = Append(stream, &want[i])
			stream = append(stream, make([]byte, payloadOf(&want[i]))...)
		}
		got := read(t, stream, &r, func(left int) int { return rapid.IntRange(1, min(left, 64)).Draw(t, "chunk") })
		if d := cmp.Diff(want, got.messages); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
		if got.end != 0 || got.rest != 0 {
			t.Fatalf("ended by %v with %d bytes left", got.end, got.rest)
		}
		for i, v := range got.violations {
			if v != 0 {
				t.Fatalf("%v breaks %v", want[i], v)
			}
		}
	})
}

// TestEverySplit: one stream of every message, and what of it is refused, cut in two at each byte. [FRM-2]
func TestEverySplit(t *testing.T) {
	var stream []byte
	for _, m := range specimens {
		if m.ID == Piece {
			m.Block.Length = 20 // a whole block only takes longer to cut
		}
		stream = Append(stream, &m)
		stream = append(stream, make([]byte, payloadOf(&m))...)
	}
	endings := map[string][]byte{
		"none": nil, "too large": {0, 16, 0, 1}, "unknown": {0, 0, 0, 1, 99}, "out of range": AppendHave(nil, specimenRules.Pieces), "cut": {0, 0, 0, 5, 4, 0},
	}
	for name, ending := range endings {
		stream := append(stream[:len(stream):len(stream)], ending...)
		whole := read(t, stream, &specimenRules, func(left int) int { return left })
		if len(whole.messages) != len(specimens) {
			t.Fatalf("%s: %d messages of %d", name, len(whole.messages), len(specimens))
		}
		for at := 1; at < len(stream); at++ {
			first := at
			got := read(t, stream, &specimenRules, func(left int) int {
				n := min(first, left)
				first = left
				return n
			})
			if !reflect.DeepEqual(whole, got) {
				t.Fatalf("%s, cut at %d (-whole +cut):\n%s", name, at, cmp.Diff(whole, got, cmp.AllowUnexported(taken{})))
			}
		}
	}
}

// TestLent: a body is lent from the input, not copied.
func TestLent(t *testing.T) {
	b := AppendExtended(nil, 1, []byte("abc"))
	var m Message
	if _, _, v := Decode(b, &Rules{}, &m); v != 0 {
		t.Fatal(v)
	}
	b[len(b)-1] = 'd'
	if string(m.Body) != "abd" || cap(m.Body) != 3 {
		t.Errorf("body %q of %d bytes in all", m.Body, cap(m.Body))
	}
}
