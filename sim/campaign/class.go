package campaign

import (
	"errors"
	"strings"

	"peerwire/sim/check"
)

// Checkers that are none of package check's.
const (
	Endless = "endless" // a run that takes more events than it can need
	Panic   = "panic"
)

// classOf is the checker that an error is of, and what it minds, without what is different from run to run: times, names and numbers.
func classOf(err error) string {
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
