package metainfo_test

import (
	"strings"
	"testing"

	"peerwire/core/metainfo"
)

// hostile lists names as torrents hold them, with the names that they become or the faults for which they are refused.
var hostile = []struct {
	raw, clean string
	fault      metainfo.Fault
}{
	// Harmless ones stay.
	{"a", "a", 0},
	{"file.txt", "file.txt", 0},
	{".hidden", ".hidden", 0},
	{"...x", "...x", 0},
	{"a..b", "a..b", 0},
	{" leading", " leading", 0},
	{"100%", "100%", 0},
	{"~", "~", 0},
	{"-rf", "-rf", 0},
	{"$HOME", "$HOME", 0},
	{"日本語.mkv", "日本語.mkv", 0},
	{"\ufffd", "\ufffd", 0},

	// Out of the folder.
	{"..", "", metainfo.LeadsOut},
	{".", "", metainfo.LeadsOut},
	{"", "", metainfo.Empty},
	{".. ", "", metainfo.LeadsOut},
	{" ..", "", metainfo.LeadsOut},
	{" . ", "", metainfo.LeadsOut},
	{"../", "", metainfo.LeadsOut},
	{"..\\", "", metainfo.LeadsOut},
	{"/..", "", metainfo.LeadsOut},
	{`\..\`, "", metainfo.LeadsOut},
	{"a/../b", "", metainfo.LeadsOut},
	{`a\..\b`, "", metainfo.LeadsOut},
	{"a/.. /b", "", metainfo.LeadsOut},
	{"../../etc/passwd", "", metainfo.LeadsOut},
	{"C:\\..\\x", "", metainfo.LeadsOut},
	{".\u200b.", "", metainfo.LeadsOut},
	{"\u202e..", "", metainfo.LeadsOut},
	{"\ufeff.", "", metainfo.LeadsOut},
	{"..\x00", ".._", 0},
	{"..\xff", "..%FF", 0},
	{"%2e%2e", "%2e%2e", 0},
	{"\uff0e\uff0e", "\uff0e\uff0e", 0}, // full-width dots are letters like others

	// Dots and spaces at the end, which Windows drops.
	{"...", "_", 0},
	{" ", "_", 0},
	{". .", "_", 0},
	{"name.", "name", 0},
	{"name...", "name", 0},
	{"name ", "name", 0},
	{"name. . ", "name", 0},
	{"name\t", "name_", 0},

	// Separators and roots.
	{"/", "_", 0},
	{"\\", "_", 0},
	{"//", "__", 0},
	{"/etc/x", "_etc_x", 0},
	{"a/b", "a_b", 0},
	{`a\b`, "a_b", 0},
	{"./a", "._a", 0},
	{`C:\x`, "C__x", 0},
	{"C:", "C_", 0},
	{`\\srv\s`, "__srv_s", 0},
	{`\\?\C:\x`, "____C__x", 0},
	{"x/", "x_", 0},

	// What Windows takes for something else.
	{"file.txt:stream", "file.txt_stream", 0},
	{"file::$DATA", "file__$DATA", 0},
	{`a<b>c"d|e?f*g`, "a_b_c_d_e_f_g", 0},
	{"con", "_con", 0},
	{"CON", "_CON", 0},
	{"nul.txt", "_nul.txt", 0},
	{"NUL .tar.gz", "_NUL .tar.gz", 0},
	{"prn.", "_prn", 0},
	{"aux ", "_aux", 0},
	{"com1", "_com1", 0},
	{"Com9.log", "_Com9.log", 0},
	{"lpt3", "_lpt3", 0},
	{"lpt²", "_lpt²", 0},
	{"conin$", "_conin$", 0},
	{"CONOUT$.x", "_CONOUT$.x", 0},
	{"c\u200don", "_con", 0},
	{"com10", "com10", 0},
	{"com", "com", 0},
	{"cons", "cons", 0},
	{"console.log", "console.log", 0},
	{"xcon", "xcon", 0},
	{"x.con", "x.con", 0},

	// Characters that do not show, or do more than that.
	{"a\x00b", "a_b", 0},
	{"a\nb", "a_b", 0},
	{"\x1b[31mred", "_[31mred", 0},
	{"a\x7fb", "a_b", 0},
	{"a\u0085b", "a_b", 0},
	{"a\u2028b\u2029c", "a_b_c", 0},
	{"\u202egnp.exe", "gnp.exe", 0},
	{"a\u061c\u200b\u200e\u200f\u202a\u2060\u2066\u2069\ufeffb", "ab", 0},
	{"\u200b", "_", 0},
	{"\u200b\u200b.", "", metainfo.LeadsOut},

	// Bytes that are not UTF-8.
	{"caf\xe9", "caf%E9", 0},
	{"\xff\xfe", "%FF%FE", 0},
	{"\xc0\xaf", "%C0%AF", 0}, // a slash, overlong
	{"\xc0\xae\xc0\xae", "%C0%AE%C0%AE", 0},
	{"\xed\xa0\x80", "%ED%A0%80", 0}, // a surrogate
	{"a\xe2\x82", "a%E2%82", 0},      // cut off

	// Too long.
	{strings.Repeat("x", 255), strings.Repeat("x", 255), 0},
	{strings.Repeat("x", 256), strings.Repeat("x", 246) + "~53dab551", 0},
	{strings.Repeat("x", 300) + ".tar.gz", strings.Repeat("x", 243) + "~ff83fd3c.gz", 0},
	{strings.Repeat("é", 150), strings.Repeat("é", 123) + "~9758f974", 0},
	{"a." + strings.Repeat("x", 300), "a." + strings.Repeat("x", 244) + "~2b6b9c98", 0},
	{strings.Repeat("x", 254) + "...", strings.Repeat("x", 254), 0},
	{strings.Repeat("\xff", 100), strings.Repeat("%FF", 82) + "~6d6b67ad", 0},
	{strings.Repeat("x", 4097), "", metainfo.TooLong},
}

func TestHostileNames(t *testing.T) {
	for _, c := range hostile {
		got, fault := metainfo.Clean([]byte(c.raw))
		if fault != c.fault || got != c.clean {
			t.Errorf("%.40q became %q, %v, want %q, %v", c.raw, got, fault, c.clean, c.fault)
		}
	}
}
