package metainfo

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// separator stands between the components of a folded path: no clean name holds it, and it sorts before all that they
// hold.
const separator = 0

// folder folds paths, many at a small price: it keeps the memory that it works in.
type folder struct {
	runes []rune // of the component at hand
	work  []byte // the path at hand
	chunk []byte // its tail is free for the results to come
}

// path returns the folded components of a path, with a separator between two.
func (f *folder) path(path []string) []byte {
	const chunkSize = 16 << 10
	f.work = f.work[:0]
	for i, name := range path {
		if i > 0 {
			f.work = append(f.work, separator)
		}
		f.work = f.append(f.work, name)
	}
	if len(f.work) > cap(f.chunk)-len(f.chunk) {
		f.chunk = make([]byte, 0, max(chunkSize, len(f.work)))
	}
	start := len(f.chunk)
	f.chunk = append(f.chunk, f.work...)
	return f.chunk[start:len(f.chunk):len(f.chunk)]
}

// append appends to dst what all spellings of a name have in common that differ in case or in the composition of
// letters: each character decomposed (Unicode's canonical decomposition), the marks on one letter in one order, and
// the case folded.
//
// The marks are sorted by their numbers, not by their combining classes: that may take two names for one that are not,
// in writing that nobody writes, but never two for two that are one.
func (f *folder) append(dst []byte, name string) []byte {
	start, ascii := len(dst), true
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf {
			ascii = false
			break
		}
		dst = append(dst, byte(foldRune(rune(c))))
	}
	if ascii {
		return dst
	}
	f.runes = f.runes[:0]
	for _, r := range name {
		f.runes = appendDecomposed(f.runes, r)
	}
	sortMarks(f.runes)
	dst = dst[:start]
	for _, r := range f.runes {
		dst = utf8.AppendRune(dst, foldRune(r))
	}
	return dst
}

// foldRune maps all characters that differ in case alone to one of them.
func foldRune(r rune) rune {
	least := r
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	if least < utf8.RuneSelf { // such as the Kelvin sign
		return foldRune(least)
	}
	return least
}

// appendDecomposed appends the canonical decomposition of a character.
func appendDecomposed(dst []rune, r rune) []rune {
	const (
		hangul, hangulEnd         = 0xAC00, 0xD7A4
		leading, vowel, trailing  = 0x1100, 0x1161, 0x11A7
		vowels, trailings, blocks = 21, 28, 21 * 28
	)
	if hangul <= r && r < hangulEnd {
		n := r - hangul
		dst = append(dst, leading+n/blocks, vowel+n%blocks/trailings)
		if t := n % trailings; t > 0 {
			dst = append(dst, trailing+t)
		}
		return dst
	}
	i, found := slices.BinarySearchFunc(decompositions[:], r, func(d decomposition, r rune) int { return cmp.Compare(d.from, r) })
	if !found {
		return append(dst, r)
	}
	return append(dst, []rune(decompositions[i].to)...)
}

// sortMarks sorts each run of combining marks.
func sortMarks(runes []rune) {
	for i := 0; i < len(runes); i++ {
		end := i
		for end < len(runes) && unicode.IsMark(runes[end]) {
			end++
		}
		slices.Sort(runes[i:end])
		i = max(i, end)
	}
}
