package script

import (
	"bufio"
	"strings"

	"peerwire/sim"
)

// Play plays a whole transcript in a world of its own, without comparing what was to be seen with what is.
func Play(text string, o sim.Options) (*Script, error) {
	s := New(o)
	Each(text, func(line, input string) bool {
		s.Do(line, input)
		return true
	})
	return s, s.Err()
}

// Each calls f with each command of a transcript and the lines below it, until it gives false. It reads the text as package datadriven does, which
// does so in tests only.
func Each(text string, f func(line, input string) bool) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for strings.HasSuffix(line, `\`) && lines.Scan() {
			line = strings.TrimSuffix(line, `\`) + " " + strings.TrimSpace(lines.Text())
		}
		var input []string
		for lines.Scan() && lines.Text() != separator {
			input = append(input, lines.Text())
		}
		if !f(line, strings.TrimSpace(strings.Join(input, "\n"))) {
			return
		}
		skipSeen(lines)
	}
}

// maxLine is how long a line may be, bytes: a message of a peer's may be so many, in hexadecimal digits.
const maxLine = 1 << 20

// separator stands between a command and what is to be seen; twice, when there are blank lines in that.
const separator = "----"

// skipSeen passes over what is to be seen after a command.
func skipSeen(lines *bufio.Scanner) {
	if !lines.Scan() || lines.Text() == "" {
		return
	}
	blanks := lines.Text() == separator
	before := ""
	for lines.Scan() {
		line := lines.Text()
		if !blanks && strings.TrimSpace(line) == "" || blanks && line == separator && before == separator {
			return
		}
		before = line
	}
}
