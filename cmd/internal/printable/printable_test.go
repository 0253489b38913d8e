package printable

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"", ""}, {"plain", "plain"}, {"Grüße, 日本", "Grüße, 日本"}, {"a\x1b[2J\u202eb\xff", "a?[2J?b?"}, {"two\nlines\ttab", "two?lines?tab"},
	} {
		if got := Text(c.given); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.given, got, c.want)
		}
	}
}
