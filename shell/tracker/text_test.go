package tracker

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"http://tracker.example/announce", "http://tracker.example/announce"},
		{"http://tracker.example:80/announce.php?passkey=SECRET", "http://tracker.example:80/announce.php"},
		{"https://tracker.example/SECRET/announce", "https://tracker.example/***/announce"},
		{"https://tracker.example/announce/SECRET#SECRET", "https://tracker.example/announce/***"},
		{"http://user:SECRET@tracker.example/announce", "http://tracker.example/announce"},
		{"http://tracker.example/announce-SECRET", "http://tracker.example/***"},
		{"http://tracker.example/a%2fSECRET/announce", "http://tracker.example/***/***/announce"},
		{"udp://tracker.example:6969", "udp://tracker.example:6969"},
		{"udp://[2001:db8::1]:6969/announce", "udp://[2001:db8::1]:6969/announce"},
		{"http://ev\u202eil.example/announce", "http://ev?il.example/announce"},
		{"http://tracker.example/\x1b[2J", "(unreadable URL)"},
		{"SECRET", "(unreadable URL)"},
		{"", "(unreadable URL)"},
	} {
		if got := Redact(c.url); got != c.want || strings.Contains(got, "SECRET") {
			t.Errorf("Redact(%q) = %q, want %q", c.url, got, c.want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"not registered", "not registered"},
		{"  two\r\nlines\t", "two lines"},
		{"\x1b[31mred\x07\x00", "?[31mred??"},
		{"a\xffb", "a?b"},
		{"right\u202eto left\u200b", "right?to left?"},
		{"Größe 漢字", "Größe 漢字"},
		{"", ""},
		{strings.Repeat("x", maxPrintableText), strings.Repeat("x", maxPrintableText)},
		{strings.Repeat("x", 1<<20), strings.Repeat("x", maxPrintableText) + "..."},
	} {
		if got := printable(c.text); got != c.want {
			t.Errorf("printable(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}
