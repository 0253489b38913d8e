package scenario

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// Write is the text of a file from which Read gives the scenario again, but for its name. What is as it would be without being said is left out.
func Write(s *Scenario) []byte {
	usual := New()
	usual.Groups, usual.Faults = []Group{NewGroup()}, []Fault{NewFault(0)}
	said := map[string]bool{}
	for line, table := range tabled(encode(usual)) {
		said[table+line] = true
	}
	var out bytes.Buffer
	head := "" // of a table of which nothing is said yet
	for line, table := range tabled(encode(s)) {
		switch {
		case line == table && strings.HasPrefix(line, "[["):
			out.WriteString("\n" + line + "\n")
			head = ""
		case line == table:
			head = "\n" + line + "\n"
		case !said[table+line]:
			out.WriteString(head + line + "\n")
			head = ""
		}
	}
	return bytes.TrimLeft(out.Bytes(), "\n")
}

// encode writes all keys.
func encode(s *Scenario) string {
	var b bytes.Buffer
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(s); err != nil {
		panic("BUG: " + err.Error())
	}
	return b.String()
}

// tabled gives the lines of a text that say something, each with the head of the table that it stands in, which is the line itself where
// that begins.
func tabled(text string) func(yield func(line, table string) bool) {
	return func(yield func(line, table string) bool) {
		table := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				table = line
			}
			if line != "" && !yield(line, table) {
				return
			}
		}
	}
}

// MarshalTOML writes a seed as TOML has numbers, as long as it has them.
func (s Seed) MarshalTOML() ([]byte, error) {
	text := strconv.FormatUint(uint64(s), 10)
	if s > math.MaxInt64 {
		text = `"` + text + `"`
	}
	return []byte(text), nil
}

// MarshalText writes a time.
func (s Span) MarshalText() ([]byte, error) {
	if s == 0 {
		return []byte("0"), nil
	}
	var b []byte
	rest := int64(s)
	for i := len(spanUnits) - 1; i >= 0; i-- {
		if u := spanUnits[i]; rest >= u.is {
			b = append(strconv.AppendInt(b, rest/u.is, 10), u.name...)
			rest %= u.is
		}
	}
	return b, nil
}

// MarshalText writes a size.
func (s Size) MarshalText() ([]byte, error) { return []byte(largest(int64(s))), nil }

// MarshalText writes a rate.
func (r Rate) MarshalText() ([]byte, error) {
	if r == 0 {
		return []byte("unlimited"), nil
	}
	return []byte(largest(int64(r)) + "/s"), nil
}

// largest writes so many bytes in the largest unit of which that is a whole number.
func largest(n int64) string {
	best := sizeUnits[0]
	for _, u := range sizeUnits[:binaryUnits] {
		if n%u.is == 0 && n >= u.is {
			best = u
		}
	}
	return strconv.FormatInt(n/best.is, 10) + " " + best.name
}

// binaryUnits is how many of the units of size are powers of two.
const binaryUnits = 5
