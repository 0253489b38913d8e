package model

import (
	"bytes"
	"strconv"
)

// value is a bencoded value.
type value struct {
	kind byte // 'i', 's', 'l' or 'd'; 0 is none
	n    int64
	text string
	keys []string // of a dictionary
	list []value  // of a list; of a dictionary, by key
}

// get is the value of a key; the zero value when there is none.
func (v value) get(key string) value {
	for i, k := range v.keys {
		if k == key {
			return v.list[i]
		}
	}
	return value{}
}

// decode reads one value, at most depth levels deep, and gives what stands behind it. [EXT-3]
func decode(b []byte, depth int) (v value, rest []byte, ok bool) {
	if len(b) == 0 {
		return v, nil, false
	}
	switch b[0] {
	case 'i':
		digits, rest, ok := bytes.Cut(b[1:], []byte("e"))
		n, err := strconv.ParseInt(string(digits), 10, 64)
		return value{kind: 'i', n: n}, rest, ok && err == nil && strconv.FormatInt(n, 10) == string(digits)
	case 'l', 'd':
		return decodeMany(b, depth)
	}
	digits, rest, ok := bytes.Cut(b, []byte(":"))
	n, err := strconv.Atoi(string(digits))
	if !ok || err != nil || strconv.Itoa(n) != string(digits) || n < 0 || n > len(rest) {
		return v, nil, false
	}
	return value{kind: 's', text: string(rest[:n])}, rest[n:], true
}

// decodeMany reads a list or a dictionary.
func decodeMany(b []byte, depth int) (v value, rest []byte, ok bool) {
	v.kind = b[0]
	if depth == 0 {
		return v, nil, false
	}
	for b = b[1:]; len(b) > 0; {
		if b[0] == 'e' {
			return v, b[1:], true
		}
		if v.kind == 'd' {
			key, behind, ok := decode(b, 0)
			if !ok || key.kind != 's' {
				return v, nil, false
			}
			v.keys, b = append(v.keys, key.text), behind
		}
		item, behind, ok := decode(b, depth-1)
		if !ok {
			return v, nil, false
		}
		v.list, b = append(v.list, item), behind
	}
	return v, nil, false
}

// canonical tells whether the keys of a dictionary, and of those within it, stand in order, each once.
func (v value) canonical() bool {
	for i := 1; i < len(v.keys); i++ {
		if v.keys[i-1] >= v.keys[i] {
			return false
		}
	}
	for _, item := range v.list {
		if !item.canonical() {
			return false
		}
	}
	return true
}
