package metainfo_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"peerwire/core/bencode"
	"peerwire/core/metainfo"
)

// dict and list are bencode as tests write it; an int, an int64, a string, a dict or a list is a value.
type (
	dict map[string]any
	list []any
)

// encoded writes a value of a test.
func encoded(v any) []byte {
	var e bencode.Encoder
	write(&e, v)
	return e.Encoded()
}

func write(e *bencode.Encoder, v any) {
	switch v := v.(type) {
	case int:
		e.Int(int64(v))
	case int64:
		e.Int(v)
	case string:
		e.String(v)
	case list:
		e.List()
		for _, item := range v {
			write(e, item)
		}
		e.End()
	case dict:
		e.Dict()
		keys := []string{}
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			e.Key(key)
			write(e, v[key])
		}
		e.End()
	}
}

// hashes returns as many bytes as n piece hashes have, all different.
func hashes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(string(rune('A'+i%26)), 20))
	}
	return b.String()
}

// single is the info dictionary of one file in three pieces, with some values replaced; nil removes a key.
func single(changes dict) dict {
	return changed(dict{"name": "file.bin", "piece length": 16384, "pieces": hashes(3), "length": 40000}, changes)
}

// multi is the info dictionary of the given files in as many pieces of 16 KiB as are due.
func multi(files ...any) dict {
	total := int64(0)
	for _, f := range files {
		if f, ok := f.(dict); ok {
			n, _ := f["length"].(int64)
			total += max(n, 0)
		}
	}
	return dict{"name": "dir", "piece length": 16384, "pieces": hashes(int((total + 16383) / 16384)), "files": list(files)}
}

// file is one entry of a list of files.
func file(length int64, path ...string) dict {
	parts := list{}
	for _, p := range path {
		parts = append(parts, p)
	}
	return dict{"length": length, "path": parts}
}

// changed replaces values of d, or removes those that are nil in changes.
func changed(d, changes dict) dict {
	for key, value := range changes {
		if value == nil {
			delete(d, key)
		} else {
			d[key] = value
		}
	}
	return d
}

// torrent is a file with an info dictionary and no trackers.
func torrent(info dict) []byte { return encoded(dict{"info": info}) }

// parse parses what must be accepted.
func parse(t testing.TB, data []byte) *metainfo.Torrent {
	t.Helper()
	got, err := metainfo.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wantFault wants an error of the one fault in the one field, whose text is a single printable line.
func wantFault(t *testing.T, err error, field string, fault metainfo.Fault) {
	t.Helper()
	var e *metainfo.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want %v", err, fault)
	}
	if e.Field != field || e.Fault != fault {
		t.Errorf("refused as %q, want %q: %v", e, field, fault)
	}
	wantPrintable(t, e.Error())
}

// wantPrintable wants one line, not too long, that no terminal misunderstands.
func wantPrintable(t testing.TB, text string) {
	t.Helper()
	if len(text) > 1000 || text == "" {
		t.Errorf("a text of %d bytes", len(text))
	}
	for _, r := range text {
		if r < ' ' || 0x7f <= r && r < 0xa0 || r == '\u2028' || r == '\u2029' || 0x202a <= r && r <= 0x202e {
			t.Errorf("%q holds %q", text, r)
		}
	}
}
