package ui

import (
	"strings"
	"unicode"
)

// Style is how a piece of text looks.
type Style uint8

// The styles.
const (
	Plain Style = iota
	Bold
	Dim
	Good
	Bad
	Accent
)

var sgr = [...]string{Plain: "", Bold: "1", Dim: "2", Good: "32", Bad: "31", Accent: "36"}

// Span is a piece of a line in one style.
type Span struct {
	Text  string
	Style Style
}

// Line is one line of a display, without its end.
type Line []Span

// Text makes a line of one plain span.
func Text(s string) Line { return Line{{Text: s}} }

// Width is the number of columns that a line takes.
func (l Line) Width() (n int) {
	for _, s := range l {
		n += width(s.Text)
	}
	return n
}

// cut shortens a line to at most columns.
func (l Line) cut(columns int, ellipsis string) Line {
	if l.Width() <= columns {
		return l
	}
	room := columns - width(ellipsis)
	if room < 0 {
		return nil
	}
	var out Line
	for _, s := range l {
		head := clip(s.Text, room)
		out = append(out, Span{head, s.Style})
		if room -= width(head); len(head) < len(s.Text) {
			break
		}
	}
	return append(out, Span{Text: ellipsis})
}

// write appends a line to b, in colour or without.
func (l Line) write(b *strings.Builder, color bool) {
	for _, s := range l {
		if !color || s.Style == Plain || s.Text == "" {
			b.WriteString(s.Text)
			continue
		}
		b.WriteString("\x1b[" + sgr[s.Style] + "m" + s.Text + "\x1b[0m")
	}
}

// String is the line without styles.
func (l Line) String() string {
	var b strings.Builder
	l.write(&b, false)
	return b.String()
}

// clip gives the longest beginning of s that takes at most columns.
func clip(s string, columns int) string {
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used > columns {
			return s[:i]
		}
	}
	return s
}

// pad makes s exactly columns wide, cutting it where it is longer.
func pad(s string, columns int) string {
	s = clip(s, columns)
	return s + strings.Repeat(" ", columns-width(s))
}

// padLeft is pad with the text at the right end.
func padLeft(s string, columns int) string {
	s = clip(s, columns)
	return strings.Repeat(" ", columns-width(s)) + s
}

func width(s string) (n int) {
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// wide are the blocks whose characters take two columns on terminals: Hangul, CJK, full-width forms, emoji.
var wide = [...][2]rune{
	{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
	{0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
}

// runeWidth is the number of columns that terminals give a printable character.
func runeWidth(r rune) int {
	if r < wide[0][0] && r < 0x300 { // most text
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	for _, block := range wide {
		if r >= block[0] && r <= block[1] {
			return 2
		}
	}
	return 1
}
