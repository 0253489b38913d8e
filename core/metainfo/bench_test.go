package metainfo_test

import (
	"fmt"
	"testing"

	"peerwire/core/metainfo"
)

// large is a torrent of 50,000 pieces and 10,000 files in 100 folders.
func large() []byte {
	files := []any{}
	for i := range 10_000 {
		files = append(files, file(81920, fmt.Sprintf("folder %02d of the set", i/100), fmt.Sprintf("Artist - %05d - A title.flac", i)))
	}
	return torrent(multi(files...))
}

func BenchmarkParseLarge(b *testing.B) {
	data := large()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if t := parse(b, data); t.Info.NumPieces() != 50_000 {
			b.Fatal(t.Info.NumPieces())
		}
	}
}

func BenchmarkParseSingle(b *testing.B) {
	data := torrent(single(nil))
	b.ReportAllocs()
	for b.Loop() {
		parse(b, data)
	}
}

func BenchmarkSpans(b *testing.B) {
	in := parse(b, large()).Info
	spans := make([]metainfo.Span, 0, 16)
	offset := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		spans = in.Spans(spans[:0], offset, 16384)
		if offset += 16384; offset == in.Total {
			offset = 0
		}
	}
}

func BenchmarkClean(b *testing.B) {
	for name, raw := range map[string]string{"plain": "Artist - 00001 - A title.flac", "other": "日本語: 第01話?.mkv"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				metainfo.Clean([]byte(raw))
			}
		})
	}
}
