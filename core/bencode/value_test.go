package bencode_test

import (
	"testing"

	"peerwire/core/bencode"
)

// handshake is an extension handshake as libtorrent sends it.
const handshake = "d12:complete_agoi1e1:md11:lt_donthavei7e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1ee" +
	"13:metadata_sizei31235e4:reqqi500e11:upload_onlyi0e1:v18:libtorrent/2.0.8.06:yourip4:\x7f\x00\x00\x01e"

func TestLookups(t *testing.T) {
	root := parse(t, handshake).Root
	if n, ok := root.Get("m").Get("ut_pex").Int(); !ok || n != 1 {
		t.Errorf("ut_pex is %d, %v", n, ok)
	}
	if v, ok := root.Get("v").Bytes(); !ok || string(v) != "libtorrent/2.0.8.0" {
		t.Errorf("v is %q, %v", v, ok)
	}
	if raw := root.Get("m").Get("lt_donthave").Raw(); string(raw) != "i7e" {
		t.Errorf("raw is %q", raw)
	}
	absent := root.Get("reqq").Get("no").Get("such")
	if _, ok := absent.Int(); ok || absent.Kind() != bencode.None || absent.Raw() != nil {
		t.Errorf("found %q where nothing is", absent.Raw())
	}
	if _, ok := absent.Bytes(); ok {
		t.Error("nothing is a string")
	}
}

func TestKinds(t *testing.T) {
	for input, want := range map[string]bencode.Kind{
		"i1e": bencode.Integer, "0:": bencode.String, "1:i": bencode.String, "le": bencode.List, "de": bencode.Dict,
	} {
		v := parse(t, input).Root
		if v.Kind() != want {
			t.Errorf("%s has kind %d", input, v.Kind())
		}
		_, isInt := v.Int()
		_, isString := v.Bytes()
		if isInt != (want == bencode.Integer) || isString != (want == bencode.String) {
			t.Errorf("%s: integer %v, string %v", input, isInt, isString)
		}
		for range v.Items {
			t.Errorf("%s has an item", input)
		}
		for range v.Entries {
			t.Errorf("%s has an entry", input)
		}
	}
}

func TestWalks(t *testing.T) {
	got := ""
	for key, item := range parse(t, "d1:bi1e1:al1:xlee1:bdee").Root.Entries {
		got += string(key) + "=" + string(item.Raw()) + " "
	}
	if got != "b=i1e a=l1:xlee b=de " {
		t.Errorf("entries %s", got)
	}
	got = ""
	for item := range parse(t, "li1e2:xxld1:ai1eeed0:lee4:laste").Root.Items {
		got += string(item.Raw()) + " "
		if item.Kind() == bencode.Dict {
			break
		}
	}
	if got != "i1e 2:xx ld1:ai1eee d0:lee " {
		t.Errorf("items %s", got)
	}
}

// Nobody who appends to a value may write into the rest of the input.
func TestSlicesAreFull(t *testing.T) {
	root := parse(t, "d1:kl2:abee").Root
	for key, list := range root.Entries {
		text := []byte(nil)
		for item := range list.Items {
			text, _ = item.Bytes()
		}
		for _, b := range [][]byte{key, text, list.Raw(), root.Raw()} {
			if cap(b) != len(b) {
				t.Errorf("%q has room for more", b)
			}
		}
	}
}
