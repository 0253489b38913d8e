package peerfsm

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"peerwire/core/bencode"
	"peerwire/core/clause"
)

// TestExtHandshakeBytes: what we say, to the byte: canonical, and only what there is to tell. [EXT-2]
func TestExtHandshakeBytes(t *testing.T) {
	tests := []struct {
		h    ExtHandshake
		want string
	}{
		{ExtHandshake{}, "d1:md11:lt_donthavei7e11:upload_onlyi3eee"},
		{
			ExtHandshake{Port: 6881, RequestMax: 500, UploadOnly: true, Client: "peerwire 1", YourIP: netip.MustParseAddr("192.0.2.1")},
			"d1:md11:lt_donthavei7e11:upload_onlyi3ee1:pi6881e4:reqqi500e11:upload_onlyi1e1:v10:peerwire 16:yourip4:\xc0\x00\x02\x01e",
		},
		{
			ExtHandshake{RequestMax: 500, YourIP: netip.MustParseAddr("2001:db8::1")},
			"d1:md11:lt_donthavei7e11:upload_onlyi3ee4:reqqi500e6:yourip16:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01e",
		},
		{
			ExtHandshake{YourIP: netip.MustParseAddr("::ffff:192.0.2.1")},
			"d1:md11:lt_donthavei7e11:upload_onlyi3ee6:yourip4:\xc0\x00\x02\x01e",
		},
	}
	for _, test := range tests {
		if got := string(AppendExtHandshake([]byte("x"), test.h)); got != "x"+test.want {
			t.Errorf("%+v:\n got %q\nwant %q", test.h, got, "x"+test.want)
		}
	}
}

// theirs is an extension handshake as libtorrent writes it: more keys than we read.
const theirs = "d12:complete_agoi-1e1:md11:lt_donthavei7e10:share_modei8e11:upload_onlyi3e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1ee" +
	"13:metadata_sizei31235e1:pi51413e4:reqqi2000e11:upload_onlyi1e1:v16:libtorrent/2.0.86:yourip4:\x7f\x00\x00\x01e"

// TestParseExtHandshake: what is read, what is passed over, and what is counted. [EXT-3] [EXT-5] [EXT-6] [EXT-7] [EXT-8] [EXT-10]
func TestParseExtHandshake(t *testing.T) {
	mapped := ExtHandshake{MapsUploadOnly: true, UploadOnlyID: 9}
	tests := []struct {
		name, in string
		want     ExtHandshake
		v        clause.Violation
	}{
		{"libtorrent", theirs, ExtHandshake{
			Port: 51413, RequestMax: 2000, UploadOnly: true, Client: "libtorrent/2.0.8",
			YourIP: netip.MustParseAddr("127.0.0.1"), MapsUploadOnly: true, UploadOnlyID: 3, MapsDontHave: true, DontHaveID: 7,
		}, 0},
		{"empty", "de", ExtHandshake{}, 0},

		{"nothing", "", ExtHandshake{}, clause.ExtensionMalformed},
		{"garbage", "garbage", ExtHandshake{}, clause.ExtensionMalformed},
		{"a list", "l1:pi1ee", ExtHandshake{}, clause.ExtensionMalformed},
		{"a number", "i1e", ExtHandshake{}, clause.ExtensionMalformed},
		{"a length one too long", strings.Replace(theirs, "v16:", "v17:", 1), ExtHandshake{}, clause.ExtensionMalformed},
		{"cut", "d1:pi1e", ExtHandshake{}, clause.ExtensionMalformed},
		{"more after it", "d1:pi1eex", ExtHandshake{}, clause.ExtensionMalformed},
		{"a number too long for anybody", "d4:reqqi9223372036854775808ee", ExtHandshake{}, clause.ExtensionMalformed},
		{"depth 8", "d1:x" + strings.Repeat("l", 7) + strings.Repeat("e", 7) + "e", ExtHandshake{}, 0},
		{"depth 9", "d1:x" + strings.Repeat("l", 8) + strings.Repeat("e", 8) + "e", ExtHandshake{}, clause.ExtensionMalformed},
		{"keys out of order", "d4:reqqi7e1:pi1ee", ExtHandshake{Port: 1, RequestMax: 7}, 0},
		{"key twice", "d1:pi1e1:pi2ee", ExtHandshake{Port: 1}, 0},

		{"port 0", "d1:pi0ee", ExtHandshake{}, 0},
		{"port 65535", "d1:pi65535ee", ExtHandshake{Port: 65535}, 0},
		{"port 65536", "d1:pi65536ee", ExtHandshake{}, 0},
		{"port -1", "d1:pi-1ee", ExtHandshake{}, 0},
		{"port as text", "d1:p4:6881e", ExtHandshake{}, 0},

		{"reqq 0", "d4:reqqi0ee", ExtHandshake{}, 0},
		{"reqq -1", "d4:reqqi-1ee", ExtHandshake{}, 0},
		{"reqq 1", "d4:reqqi1ee", ExtHandshake{RequestMax: 1}, 0},
		{"reqq 2^63 - 1", "d4:reqqi9223372036854775807ee", ExtHandshake{RequestMax: 65535}, 0},
		{"reqq -2^63", "d4:reqqi-9223372036854775808ee", ExtHandshake{}, 0},

		{"upload_only 0", "d11:upload_onlyi0ee", ExtHandshake{}, 0},
		{"upload_only -1", "d11:upload_onlyi-1ee", ExtHandshake{UploadOnly: true}, 0},
		{"upload_only as text", "d11:upload_only1:1e", ExtHandshake{}, 0},

		{"yourip of 3 bytes", "d6:yourip3:abce", ExtHandshake{}, 0},
		{"yourip of 5 bytes", "d6:yourip5:abcdee", ExtHandshake{}, 0},
		{"yourip of no bytes", "d6:yourip0:e", ExtHandshake{}, 0},
		{"yourip as a number", "d6:youripi1ee", ExtHandshake{}, 0},
		{"yourip, mapped", "d6:yourip16:" + strings.Repeat("\x00", 10) + "\xff\xff\x01\x02\x03\x04e", ExtHandshake{YourIP: netip.MustParseAddr("1.2.3.4")}, 0},

		{"m withdraws", "d1:md11:upload_onlyi0eee", ExtHandshake{MapsUploadOnly: true}, 0},
		{"m at 255", "d1:md11:upload_onlyi255eee", ExtHandshake{MapsUploadOnly: true, UploadOnlyID: 255}, 0},
		{"m at 256", "d1:md11:upload_onlyi256eee", ExtHandshake{}, clause.ExtensionMapInvalid},
		{"m at -1", "d1:md11:upload_onlyi-1eee", ExtHandshake{}, clause.ExtensionMapInvalid},
		{"m with text", "d1:md11:upload_only1:3ee", ExtHandshake{}, clause.ExtensionMapInvalid},
		{"m with a bad stranger", "d1:md1:ali3ee11:upload_onlyi9eee", mapped, clause.ExtensionMapInvalid},
		{"m twice", "d1:md11:upload_onlyi9e11:upload_onlyi8eee", mapped, 0},
		{"m of two", "d1:md11:lt_donthavei0e11:upload_onlyi9eee", ExtHandshake{MapsUploadOnly: true, UploadOnlyID: 9, MapsDontHave: true}, 0},
		{"m twice, another", "d1:md11:lt_donthavei7e11:lt_donthavei8eee", ExtHandshake{MapsDontHave: true, DontHaveID: 7}, 0},
		{"m as a list", "d1:ml11:upload_onlyi9eee", ExtHandshake{}, 0},
		{"m as a number", "d1:mi9ee", ExtHandshake{}, 0},
		{"m of 128", "d1:md" + names(127) + "11:upload_onlyi9eee", mapped, 0},
		{"m of 129, ours the last", "d1:md" + names(128) + "11:upload_onlyi9eee", ExtHandshake{}, clause.ExtensionMapInvalid},
		{"m of 129, ours the first", "d1:md11:upload_onlyi9e" + names(128) + "ee", mapped, clause.ExtensionMapInvalid},
	}
	for _, test := range tests {
		if got, v := ParseExtHandshake([]byte(test.in)); got != test.want || v != test.v {
			t.Errorf("%s:\n got %+v, %q\nwant %+v, %q", test.name, got, v, test.want, test.v)
		}
	}
}

// names is so many entries of "m" that nobody knows.
func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "4:a%03di%de", i, i)
	}
	return b.String()
}

// TestClientName: what is shown of a name. [EXT-9]
func TestClientName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"Transmission 4.1", "Transmission 4.1"},
		{"µTorrent ≥ 3, 日本", "µTorrent ≥ 3, 日本"},
		{"\x1b[2Jgone", "�[2Jgone"},
		{"a\nb\tc\x00d\x7f", "a�b�c�d�"},
		{"left\u202eright", "left�right"},
		{"zero\u200bwidth\ufeff", "zero�width�"},
		{"\xff\xfe", "��"},
		{"half \xe6\x97", "half ��"},
		{"surrogate \xed\xa0\x80", "surrogate ���"},
		{strings.Repeat("x", 129), strings.Repeat("x", 128)},
		{strings.Repeat("x", 127) + "µ", strings.Repeat("x", 127)},
		{strings.Repeat("\x01", 60000), strings.Repeat("�", 42)},
	}
	for _, test := range tests {
		in := bencode.AppendString([]byte("d1:v"), test.in)
		if h, v := ParseExtHandshake(append(in, 'e')); h.Client != test.want || v != 0 {
			t.Errorf("%q is shown as %q (%v), want %q", test.in, h.Client, v, test.want)
		}
	}
}

// TestExtHandshakeRoundTrip: what we write is canonical, and read as what we meant.
func TestExtHandshakeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := ExtHandshake{
			Port:           rapid.Uint16().Draw(t, "port"),
			RequestMax:     rapid.IntRange(0, 65535).Draw(t, "reqq"),
			UploadOnly:     rapid.Bool().Draw(t, "upload only"),
			Client:         printable([]byte(rapid.String().Draw(t, "client"))),
			UploadOnlyID:   ExtUploadOnly,
			MapsUploadOnly: true,
			DontHaveID:     ExtDontHave,
			MapsDontHave:   true,
		}
		if ip, ok := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "ip")); ok {
			h.YourIP = ip.Unmap()
		}
		b := AppendExtHandshake(nil, h)
		if _, err := bencode.Parse(b, bencode.Limits{Strict: true}); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if got, v := ParseExtHandshake(b); got != h || v != 0 {
			t.Fatalf("%q read as %+v, %v", b, got, v)
		}
	})
}

// FuzzExtHandshake: whatever a peer says, what is kept of it is within its bounds, and could be said again.
func FuzzExtHandshake(f *testing.F) {
	f.Add([]byte(theirs))
	f.Add(AppendExtHandshake(nil, ExtHandshake{Port: 1, RequestMax: 1, UploadOnly: true, Client: "x", YourIP: netip.IPv6Loopback()}))
	f.Add([]byte("d1:md11:upload_onlyi256eee"))
	f.Add([]byte("d1:v4:\x1b[2Je"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h, v := ParseExtHandshake(payload)
		switch v {
		case clause.ExtensionMalformed:
			if h != (ExtHandshake{}) {
				t.Fatalf("malformed, and holds %+v", h)
			}
		case 0, clause.ExtensionMapInvalid:
		default:
			t.Fatalf("no violation for a handshake to be: %v", v)
		}
		if h.RequestMax < 0 || h.RequestMax > 65535 || h.YourIP.Is4In6() || h.UploadOnlyID != 0 && !h.MapsUploadOnly || h.DontHaveID != 0 && !h.MapsDontHave {
			t.Fatalf("out of bounds: %+v", h)
		}
		if len(h.Client) > MaxClientName || !utf8.ValidString(h.Client) || strings.ContainsFunc(h.Client, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("a name not to be shown: %q", h.Client)
		}
		again, v := ParseExtHandshake(AppendExtHandshake(nil, h))
		h.UploadOnlyID, h.MapsUploadOnly, h.DontHaveID, h.MapsDontHave = ExtUploadOnly, true, ExtDontHave, true
		if again != h || v != 0 {
			t.Fatalf("said again, %+v became %+v, %v", h, again, v)
		}
	})
}
