package bencode

import "bytes"

// Kind is the kind of a value.
type Kind uint8

// The four kinds, and None for the zero Value, which stands for "not there".
const (
	None Kind = iota
	Integer
	String
	List
	Dict
)

// Value is one value of a parsed document: a slice of its input, one word more than a pointer. The zero Value has Kind
// None, holds nothing, and is what every lookup that finds nothing returns, so that lookups chain without checks.
//
// Only Parse makes other Values, therefore their bytes are known to be well formed and are walked without checks.
type Value struct{ raw []byte }

// Kind tells what the value is.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return None
	}
	switch v.raw[0] {
	case 'i':
		return Integer
	case 'l':
		return List
	case 'd':
		return Dict
	}
	return String
}

// Raw returns the bytes of the value as they stand in the input: what an info-hash is taken over. Nil for None.
func (v Value) Raw() []byte { return v.raw }

// Int returns an integer, or 0 and false when the value is none.
func (v Value) Int() (int64, bool) {
	if v.Kind() != Integer {
		return 0, false
	}
	n, _, _ := integer(v.raw)
	return n, true
}

// Bytes returns the bytes of a string, possibly none, or nil and false when the value is no string.
func (v Value) Bytes() ([]byte, bool) {
	if v.Kind() != String {
		return nil, false
	}
	start, end, _ := text(v.raw)
	return v.raw[start:end:end], true
}

// Get returns the value of a key: the zero Value when v is no dictionary or has no such key, the first of duplicates.
// It walks the dictionary; whoever wants many keys of a large one ranges over Entries.
func (v Value) Get(key string) Value {
	for k, item := range v.Entries {
		if string(k) == key {
			return item
		}
	}
	return Value{}
}

// Entries yields the keys and values of a dictionary in the order of the input, and nothing for any other kind. It is
// made for range: "for key, value := range v.Entries".
func (v Value) Entries(yield func(key []byte, item Value) bool) {
	if v.Kind() != Dict {
		return
	}
	for rest := v.raw[1:]; rest[0] != 'e'; {
		start, end, _ := text(rest)
		key := rest[start:end:end]
		rest = rest[end:]
		size := measure(rest)
		if !yield(key, Value{rest[:size:size]}) {
			return
		}
		rest = rest[size:]
	}
}

// Items yields the values of a list in order, and nothing for any other kind: "for item := range v.Items".
func (v Value) Items(yield func(item Value) bool) {
	if v.Kind() != List {
		return
	}
	for rest := v.raw[1:]; rest[0] != 'e'; {
		size := measure(rest)
		if !yield(Value{rest[:size:size]}) {
			return
		}
		rest = rest[size:]
	}
}

// measure returns the length of the value at the start of b, which was scanned before.
func measure(b []byte) int {
	depth, i := 0, 0
	for {
		switch b[i] {
		case 'i':
			i += bytes.IndexByte(b[i:], 'e') + 1
		case 'l', 'd':
			depth++
			i++
		case 'e':
			depth--
			i++
		default:
			_, end, _ := text(b[i:])
			i += end
		}
		if depth == 0 {
			return i
		}
	}
}
