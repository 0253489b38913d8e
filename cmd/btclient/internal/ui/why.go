package ui

import (
	"strings"

	"peerwire/cmd/internal/printable"
)

// drawWhy explains the connections that are to be explained, flag by flag. Lines that are wider than the room go on below.
func drawWhy(v *View, room int) (lines []Line) {
	if v.Explain == "" || v.State == Checking {
		return nil
	}
	for i := range v.Peers {
		p := &v.Peers[i]
		if p.Why == nil {
			continue
		}
		head := "why " + p.Addr + ", " + p.Kind()
		if p.Client != "" {
			head += ", " + printable.Text(p.Client)
		}
		lines = append(lines, Line{{head, Bold}})
		for _, r := range p.Why {
			style := Dim
			if r.Is {
				style = Plain
			}
			head := "  " + pad(r.Flag, longestFlag) + columnGap
			for _, part := range wrap(r.Text, room-width(head)) {
				lines = append(lines, Line{{head + part, style}})
				head = pad("", width(head))
			}
		}
	}
	if lines == nil {
		lines = []Line{{{"no connection to explain: " + printable.Text(v.Explain), Dim}}}
	}
	return lines
}

// wrap breaks text at blanks into parts of at most so many columns, where it can.
func wrap(text string, columns int) (parts []string) {
	for width(text) > columns {
		end := strings.LastIndexByte(clip(text, columns+1), ' ')
		if end <= 0 {
			break
		}
		parts = append(parts, text[:end])
		text = text[end+1:]
	}
	return append(parts, text)
}

// longestFlag is what the longest name of a status method takes.
const longestFlag = len("SupportExtensions")
