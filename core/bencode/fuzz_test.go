package bencode_test

import (
	"strconv"
	"strings"
	"testing"

	"peerwire/core/bencode"
)

// naive is an independent reading of BEP 3: recursive, copying, without limits of its own but the same depth. It
// returns the tree, what is left, and whether the input is bencode at all.
func naive(b string, depth int) (tree, string, bool) {
	switch {
	case b == "":
		return nil, "", false
	case b[0] == 'i':
		body, rest, found := strings.Cut(b[1:], "e")
		n, ok := naiveNumber(body)
		return n, rest, found && ok
	case b[0] == 'l' && depth < bencode.MaxDepth:
		list := []tree{}
		for b = b[1:]; b != "" && b[0] != 'e'; {
			item, rest, ok := naive(b, depth+1)
			if !ok {
				return nil, "", false
			}
			list, b = append(list, item), rest
		}
		return list, strings.TrimPrefix(b, "e"), b != ""
	case b[0] == 'd' && depth < bencode.MaxDepth:
		dict := []pair{}
		for b = b[1:]; b != "" && b[0] != 'e'; {
			key, rest, ok := naive(b, depth+1)
			name, isString := key.(string)
			if !ok || !isString {
				return nil, "", false
			}
			item, rest, ok := naive(rest, depth+1)
			if !ok {
				return nil, "", false
			}
			dict, b = append(dict, pair{name, item}), rest
		}
		return dict, strings.TrimPrefix(b, "e"), b != ""
	}
	size, rest, found := strings.Cut(b, ":")
	n, ok := naiveNumber(size)
	if !found || !ok || size[0] == '-' || n > int64(len(rest)) {
		return nil, "", false
	}
	return rest[:n], rest[n:], true
}

// naiveNumber reads a decimal number in its only canonical spelling.
func naiveNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == s
}

// FuzzParse compares Parse with the naive reading on any input, and wants what is canonical to be written back byte for
// byte.
func FuzzParse(f *testing.F) {
	for _, c := range refused {
		if len(c.input) < 1000 {
			f.Add([]byte(c.input))
		}
	}
	f.Add([]byte(handshake))
	f.Add([]byte("d1:bd1:xi1e1:xi2ee1:ai3eetail"))
	f.Add([]byte("d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := bencode.Parse(data, bencode.Limits{})
		want, rest, ok := naive(string(data), 0)
		if (err == nil) != ok {
			t.Fatalf("%q: error %v, the naive reading says %v", data, err, ok)
		}
		if err != nil {
			wantOffsetInside(t, err, len(data))
			return
		}
		if got := read(doc.Root); !equal(got, want) || string(doc.Rest) != rest {
			t.Fatalf("%q read as %v and %q, want %v and %q", data, got, doc.Rest, want, rest)
		}
		if string(doc.Root.Raw())+string(doc.Rest) != string(data) {
			t.Fatalf("%q was cut into %q and %q", data, doc.Root.Raw(), doc.Rest)
		}
		unsorted, duplicate := disorder(want)
		if unsorted != (doc.Unsorted >= 0) || duplicate != (doc.Duplicate >= 0) {
			t.Fatalf("%q: unsorted at %d, duplicate at %d, want %v and %v", data, doc.Unsorted, doc.Duplicate, unsorted, duplicate)
		}
		_, err = bencode.Parse(data, bencode.Limits{Strict: true})
		if (err == nil) != !(unsorted || duplicate) {
			t.Fatalf("%q: strictly read, %v", data, err)
		}
		if err == nil {
			var e bencode.Encoder
			write(&e, want)
			if string(e.Encoded()) != string(doc.Root.Raw()) {
				t.Fatalf("%q was written back as %q", doc.Root.Raw(), e.Encoded())
			}
		}
	})
}

// wantOffsetInside wants the typed error, with an offset in the input or at its end.
func wantOffsetInside(t *testing.T, err error, size int) {
	if e, ok := err.(*bencode.Error); !ok || e.Offset < 0 || e.Offset > size {
		t.Fatalf("error %#v for %d bytes", err, size)
	}
}

// disorder tells, naively, whether any dictionary of a tree has a key smaller than its predecessor, or twice.
func disorder(v tree) (unsorted, duplicate bool) {
	var inner []tree
	switch v := v.(type) {
	case []tree:
		inner = v
	case []pair:
		seen := map[string]bool{}
		for i, entry := range v {
			unsorted = unsorted || i > 0 && entry.key < v[i-1].key
			duplicate = duplicate || seen[entry.key]
			seen[entry.key] = true
			inner = append(inner, entry.item)
		}
	}
	for _, item := range inner {
		u, d := disorder(item)
		unsorted, duplicate = unsorted || u, duplicate || d
	}
	return unsorted, duplicate
}
