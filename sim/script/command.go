package script

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// command is one line of a script, taken apart. Words that nobody asked for are an error in the end.
type command struct {
	verb  string
	words []string
	err   error
	setup bool // its success needs no words
}

func parse(line string) *command {
	words := strings.Fields(line)
	if len(words) == 0 {
		return &command{err: fmt.Errorf("an empty command")}
	}
	return &command{verb: words[0], words: words[1:]}
}

// next takes the first word; empty when there is none.
func (c *command) next() string {
	if len(c.words) == 0 {
		return ""
	}
	w := c.words[0]
	c.words = c.words[1:]
	return w
}

// text takes all words that are left.
func (c *command) text() string {
	t := strings.Join(c.words, " ")
	c.words = nil
	return t
}

// flag takes a word if it is there.
func (c *command) flag(word string) bool {
	for i, w := range c.words {
		if w == word {
			c.words = append(c.words[:i], c.words[i+1:]...)
			return true
		}
	}
	return false
}

// value takes what stands behind "key=".
func (c *command) value(key string) (string, bool) {
	for i, w := range c.words {
		if v, ok := strings.CutPrefix(w, key+"="); ok {
			c.words = append(c.words[:i], c.words[i+1:]...)
			return v, true
		}
	}
	return "", false
}

// rest tells what was wrong, or not understood.
func (c *command) rest() error {
	if c.err == nil && len(c.words) > 0 {
		return fmt.Errorf("not understood: %s", strings.Join(c.words, " "))
	}
	return c.err
}

func (c *command) fail(err error) {
	if c.err == nil && err != nil {
		c.err = err
	}
}

// number is a whole number, of bytes if it has a unit: "5", "32KiB", "1MiB".
func (c *command) number(key string, otherwise int) int {
	v, ok := c.value(key)
	if !ok {
		return otherwise
	}
	unit := 1
	for _, u := range []struct {
		name string
		size int
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}} {
		if short, ok := strings.CutSuffix(v, u.name); ok {
			v, unit = short, u.size
		}
	}
	n, err := strconv.Atoi(v)
	c.fail(err)
	return n * unit
}

// lie is which bytes are sent: right ones, with "bad" wrong ones, and with "bad lie=1" other wrong ones.
func (c *command) lie() uint32 {
	n := c.number("lie", 0)
	if uint64(n) >= math.MaxUint32 {
		c.fail(fmt.Errorf("lie=%d is no number of a lie", n))
	}
	if !c.flag("bad") {
		return 0
	}
	return 1 + uint32(n)
}

// span is a time such as "119.999999999s" or "50ms".
func (c *command) span(key string, otherwise time.Duration) time.Duration {
	v, ok := c.value(key)
	if !ok {
		return otherwise
	}
	d, err := Duration(v)
	c.fail(err)
	return d
}

// Duration reads a whole number and its unit, or seconds with up to nine digits behind a point.
func Duration(text string) (time.Duration, error) {
	digits := strings.TrimRight(text, "mnsh")
	unit, known := units[text[len(digits):]]
	whole, part, _ := strings.Cut(digits, ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || !known || len(part) > 9 || part != "" && unit != time.Second {
		return 0, fmt.Errorf("%q is no time", text)
	}
	ns, err := strconv.ParseUint((part + "000000000")[:9], 10, 32)
	return time.Duration(n)*unit + time.Duration(ns), err
}

var units = map[string]time.Duration{"ns": time.Nanosecond, "ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour}

// pieces is a set such as "all", "none", "0,2" or "0-3".
func (c *command) pieces(key string) func(uint32) bool {
	v, ok := c.value(key)
	if !ok {
		v = "none"
	}
	has, err := pieceSet(v)
	c.fail(err)
	return has
}

func pieceSet(list string) (func(uint32) bool, error) {
	switch list {
	case "all":
		return func(uint32) bool { return true }, nil
	case "none":
		return func(uint32) bool { return false }, nil
	}
	type span struct{ from, to uint64 }
	var spans []span
	for part := range strings.SplitSeq(list, ",") {
		from, to, wide := strings.Cut(part, "-")
		if !wide {
			to = from
		}
		a, err := strconv.ParseUint(from, 10, 32)
		if err != nil {
			return nil, err
		}
		b, err := strconv.ParseUint(to, 10, 32)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span{a, b})
	}
	return func(i uint32) bool {
		for _, s := range spans {
			if uint64(i) >= s.from && uint64(i) <= s.to {
				return true
			}
		}
		return false
	}, nil
}
