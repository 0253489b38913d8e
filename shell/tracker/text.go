package tracker

import (
	"net/url"
	"strings"
	"unicode"
)

// printable makes text from a stranger fit for a terminal and a log: invalid UTF-8, control characters and invisible ones
// (escape sequences, bidirectional overrides) become '?', white space becomes one space, and length is bounded.
func printable(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(text[:min(len(text), 8*maxPrintableText)]), " ") {
		if n == maxPrintableText {
			b.WriteString("...")
			break
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			r = '?'
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// publicElements are the path elements that announce URLs of open trackers are made of. Any other one may be a passkey.
var publicElements = map[string]bool{"": true, "announce": true, "announce.php": true, "scrape": true, "scrape.php": true}

// Redact writes a tracker's URL for display: without user, password, query and fragment, and with every element of the
// path but the well-known ones replaced, for private trackers put the user's secret there.
func Redact(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" {
		return "(unreadable URL)"
	}
	elements := strings.Split(u.Path, "/")
	for i, e := range elements {
		if !publicElements[e] {
			elements[i] = "***"
		}
	}
	return printable(u.Scheme + "://" + u.Host + strings.Join(elements, "/"))
}
