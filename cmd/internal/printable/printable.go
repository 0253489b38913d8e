// Package printable makes text from outside fit to be shown.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a text as one line, without control characters, and without what hides or reorders other characters: each such
// becomes a question mark.
func Text(s string) string {
	clean := func(r rune) bool { return r != utf8.RuneError && unicode.IsPrint(r) }
	if strings.IndexFunc(s, func(r rune) bool { return !clean(r) }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if clean(r) {
			return r
		}
		return '?'
	}, s)
}
