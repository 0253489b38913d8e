package metainfo_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"peerwire/core/metainfo"
)

// wantSafe wants a name that is one plain component on every system.
func wantSafe(t interface{ Fatalf(string, ...any) }, name string) {
	switch {
	case name == "" || name == "." || name == "..":
		t.Fatalf("%q is no name", name)
	case !fs.ValidPath(name) || strings.ContainsAny(name, "/\\<>:\"|?*\x00"):
		t.Fatalf("%q is more than a name", name)
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		t.Fatalf("%q would lose its end", name)
	case len(name) > metainfo.MaxComponent || !utf8.ValidString(name):
		t.Fatalf("%q has %d bytes", name, len(name))
	}
	for _, r := range name {
		if r < ' ' || 0x7f <= r && r < 0xa0 || 0x200b <= r && r <= 0x200f || 0x2028 <= r && r <= 0x202e || r == 0xfeff {
			t.Fatalf("%q holds %U", name, r)
		}
	}
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul", "com1", "lpt9"}, strings.TrimSpace(base)) {
		t.Fatalf("%q is a device", name)
	}
}

// drawRaw draws a component, mostly of pieces that are trouble.
func drawRaw(t *rapid.T) string {
	trouble := rapid.SampledFrom([]string{
		".", "..", "/", "\\", " ", "con", "nul", "COM1", "lpt9", "a", "A", "~", "_", "%", "é", "e\u0301", "\u200b", "\u202e", "\xff", "\x00",
		"\n", "\u2028", ":", "?", strings.Repeat("x", 120), strings.Repeat("é", 70), ".txt", "." + strings.Repeat("y", 40),
	})
	part := rapid.OneOf(trouble, trouble, rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 3), func(b []byte) string { return string(b) }))
	return strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), "")
}

func TestCleanNamesAreSafeAndStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := drawRaw(t)
		name, fault := metainfo.Clean([]byte(raw))
		if fault != 0 {
			if name != "" {
				t.Fatalf("%q is refused and becomes %q", raw, name)
			}
			return
		}
		wantSafe(t, name)
		if again, fault := metainfo.Clean([]byte(name)); again != name || fault != 0 {
			t.Fatalf("%q became %q, which becomes %q, %v", raw, name, again, fault)
		}
	})
}

// What is accepted maps each file to a path of its own, below the torrent's name, on any system.
func TestPathsAreDistinctOrRefused(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		files := []any{}
		for range rapid.IntRange(1, 5).Draw(t, "files") {
			f := file(1, drawRaw(t))
			if rapid.Bool().Draw(t, "deeper") {
				f = file(1, rapid.SampledFrom([]string{"a", "A", "a.", "é"}).Draw(t, "folder"), drawRaw(t))
			}
			files = append(files, f)
		}
		got, err := metainfo.Parse(torrent(multi(files...)))
		if err != nil {
			return
		}
		accepted++
		wantLayout(t, &got.Info)
	})
	if accepted == 0 {
		t.Error("no torrent was accepted")
	}
}

// wantLayout checks, naively, all that Info promises.
func wantLayout(t interface{ Fatalf(string, ...any) }, in *metainfo.Info) {
	offset := int64(0)
	seen := map[string]bool{}
	for i, f := range in.Files {
		if f.Offset != offset || f.Length < 0 || f.Pad && f.Symlink {
			t.Fatalf("file %d: %+v is not at %d", i, f, offset)
		}
		offset += f.Length
		if f.Pad != (f.Path == nil) || len(f.Path) > 0 && f.Path[0] != in.Name {
			t.Fatalf("file %d has the path %q", i, f.Path)
		}
		for _, name := range f.Path {
			wantSafe(t, name)
		}
		if path := strings.ToLower(strings.Join(f.Path, "/")); f.Stored() {
			if seen[path] || seen[path+"/"] {
				t.Fatalf("%q is there twice, or is a folder too", path)
			}
			seen[path] = true
		}
	}
	for path := range seen {
		for i, c := range path {
			if c == '/' && seen[path[:i]] {
				t.Fatalf("%q is below a file", path)
			}
		}
	}
	if in.Total != offset || in.Total <= 0 || !in.Known() || !in.Valid() {
		t.Fatalf("geometry %+v for %d bytes", in.Geometry, offset)
	}
	in.PieceHash(0)
	in.PieceHash(in.NumPieces() - 1)
}

// drawDraft draws a torrent to be made, with portable names.
func drawDraft(t *rapid.T) *metainfo.Draft {
	text := rapid.StringMatching(`[a-z][a-z0-9 é.]{0,8}[a-z]`)
	d := &metainfo.Draft{
		Name:         text.Draw(t, "name"),
		PieceLength:  rapid.SampledFrom([]uint32{1, 3, 16384, 1 << 20, metainfo.MaxPieceLength}).Draw(t, "piece length"),
		Private:      rapid.Bool().Draw(t, "private"),
		Comment:      rapid.OneOf(rapid.Just(""), text).Draw(t, "comment"),
		CreatedBy:    rapid.OneOf(rapid.Just(""), text).Draw(t, "created by"),
		CreationDate: rapid.Int64Range(0, 1<<37).Draw(t, "date"),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "tiers") {
		tier := []string{}
		for j := range rapid.IntRange(1, 3).Draw(t, "trackers") {
			tier = append(tier, fmt.Sprintf("http://t%d.example/%d", i, j))
		}
		d.Announce = append(d.Announce, tier)
	}
	total := int64(0)
	for i := range rapid.IntRange(1, 6).Draw(t, "files") {
		f := metainfo.DraftFile{
			Path:       []string{text.Draw(t, "folder"), fmt.Sprintf("%d", i)},
			Length:     rapid.Int64Range(0, 1000).Draw(t, "length"),
			Executable: rapid.Bool().Draw(t, "executable"),
		}
		if rapid.IntRange(0, 4).Draw(t, "pad") == 0 {
			f.Pad, f.Path = true, nil
		}
		total += f.Length
		d.Files = append(d.Files, f)
	}
	if total == 0 {
		d.Files[0].Length, total = 1, 1
	}
	if len(d.Files) == 1 && !d.Files[0].Pad && rapid.Bool().Draw(t, "single") {
		d.Files[0].Path = nil
	}
	d.Hashes = []byte(hashes(int((total + int64(d.PieceLength) - 1) / int64(d.PieceLength))))
	return d
}

// draftOf turns what was parsed back into a draft.
func draftOf(t *metainfo.Torrent) *metainfo.Draft {
	d := &metainfo.Draft{
		Name: t.Info.Name, PieceLength: t.Info.PieceLength, Private: t.Info.Private,
		Announce: t.Announce, Comment: t.Comment, CreatedBy: t.CreatedBy, CreationDate: t.CreationDate,
	}
	for i := range t.Info.NumPieces() {
		hash := t.Info.PieceHash(i)
		d.Hashes = append(d.Hashes, hash[:]...)
	}
	for _, f := range t.Info.Files {
		next := metainfo.DraftFile{Length: f.Length, Pad: f.Pad, Executable: f.Executable}
		if len(f.Path) > 1 {
			next.Path = f.Path[1:]
		}
		d.Files = append(d.Files, next)
	}
	return d
}

func TestWhatIsMadeIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawDraft(t)
		data, err := metainfo.Encode(want)
		if err != nil {
			t.Fatalf("%+v: %v", want, err)
		}
		got, err := metainfo.Parse(data)
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		if diff := cmp.Diff(want, draftOf(got)); diff != "" {
			t.Fatal(diff)
		}
		again, err := metainfo.Encode(draftOf(got))
		if err != nil || string(again) != string(data) {
			t.Fatalf("%q was written back as %q, %v", data, again, err)
		}
		wantLayout(t, &got.Info)
	})
}

// The spans of any range are what one finds by asking for each of its bytes.
func TestSpansMatchBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := []any{file(1, "first")}
		for i := range rapid.IntRange(0, 8).Draw(t, "files") {
			files = append(files, file(rapid.Int64Range(0, 5).Draw(t, "length"), fmt.Sprint(i)))
		}
		got, err := metainfo.Parse(torrent(multi(files...)))
		if err != nil {
			t.Fatal(err)
		}
		in := &got.Info
		offset := rapid.Int64Range(0, in.Total).Draw(t, "offset")
		length := rapid.Int64Range(0, in.Total-offset).Draw(t, "length")
		want := []metainfo.Span{}
		for at := offset; at < offset+length; at++ {
			i := slices.IndexFunc(in.Files, func(f metainfo.File) bool { return f.Offset <= at && at < f.Offset+f.Length })
			if n := len(want); n > 0 && want[n-1].File == i {
				want[n-1].Length++
				continue
			}
			want = append(want, metainfo.Span{File: i, Offset: at - in.Files[i].Offset, Length: 1})
		}
		if got := in.Spans([]metainfo.Span{}, offset, length); !cmp.Equal(got, want) {
			t.Fatalf("%d bytes at %d are %v, want %v", length, offset, got, want)
		}
	})
}

// memory is the most that Parse may allocate for n bytes: the bound that the package promises.
func memory(n int) uint64 { return 16*uint64(n) + 64<<10 }

func TestMemoryIsBounded(t *testing.T) {
	entry := func(path string) string { return "d6:lengthi0e4:pathl" + path + "ee" }
	two := func(a, b string, times int) string {
		return entry(strings.Repeat(a, times)) + entry(strings.Repeat(b, times))
	}
	tiers := "l8:udp://t1e" + strings.Repeat("l8:udp://t2e", 50_000)
	for name, data := range map[string][]byte{
		"single":      torrent(single(nil)),
		"small files": []byte(longList(20_000, two("2:aa", "2:bb", 1))),
		"deep paths":  []byte(longList(1_000, two("2:aa", "2:bb", 98))),
		"composed":    []byte(longList(1_000, two("2:\u0390", "3:\u1fe7", 98))),
		"bytes":       []byte(longList(1_000, two("3:\xff\xfe\xfd", "1:\xff", 98))),
		"long names":  []byte(longList(200, two("4000:"+strings.Repeat("\xff", 4000), "4000:"+strings.Repeat("?", 4000), 1))),
		"lists":       []byte(strings.Repeat("l", 10_000_000)),
		"trackers":    []byte("d13:announce-listl" + tiers + "e" + string(torrent(single(nil))[1:])),
		"comment":     []byte("d7:comment10000000:" + strings.Repeat("\x00", 10_000_000) + "e"),
	} {
		t.Run(name, func(t *testing.T) {
			if used := allocated(func() { metainfo.Parse(data) }); used > memory(len(data)) {
				t.Errorf("%d bytes of input took %d bytes of memory: %d times as much", len(data), used, used/uint64(len(data)))
			}
		})
	}
}

// allocated returns how many bytes f took from the heap, whether or not it gave them back.
func allocated(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
