package metainfo_test

import (
	"crypto/sha1"
	"strings"
	"testing"

	"peerwire/core/metainfo"
)

// FuzzParse wants of any input that it is refused with one printable line, or that all which Info promises is so. To
// reach the inside, which no luck would find, the input is also taken for a list of files, a name, a path and a text.
func FuzzParse(f *testing.F) {
	for _, c := range faulty {
		if len(c.data) < 1000 {
			f.Add(c.data)
		}
	}
	for _, c := range hostile {
		if len(c.raw) < 100 {
			f.Add([]byte(c.raw))
		}
	}
	f.Add(torrent(single(nil)))
	f.Add(torrent(multi(file(5, "a"), changed(file(9, ".pad", "9"), dict{"attr": "p"}), file(0, "b", "c"))))
	f.Add([]byte("d6:lengthi5e4:pathl1:aeed4:attr1:l4:pathl1:bee"))
	f.Fuzz(func(t *testing.T, data []byte) {
		inside := string(data)
		wantSound(t, data)
		wantSound(t, []byte("d4:infod5:filesl"+inside+"e4:name1:n12:piece lengthi16384e6:pieces20:"+hashes(1)+"ee"))
		wantSound(t, torrent(single(dict{"name": inside})))
		wantSound(t, torrent(multi(file(1, "a", inside), file(1, "A", strings.ToUpper(inside)), file(1, inside))))
		wantSound(t, encoded(dict{"info": single(nil), "comment": inside, "announce": inside, "announce-list": list{list{inside}}}))
	})
}

// wantSound parses data and checks whatever comes of it.
func wantSound(t *testing.T, data []byte) {
	got, err := metainfo.Parse(data)
	if err != nil {
		e, ok := err.(*metainfo.Error)
		if !ok || got != nil {
			t.Fatalf("%q: %v, %#v", data, got, err)
		}
		wantPrintable(t, e.Error())
		return
	}
	if got.InfoHash != sha1.Sum(got.InfoBytes) || !strings.Contains(string(data), string(got.InfoBytes)) {
		t.Fatalf("%q: the hash is of %q", data, got.InfoBytes)
	}
	wantLayout(t, &got.Info)
	for _, tier := range got.Announce {
		for _, url := range tier {
			wantPrintable(t, url[:min(len(url), 900)])
		}
	}
	if got.Comment != "" {
		wantPrintable(t, got.Comment[:min(len(got.Comment), 900)])
	}
	info := &got.Info
	spans := info.Spans(nil, 0, info.Total)
	sum := int64(0)
	for _, s := range spans {
		sum += s.Length
	}
	if sum != info.Total {
		t.Fatalf("the spans %v are %d bytes of %d", spans, sum, info.Total)
	}
}
