package metainfo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable turns text of unknown origin into one line that is safe to show on a terminal: at most limit characters, no
// control characters, no invisible ones that turn the direction of writing, valid UTF-8.
func printable(text []byte, limit int) string {
	var s strings.Builder
	for n := 0; len(text) > 0; n++ {
		if n == limit {
			s.WriteRune('…')
			break
		}
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case unicode.IsPrint(r): // also U+FFFD, which stands for invalid UTF-8
			s.WriteRune(r)
		case unicode.IsSpace(r) || unicode.IsControl(r):
			s.WriteByte(' ')
		}
	}
	return strings.TrimSpace(s.String())
}

// quoted shows a piece of the input within an error.
func quoted(text string) string {
	const limit = 80
	return `"` + printable([]byte(text), limit) + `"`
}
