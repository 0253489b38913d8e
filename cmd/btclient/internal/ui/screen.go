package ui

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"
)

// Screen redraws a block of lines in place, at the end of what a terminal shows. What is printed in the meantime goes
// above the block. Each change is one write, so that nothing flickers. Its methods may be called from any goroutine.
type Screen struct {
	out   io.Writer
	size  func() (columns, lines int)
	look  Look
	color bool

	mu    sync.Mutex
	block []Line // as it stands
	gone  bool   // closed: nothing is drawn any more
}

// NewScreen draws on a terminal; nil when f is none, or none that can be drawn on.
func NewScreen(f *os.File) *Screen {
	if !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" || !enableANSI(f) {
		return nil
	}
	return newScreen(f, func() (int, int) {
		columns, lines, err := term.GetSize(int(f.Fd()))
		if err != nil || columns < 1 || lines < 1 {
			return 80, 24
		}
		return columns, lines
	}, speaksUnicode(), os.Getenv("NO_COLOR") == "")
}

func newScreen(out io.Writer, size func() (int, int), unicode, color bool) *Screen {
	return &Screen{out: out, size: size, look: Look{Unicode: unicode}, color: color}
}

// speaksUnicode looks at the locale, in the order in which the C library does.
func speaksUnicode() bool {
	if unicodeConsole {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// Draw puts a new block in the place of the last one. draw is told what there is to draw on.
func (s *Screen) Draw(draw func(Look) []Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return
	}
	columns, lines := s.size()
	look := s.look
	// A line that fills the last column leaves terminals in two minds about where the cursor is; and the cursor itself
	// stands on a line below the block.
	look.Width, look.Height = columns-1, lines-1
	var b strings.Builder
	s.erase(&b, columns, lines)
	s.block = draw(look)
	s.paint(&b)
	io.WriteString(s.out, b.String())
}

// Print puts lines above the block, or where it was.
func (s *Screen) Print(lines ...string) {
	s.above(s.out, strings.Join(lines, "\n")+"\n")
}

// Writer passes what is written to w, which shows on the same terminal, so that it comes to stand above the block. Each
// write must be of whole lines.
func (s *Screen) Writer(w io.Writer) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		s.above(w, string(p))
		return len(p), nil
	})
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// above writes whole lines to w, with the block out of the way.
func (s *Screen) above(w io.Writer, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.block) == 0 {
		io.WriteString(w, text)
		return
	}
	columns, lines := s.size()
	var before, after strings.Builder
	s.erase(&before, columns, lines)
	before.WriteString("\x1b[J")
	s.paint(&after)
	if w == s.out {
		io.WriteString(w, before.String()+text+after.String())
		return
	}
	io.WriteString(s.out, before.String())
	io.WriteString(w, text)
	io.WriteString(s.out, after.String())
}

// Close leaves the block as it stands; nothing is drawn any more, and what is printed goes below.
func (s *Screen) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.block, s.gone = nil, true
}

// Clear takes the block away.
func (s *Screen) Clear() { s.Draw(func(Look) []Line { return nil }) }

// erase moves the cursor to where the block begins. Since it was drawn the terminal may have become narrower, and have
// broken its lines.
func (s *Screen) erase(b *strings.Builder, columns, lines int) {
	rows := 0
	for _, l := range s.block {
		rows += max(1, (l.Width()+columns-1)/columns)
	}
	if rows = min(rows, lines-1); rows > 0 {
		b.WriteString("\x1b[" + strconv.Itoa(rows) + "A")
	}
	b.WriteString("\r")
}

// paint draws the block from the cursor on, and removes what was left of the last one.
func (s *Screen) paint(b *strings.Builder) {
	for _, l := range s.block {
		l.write(b, s.color)
		b.WriteString("\x1b[K\n")
	}
	b.WriteString("\x1b[J")
}

// IsTerminal tells whether what is written to w shows on a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
