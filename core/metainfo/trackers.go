package metainfo

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"peerwire/core/bencode"
)

// trackers reads the addresses by tier: those of "announce-list" (BEP 12), or if it has none that of "announce".
func trackers(announce, list bencode.Value) [][]string {
	known := map[string]bool{}
	var tiers [][]string
	for tier := range list.Items {
		var urls []string
		for item := range tier.Items {
			urls = appendAddress(urls, item, known)
		}
		if len(urls) > 0 {
			tiers = append(tiers, urls)
		}
	}
	if len(tiers) > 0 {
		return tiers
	}
	if urls := appendAddress(nil, announce, known); len(urls) > 0 {
		return [][]string{urls}
	}
	return nil
}

// appendAddress appends a tracker's address unless it is unusable, known already, or one too many.
func appendAddress(urls []string, v bencode.Value, known map[string]bool) []string {
	b, _ := v.Bytes()
	b = bytes.TrimSpace(b)
	if len(b) > MaxURL || len(known) == MaxTrackers || known[string(b)] || !isAddress(string(b)) {
		return urls
	}
	url := string(b)
	known[url] = true
	return append(urls, url)
}

// isAddress tells whether s looks like an absolute URL and can be shown.
func isAddress(s string) bool {
	scheme, rest, found := strings.Cut(s, "://")
	unfit := func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }
	return found && scheme != "" && rest != "" && len(s) <= MaxURL && utf8.ValidString(s) && !strings.ContainsFunc(s, unfit)
}
