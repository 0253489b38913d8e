package trace_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"peerwire/trace"
)

// all reads a trace to its end, and gives how many records there were.
func all(text []byte) (n int, err error) {
	r, err := trace.NewReader(bytes.NewReader(text))
	var rec trace.Record
	for err == nil {
		if err = r.Next(&rec); err == nil {
			n++
		}
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// A trace that was cut anywhere gives all its whole records, and then says where it is torn; cut between chunks it cannot be told from one
// that ended there.
func TestTorn(t *testing.T) {
	text := recorded(t, "first-pair", 2, time.Second)
	whole, err := all(text)
	if err != nil || whole < 100 {
		t.Fatal(whole, err)
	}
	before := 0
	for size := 0; size < len(text); size += 1 + size/512 {
		n, err := all(text[:size])
		var torn *trace.TornError
		var format *trace.FormatError
		switch {
		case errors.As(err, &torn) && torn.Offset <= int64(size):
		case errors.As(err, &format) && size < 13 && format.Offset == 0:
		case err != nil || size < 1000:
			t.Fatalf("%d of %d bytes: %v", size, len(text), err)
		}
		if n < before {
			t.Fatalf("%d of %d bytes have %d records, fewer have %d", size, len(text), n, before)
		}
		before = n
	}
	if before < whole*9/10 {
		t.Errorf("of %d records %d were read", whole, before)
	}
}

// A byte that was changed anywhere is found, and the place is named.
func TestCorrupt(t *testing.T) {
	text := recorded(t, "first-pair", 2, time.Second)
	for at := 0; at < len(text); at += 1 + at/128 {
		bad := bytes.Clone(text)
		bad[at] ^= 0x10
		var format *trace.FormatError
		var torn *trace.TornError
		switch _, err := all(bad); {
		case errors.As(err, &format) && format.Offset <= int64(at)+8: // of a checksum, the place of the chunk that it is of
		case errors.As(err, &torn): // a length
		default:
			t.Fatalf("byte %d: %v", at, err)
		}
	}
}

// chunked is a trace whose chunks, but for the head, are the given ones.
func chunked(t *testing.T, bodies ...string) []byte {
	var to bytes.Buffer
	if err := trace.NewWriter(&to, "test").Flush(); err != nil {
		t.Fatal(err)
	}
	text := to.Bytes()
	for _, body := range bodies {
		text = binary.LittleEndian.AppendUint32(text, uint32(len(body)))
		text = binary.LittleEndian.AppendUint32(text, crc32.Checksum([]byte(body), crc32.MakeTable(crc32.Castagnoli)))
		text = append(text, body...)
	}
	return text
}

// begun is a record of a session that is made.
const begun = "\x01\x00\x00\x01n\x00" + "\x07" + "iiiiiiiiiiiiiiiiiiii" + "\x00\x00\x02\x02\x00\x02\x00\x00"

// What no Writer writes is refused, with its place and what is wrong.
func TestRefused(t *testing.T) {
	for body, want := range map[string]string{
		"\x09":                     "there is no such kind of record",
		"\x08\x00":                 "an answer, and nobody was called",
		"\x02\x00\x00\x00":         "a call of a session that there is not",
		"\x01\x05" + begun[2:]:     "the next session is 0, not 5",
		begun + "\x02\x00\x00\x63": "there is no event 99 here",
		begun + "\x02\x00\x00\x06\x00\x05\x00\x00":                                                "more bytes were told before than wait on the connection",
		begun + "\x02\x00\x00\x04\x02\x00\x03abc\x00\x00":                                         "an address has 3 bytes",
		begun + "\x02\x00\x00\x07\x02\xff\xff\xff\xff\x7f":                                        "an amount of payload is more than 67108864",
		begun + "\x02\x00\x01\x00":                                                                "a time is not from 0 to 4611686018.427387904s",
		begun + "\x03\x00\x00\x02":                                                                "a record goes on beyond the end of its chunk",
		begun + "\x04\x00\x00\x08\x00":                                                            "an answer, and nobody was called",
		begun + "\x02\x00\x00\x01\x01" + strings.Repeat("h", 20) + "\x01\x00\x00\x00\x00\x00\x00": "there is no torrent of such a geometry",
	} {
		_, err := all(chunked(t, body))
		if err == nil || !strings.HasSuffix(err.Error(), want) || !strings.HasPrefix(err.Error(), "offset ") {
			t.Errorf("%q: %v, want %s", body, err, want)
		}
	}
	head := chunked(t)
	for text, want := range map[string]string{
		"":                         "offset 0: it is no trace: it does not begin as one",
		"0 t=0.000s peer tick\n":   "offset 0: it is no trace: it does not begin as one",
		string(head[:12]) + "\x03": "offset 12: it is a trace of version 3, and this program reads versions 1 and 2",
		string(head) + "\x00\x00\x00\x00\x00\x00\x00\x00": "a chunk is 0 bytes long, of at least 1 and at most 16777216",
	} {
		if _, err := all([]byte(text)); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzReader reads records that may be anything, in a chunk whose checksum is right, or nothing would get beyond it; and as they are, without a
// head.
func FuzzReader(f *testing.F) {
	text := recorded(f, "first-pair", 2, 200*time.Millisecond)
	r, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		f.Fatal(err)
	}
	from := int64(0)
	for rec := (trace.Record{}); r.Next(&rec) == nil; {
		switch {
		case from == 0:
			from = rec.Offset
		case rec.Offset > from+400: // the beginning will do, and small ones are tried faster
			f.Add(text[from:rec.Offset])
			from = math.MaxInt32
		}
	}
	f.Add([]byte(begun + "\x02\x00\x00\x06\x00\x00\x05hello\x00" + "\x07\x02\x00\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, text := range [][]byte{chunked(t, string(body)), body} {
			_, err := all(text)
			var format *trace.FormatError
			var torn *trace.TornError
			if err != nil && !errors.As(err, &format) && !errors.As(err, &torn) {
				t.Fatalf("%T: %v", err, err)
			}
		}
	})
}

// FuzzReplay replays records that may be anything. Whatever the core does of it, a panic too, is told as a difference.
func FuzzReplay(f *testing.F) {
	f.Add([]byte(begun + "\x02\x00\x00\x05\x01\x04\x0a\x00\x00\x01\x50\x00" + "\x02\x00\x02\x06\x01\x00\x05hello\x00" + "\x03\x00\x02\x01\x40"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := trace.NewReader(bytes.NewReader(chunked(t, string(body))))
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := trace.Replay(r)
		if d != nil && err != nil {
			t.Fatalf("both %+v and %v", d, err)
		}
	})
}

// mend puts the checksums of a trace right.
func mend(text []byte) {
	const head = 13
	for at := head; at+8 <= len(text); {
		size := int(binary.LittleEndian.Uint32(text[at:]))
		if size > len(text)-at-8 {
			return
		}
		binary.LittleEndian.PutUint32(text[at+4:], crc32.Checksum(text[at+8:at+8+size], crc32.MakeTable(crc32.Castagnoli)))
		at += 8 + size
	}
}

// shorten has the last chunk of a trace end where the trace does, and mends it.
func shorten(text []byte) {
	at := 13
	for size := 0; at+8+size < len(text); at += 8 + size {
		if size = int(binary.LittleEndian.Uint32(text[at:])); at+8+size >= len(text) {
			break
		}
	}
	binary.LittleEndian.PutUint32(text[at:], uint32(len(text)-at-8))
	mend(text)
}
