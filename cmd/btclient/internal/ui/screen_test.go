package ui

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// terminal is as much of a terminal as a Screen needs. It understands what a Screen writes and nothing else.
type terminal struct {
	t             *testing.T
	columns, rows int
	lines         [][]rune // all there ever were; the last rows of them are visible
	row, column   int      // the cursor, in lines
	writes        int
}

func newTerminal(t *testing.T, columns, rows int) *terminal {
	return &terminal{t: t, columns: columns, rows: rows, lines: make([][]rune, 1)}
}

func (m *terminal) size() (int, int) { return m.columns, m.rows }

func (m *terminal) Write(p []byte) (int, error) {
	m.writes++
	for s := string(p); s != ""; {
		s = s[m.take(s):]
	}
	return len(p), nil
}

// take obeys the first character or escape sequence of s, and gives its length.
func (m *terminal) take(s string) int {
	if strings.HasPrefix(s, "\x1b[") {
		end := strings.IndexAny(s, "AKJm")
		switch n := 0; s[end] {
		case 'A':
			fmt.Sscanf(s[2:end], "%d", &n)
			if m.row -= n; m.row < max(0, len(m.lines)-m.rows) {
				m.t.Fatalf("the cursor leaves the top of the terminal")
			}
		case 'K':
			m.lines[m.row] = m.lines[m.row][:min(m.column, len(m.lines[m.row]))]
		case 'J':
			m.lines = m.lines[:m.row+1]
			m.lines[m.row] = m.lines[m.row][:min(m.column, len(m.lines[m.row]))]
		}
		return end + 1
	}
	r := []rune(s)[0]
	switch r {
	case '\r':
		m.column = 0
	case '\n':
		m.column = 0
		if m.row++; m.row == len(m.lines) {
			m.lines = append(m.lines, nil)
		}
	default:
		if m.column == m.columns {
			m.t.Fatalf("a line is wider than the terminal")
		}
		line := m.lines[m.row]
		m.lines[m.row] = append(line[:m.column:m.column], r)
		if m.column < len(line) {
			m.lines[m.row] = append(m.lines[m.row], line[m.column+1:]...)
		}
		m.column++
	}
	return len(string(r))
}

// narrow makes the terminal narrower, as those of today do: lines that do not fit are broken.
func (m *terminal) narrow(columns int) {
	var lines [][]rune
	for i, l := range m.lines {
		if i == m.row {
			m.row = len(lines)
		}
		for len(l) > columns {
			lines, l = append(lines, l[:columns]), l[columns:]
		}
		lines = append(lines, l)
	}
	m.columns, m.lines = columns, lines
}

// text is all that the terminal shows and has shown.
func (m *terminal) text() string {
	var s strings.Builder
	for _, l := range m.lines {
		s.WriteString(string(l) + "\n")
	}
	return strings.TrimRight(s.String(), "\n")
}

func (m *terminal) want(text string) {
	m.t.Helper()
	if got := m.text(); got != text {
		m.t.Fatalf("the terminal shows\n%s\nwant\n%s", got, text)
	}
}

func block(lines ...string) func(Look) []Line {
	return func(k Look) (b []Line) {
		for _, l := range lines {
			b = append(b, Text(l))
		}
		return fit(b, k)
	}
}

func TestScreen(t *testing.T) {
	m := newTerminal(t, 20, 6)
	io.WriteString(m, "$ btclient\n")
	s := newScreen(m, m.size, false, true)
	s.Draw(block("one", "two", "three"))
	m.want("$ btclient\none\ntwo\nthree")
	s.Draw(block("ONE", "2"))
	m.want("$ btclient\nONE\n2")
	writes := m.writes
	s.Print("a log line")
	m.want("$ btclient\na log line\nONE\n2")
	s.Draw(block("x", "y", "z", "w"))
	m.want("$ btclient\na log line\nx\ny\nz\nw")
	if m.writes != writes+2 {
		t.Errorf("%d writes for two changes", m.writes-writes)
	}
	fmt.Fprint(s.Writer(m), "a second\nand third\n")
	s.Draw(block("x", "y"))
	m.want("$ btclient\na log line\na second\nand third\nx\ny")
	s.Close()
	s.Print("the end")
	s.Draw(block("nothing"))
	m.want("$ btclient\na log line\na second\nand third\nx\ny\nthe end")
}

// TestScreenCut draws more and wider lines than there is room for.
func TestScreenCut(t *testing.T) {
	m := newTerminal(t, 10, 4)
	s := newScreen(m, m.size, false, false)
	s.Draw(block("1234567890123", "2", "3", "4", "5"))
	m.want("123456...\n2\n3")
	s.Draw(block("again", "and again"))
	m.want("again\nand again")
	s.Clear()
	m.want("")
}

// TestScreenNarrower takes room away between two drawings.
func TestScreenNarrower(t *testing.T) {
	m := newTerminal(t, 40, 12)
	io.WriteString(m, "$ btclient\n")
	s := newScreen(m, m.size, true, true)
	s.Draw(block("a line of more than twenty columns", "short", "and another one that is long"))
	m.narrow(20)
	s.Draw(block("a line of more than twenty columns", "short"))
	m.want("$ btclient\na line of more tha…\nshort")
}
