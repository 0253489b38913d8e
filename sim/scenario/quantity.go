package scenario

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Seed is what all chance follows from. TOML's numbers end at 2^63-1; those beyond stand in quotes.
type Seed uint64

// Span is a time: "25ms", "1h30m".
type Span time.Duration

// Size is a number of bytes: "256 KiB", "100 MiB".
type Size int64

// Rate is bytes a second: "1 MiB/s", "800 kbit/s".
type Rate int64

// The largest of each. Sums and products of them, as a crowd makes them, fit into 64 bits.
const (
	MaxSpan = 1000 * 24 * time.Hour
	MaxRate = 1 << 40
)

var errTooMuch = errors.New("so much there is not")

// UnmarshalText reads a seed.
func (s *Seed) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return errors.New("a seed is a whole number from 0 to 18446744073709551615; one beyond 9223372036854775807 stands in quotes")
	}
	*s = Seed(n)
	return nil
}

type unit struct {
	name string
	is   int64
}

var spanUnits = []unit{
	{"ns", 1}, {"us", int64(time.Microsecond)}, {"ms", int64(time.Millisecond)}, {"s", int64(time.Second)}, {"m", int64(time.Minute)}, {"h", int64(time.Hour)},
	{"d", 24 * int64(time.Hour)},
}

var sizeUnits = []unit{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1000}, {"MB", 1000_000}, {"GB", 1000_000_000}}

// bits are the units of rates that count bits; a byte has eight.
var bits = []unit{{"kbit", 1000}, {"Mbit", 1000_000}, {"Gbit", 1000_000_000}}

// UnmarshalText reads a time.
func (s *Span) UnmarshalText(text []byte) error {
	rest, total := strings.ReplaceAll(string(text), " ", ""), int64(0)
	if rest == "0" {
		*s = 0
		return nil
	}
	for first := true; first || rest != ""; first = false {
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end <= 0 {
			return errors.New(`a time is a whole number with its unit, such as "25ms", "1h30m"`)
		}
		next := strings.IndexFunc(rest[end:], func(r rune) bool { return r >= '0' && r <= '9' })
		if next < 0 {
			next = len(rest) - end
		}
		n, err := amount(rest[:end], rest[end:end+next], spanUnits)
		if err != nil {
			return err
		}
		if n > int64(MaxSpan) || total+n > int64(MaxSpan) {
			return errors.New("a time is at most 1000d")
		}
		total += n
		rest = rest[end+next:]
	}
	*s = Span(total)
	return nil
}

// amount is a number times its unit.
func amount(number, name string, units []unit) (int64, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, errTooMuch
	}
	var names []string
	for _, u := range units {
		if u.name == name {
			if n > math.MaxInt64/u.is {
				return 0, errTooMuch
			}
			return n * u.is, nil
		}
		names = append(names, u.name)
	}
	return 0, errors.New(strconv.Quote(name) + " is none of the units " + strings.Join(names, ", "))
}

// split cuts a quantity into its number and its unit.
func split(text string) (number, name string) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(text []byte) error {
	number, name := split(string(text))
	if number == "" || name == "" {
		return errors.New(`a size is a whole number with its unit, such as "256 KiB"`)
	}
	n, err := amount(number, name, sizeUnits)
	*s = Size(n)
	return err
}

// UnmarshalText reads a rate.
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == "unlimited" {
		*r = 0
		return nil
	}
	number, name := split(string(text))
	name, second := strings.CutSuffix(name, "/s")
	if number == "" || !second {
		return errors.New(`a rate is a whole number with its unit, such as "1 MiB/s" or "800 kbit/s", or "unlimited"`)
	}
	units, per := sizeUnits, int64(1)
	if strings.HasSuffix(name, "bit") {
		units, per = bits, 8
	}
	n, err := amount(number, name, units)
	switch n /= per; {
	case err != nil:
		return err
	case n == 0:
		return errors.New(`a rate is more than nothing; without a limit it is "unlimited"`)
	case n > MaxRate:
		return errors.New("a rate is at most 1 TiB/s")
	}
	*r = Rate(n)
	return nil
}
