package scenario

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// Error is what is wrong with a scenario, and where.
type Error struct {
	File string
	Line int    // from 1; 0 when it is no line's fault
	Key  string // "peers.up"; empty when it is no key's
	Text string
}

// Error writes it as compilers do.
func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at += ":" + strconv.Itoa(e.Line)
	}
	if e.Key != "" {
		return at + ": " + e.Key + ": " + e.Text
	}
	return at + ": " + e.Text
}

// Read reads a scenario from the text of a file, whose name without its ending becomes the scenario's.
func Read(file string, text []byte) (*Scenario, error) {
	if len(text) > MaxFile {
		return nil, &Error{File: file, Text: fmt.Sprintf("a scenario has at most %d bytes", MaxFile)}
	}
	if line := deeper(string(text), MaxDepth); line > 0 {
		return nil, &Error{File: file, Line: line, Text: "lists, tables or the parts of a key lie too deep in one another"}
	}
	s := New()
	lines := locate(string(text))
	md, err := toml.Decode(string(text), s)
	if err != nil {
		return nil, syntax(file, lines, err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		key := unknown[0].String()
		hint := ""
		if near := nearest(key); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, &Error{file, lines.of(key, anyGroup), key, "there is no such key" + hint}
	}
	s.Name = strings.TrimSuffix(path.Base(strings.ReplaceAll(file, `\`, "/")), ".toml")
	if len(s.Groups) > MaxGroups || len(s.Faults) > MaxGroups {
		return nil, &Error{File: file, Text: fmt.Sprintf("there are at most %d groups, and as many faults", MaxGroups)}
	}
	var said struct {
		Groups []keys `toml:"peers"`
		Faults []keys `toml:"faults"`
	}
	if _, err := toml.Decode(string(text), &said); err != nil {
		panic("BUG: what was read cannot be read again: " + err.Error())
	}
	for i := range s.Groups {
		s.Groups[i].complete(said.Groups[i])
	}
	for i := range s.Faults {
		f := &s.Faults[i]
		f.complete(said.Faults[i])
		if key := f.needless(said.Faults[i]); key != "" {
			key = "faults." + key
			return nil, &Error{file, lines.of(key, i), key, "it is more than nothing; left out it is as much as is usual"}
		}
	}
	if key, nth, wrong := s.judge(); wrong != "" {
		return nil, &Error{file, lines.of(key, nth), key, wrong}
	}
	return s, nil
}

// syntax puts an error of the decoder into ours.
func syntax(file string, lines lines, err error) error {
	var p toml.ParseError
	if !errors.As(err, &p) {
		return mismatch(file, err.Error())
	}
	if p.LastKey != "" && p.Position.Line > 0 && lines.at(p.Position.Line) != "" {
		p.LastKey = lines.at(p.Position.Line)
	}
	return &Error{file, p.Position.Line, p.LastKey, plainly(p.LastKey, strings.TrimPrefix(p.Message, "toml: "))}
}

// mismatch takes apart what the decoder says of a value of the wrong kind: 'toml: line 4 (last key "peers.count"): incompatible types'.
func mismatch(file, text string) error {
	e := &Error{File: file, Text: strings.TrimPrefix(text, "toml: ")}
	head, tail, ok := strings.Cut(e.Text, "): ")
	line, key, last := strings.Cut(strings.TrimPrefix(head, "line "), " (last key ")
	n, err := strconv.Atoi(line)
	name, unquoted := strconv.Unquote(key)
	if ok && last && err == nil && unquoted == nil {
		e.Line, e.Key, e.Text = n, name, plainly(name, tail)
	}
	return e
}

// plainly says what the decoder says of a value in the words of this documentation.
func plainly(key, text string) string {
	switch {
	case strings.HasSuffix(text, " is out of range for int64"):
		return errTooMuch.Error()
	case !strings.HasPrefix(text, "incompatible types: ") && !strings.HasPrefix(text, "type mismatch "):
		return text
	}
	for _, f := range Fields() {
		if f.Key == key {
			return "it is " + kinds[f.Kind]
		}
	}
	return fmt.Sprintf("it is a table: begin it with [%s]", key)
}

// kinds tell what the value of a field looks like, by the field's kind.
var kinds = map[string]string{
	"text": `a text in quotes, such as "tcp"`, "number": "a whole number", "bool": "true or false", "time": `a time, such as "25ms"`,
	"times": `a list of times, such as ["0", "5s"]`, "size": `a size, such as "256 KiB"`, "rate": `a rate, such as "1 MiB/s"`,
	"group": "a list of tables: begin each with [[peers]]", "fault": "a list of tables: begin each with [[faults]]",
}
