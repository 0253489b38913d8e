package bencode_test

import (
	"strings"
	"testing"

	"peerwire/core/bencode"
)

func BenchmarkParseHandshake(b *testing.B) {
	data := []byte(handshake)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := bencode.Parse(data, bencode.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	root := parse(b, handshake).Root
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := root.Get("reqq").Int(); !ok {
			b.Fatal("no reqq")
		}
	}
}

// The bombs of 3 million tokens that make other decoders slow or large.
func BenchmarkParseBomb(b *testing.B) {
	for name, input := range map[string]string{
		"integers": "l" + strings.Repeat("i0e", 2_999_999) + "e",
		"lists":    "l" + strings.Repeat("le", 2_999_999) + "e",
		"keys":     "d" + strings.Repeat("1:b0:", 700_000) + strings.Repeat("1:a0:", 700_000) + "e",
	} {
		b.Run(name, func(b *testing.B) {
			data := []byte(input)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bencode.Parse(data, bencode.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
