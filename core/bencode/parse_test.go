package bencode_test

import (
	"errors"
	"strings"
	"testing"

	"peerwire/core/bencode"
)

// refused lists inputs with the fault and the offset they must be refused with.
var refused = []struct {
	name, input string
	fault       bencode.Fault
	offset      int
}{
	{"nothing", "", bencode.Truncated, 0},
	{"no such value", "x", bencode.BadToken, 0},
	{"end alone", "e", bencode.BadToken, 0},
	{"negative length", "-1:x", bencode.BadToken, 0},
	{"integer: head only", "i", bencode.Truncated, 0},
	{"integer: no digits", "ie", bencode.BadInteger, 0},
	{"integer: sign only", "i-e", bencode.BadInteger, 0},
	{"integer: sign, then nothing", "i-", bencode.Truncated, 0},
	{"integer: not ended", "i12", bencode.Truncated, 0},
	{"integer: plus", "i+1e", bencode.BadInteger, 0},
	{"integer: space", "i 1e", bencode.BadInteger, 0},
	{"integer: fraction", "i1.5e", bencode.BadInteger, 0},
	{"integer: leading zero", "i01e", bencode.BadInteger, 0},
	{"integer: two zeros", "i00e", bencode.BadInteger, 0},
	{"integer: minus zero", "i-0e", bencode.BadInteger, 0},
	{"integer: minus leading zero", "i-01e", bencode.BadInteger, 0},
	{"integer: 2^63", "i9223372036854775808e", bencode.Overflow, 0},
	{"integer: -2^63-1", "i-9223372036854775809e", bencode.Overflow, 0},
	{"integer: 20 digits", "i10000000000000000000e", bencode.Overflow, 0},
	{"integer: 100,000 digits", "i" + strings.Repeat("9", 100_000) + "e", bencode.Overflow, 0},
	{"string: one byte short", "5:abcd", bencode.Truncated, 0},
	{"string: no text", "1:", bencode.Truncated, 0},
	{"string: no colon", "5", bencode.Truncated, 0},
	{"string: other mark", "3;abc", bencode.BadLength, 0},
	{"string: leading zero", "03:abc", bencode.BadLength, 0},
	{"string: two zeros", "00:", bencode.BadLength, 0},
	{"string: bomb", "100000000:x", bencode.Truncated, 0},
	{"string: 2^32+1", "4294967297:x", bencode.Truncated, 0},
	{"string: 2^64+1", "18446744073709551617:x", bencode.Truncated, 0},
	{"string: 100,000 digits", strings.Repeat("9", 100_000), bencode.Truncated, 0},
	{"list: not ended", "l", bencode.Truncated, 1},
	{"list: bad item", "li1ex", bencode.BadToken, 4},
	{"dictionary: not ended", "d", bencode.Truncated, 1},
	{"dictionary: integer key", "di1ei2ee", bencode.KeyNotString, 1},
	{"dictionary: list key", "dlei2ee", bencode.KeyNotString, 1},
	{"dictionary: key alone", "d1:ae", bencode.KeyWithoutItem, 4},
	{"dictionary: key, then nothing", "d1:a", bencode.Truncated, 4},
	{"dictionary: second key alone", "d1:ai1e1:be", bencode.KeyWithoutItem, 10},
	{"dictionary: bad key length", "d9:ae", bencode.Truncated, 1},
	{"deep: one too many", strings.Repeat("l", 101) + strings.Repeat("e", 101), bencode.TooDeep, 100},
	{"deep: dictionaries", strings.Repeat("d1:a", 101), bencode.TooDeep, 400},
	{"deep: bomb", strings.Repeat("l", 10_000_000), bencode.TooDeep, 100},
}

func TestRefused(t *testing.T) {
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			doc, err := bencode.Parse([]byte(c.input), bencode.Limits{})
			wantFault(t, err, c.fault, c.offset)
			if doc.Root.Kind() != bencode.None {
				t.Errorf("a refused document has the value %q", doc.Root.Raw())
			}
		})
	}
}

// wantFault wants an error of the one fault at the one offset.
func wantFault(t *testing.T, err error, fault bencode.Fault, offset int) {
	t.Helper()
	var e *bencode.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want %v", err, fault)
	}
	if e.Fault != fault || e.Offset != offset {
		t.Errorf("got %v at %d, want %v at %d", e.Fault, e.Offset, fault, offset)
	}
	if !strings.Contains(e.Error(), fault.String()) || strings.HasPrefix(fault.String(), "fault ") {
		t.Errorf("unhelpful text %q", e)
	}
}

func TestIntegers(t *testing.T) {
	for input, want := range map[string]int64{
		"i0e":                    0,
		"i-1e":                   -1,
		"i42e":                   42,
		"i9223372036854775807e":  1<<63 - 1,
		"i-9223372036854775808e": -1 << 63,
	} {
		if got, ok := parse(t, input).Root.Int(); !ok || got != want {
			t.Errorf("%s read as %d, %v", input, got, ok)
		}
	}
}

// parse parses what must be accepted.
func parse(t testing.TB, input string) bencode.Document {
	t.Helper()
	doc, err := bencode.Parse([]byte(input), bencode.Limits{})
	if err != nil {
		t.Fatalf("%.80q: %v", input, err)
	}
	return doc
}

func TestDeepestAccepted(t *testing.T) {
	doc := parse(t, strings.Repeat("l", 100)+strings.Repeat("e", 100))
	depth := 0
	for v := doc.Root; v.Kind() == bencode.List; depth++ {
		next := bencode.Value{}
		for item := range v.Items {
			next = item
		}
		v = next
	}
	if depth != bencode.MaxDepth {
		t.Errorf("walked down %d lists", depth)
	}
}

func TestLimits(t *testing.T) {
	const three = "l1:ai1ee" // the list, the string, the integer
	for _, c := range []struct {
		name, input string
		limits      bencode.Limits
		fault       bencode.Fault // 0: accepted
		offset      int
	}{
		{"tokens: just enough", three, bencode.Limits{Tokens: 3}, 0, 0},
		{"tokens: one short", three, bencode.Limits{Tokens: 2}, bencode.TooManyTokens, 4},
		{"tokens: keys count", "d1:ai1ee", bencode.Limits{Tokens: 1}, bencode.TooManyTokens, 1},
		{"tokens: the default", "l" + strings.Repeat("0:", 3_000_000) + "e", bencode.Limits{}, bencode.TooManyTokens, 5_999_999},
		{"depth: just enough", "llee", bencode.Limits{Depth: 2}, 0, 0},
		{"depth: one short", "llee", bencode.Limits{Depth: 1}, bencode.TooDeep, 1},
		{"depth: no way past the maximum", strings.Repeat("l", 101), bencode.Limits{Depth: 1000}, bencode.TooDeep, 100},
		{"strict: sorted", "d1:ai1e1:bi2ee", bencode.Limits{Strict: true}, 0, 0},
		{"strict: unsorted", "d1:bi1e1:ai2ee", bencode.Limits{Strict: true}, bencode.UnsortedKey, 7},
		{"strict: duplicate", "d1:ai1e1:ai2ee", bencode.Limits{Strict: true}, bencode.DuplicateKey, 7},
		{"strict: empty key first", "d0:i1e1:ai2ee", bencode.Limits{Strict: true}, 0, 0},
		{"strict: two empty keys", "d0:i1e0:i2ee", bencode.Limits{Strict: true}, bencode.DuplicateKey, 6},
		{"strict: a prefix sorts first", "d1:ai1e2:aai2e1:bi3ee", bencode.Limits{Strict: true}, 0, 0},
		{"strict: inner", "ld1:bi1e1:ai2eee", bencode.Limits{Strict: true}, bencode.UnsortedKey, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := bencode.Parse([]byte(c.input), c.limits)
			if c.fault == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantFault(t, err, c.fault, c.offset)
		})
	}
}

func TestOddKeysAreNoted(t *testing.T) {
	for _, c := range []struct {
		input               string
		unsorted, duplicate int
	}{
		{"d1:ai1e1:bi2ee", -1, -1},
		{"d1:bi1e1:ai2ee", 7, -1},
		{"d1:ai1e1:ai2ee", -1, 7},
		{"d1:ai1e1:bi2e1:ai3ee", 13, 13},
		{"d1:bi1e1:ai2e1:bi3e1:ci4e1:ai5ee", 7, 13}, // both occur twice; the second b comes first
		{"d1:bd1:bi1e1:ai2ee1:ci3ee", 11, -1},       // the same key in and around is no duplicate
		{"ld1:bi1e1:ai2eed1:ai1e1:ai2eee", 8, 22},
		{"d1:bd1:xi1e1:xi2ee1:ai3ee", 18, 11},
	} {
		doc := parse(t, c.input)
		if doc.Unsorted != c.unsorted || doc.Duplicate != c.duplicate {
			t.Errorf("%s: unsorted at %d, duplicate at %d, want %d and %d", c.input, doc.Unsorted, doc.Duplicate, c.unsorted, c.duplicate)
		}
	}
}

func TestRest(t *testing.T) {
	doc := parse(t, "d1:ai1eetail")
	if string(doc.Rest) != "tail" || string(doc.Root.Raw()) != "d1:ai1ee" {
		t.Errorf("read %q, left %q", doc.Root.Raw(), doc.Rest)
	}
	if rest := parse(t, "0:").Rest; len(rest) != 0 {
		t.Errorf("left %q of nothing", rest)
	}
}
