package campaign

import (
	"errors"
	"strings"

	"peerwire/sim"
	"peerwire/sim/check"
)

// Checkers that are none of package check's.
const (
	Endless = "endless" // a run that takes more events than it can need
	Panic   = "panic"
)

// NodeOf is with whose core something is wrong, as an error says; empty when it is nobody's in particular.
func NodeOf(err error) string {
	var f *check.Failure
	var t *sim.Trouble
	switch {
	case errors.As(err, &f):
		return f.Node
	case errors.As(err, &t):
		return t.Node
	}
	return ""
}

// CheckerOf is the checker that an error is of, and what it minds, without what is different from run to run: times, names and numbers.
func CheckerOf(err error) string {
	var f *check.Failure
	if errors.As(err, &f) {
		if f.Checker == check.Core {
			return "core: " + general(f.What)
		}
		return string(f.Checker)
	}
	text := err.Error()
	if _, after, ok := strings.Cut(text, "is not as it should be: ["); ok {
		id, _, _ := strings.Cut(after, "]")
		return "model " + id
	}
	return "core: " + general(text)
}

// general is a text without times, names and numbers.
func general(text string) string {
	var words []string
	for i, word := range strings.Fields(text) {
		switch {
		case strings.HasPrefix(word, "t="), i < 2 && strings.HasSuffix(word, ":"):
			continue
		case strings.ContainsAny(word, "0123456789"):
			word = "#" + word[len(strings.TrimRight(word, ":,;.)]}")):]
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
