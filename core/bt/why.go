package bt

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Why is why something stands as it does: since when, for which reason, and by which numbers, all as they were when it
// was decided. [WHY-1] [WHY-2]
type Why struct {
	Since   Instant // connections keep it to a tenth of a second [WHY-2]
	numbers [maxNumbers]uint32
	Because Because
}

// NewWhy is a reason with its numbers, in the order and the units of Because.Numbers. A number outside the range of
// uint32 counts as the nearest one in it.
func NewWhy(since Instant, because Because, numbers ...int64) Why {
	w := Why{Since: since, Because: because}
	for i, n := range numbers {
		w.numbers[i] = uint32(max(0, min(n, math.MaxUint32)))
	}
	return w
}

// Millis is a time as a number of unit Span.
func Millis(d time.Duration) int64 { return d.Milliseconds() }

// Number is the i-th number of the reason.
func (w *Why) Number(i int) int64 { return int64(w.numbers[i]) }

// Text is the reason in words, with its numbers.
func (w *Why) Text() string {
	var b strings.Builder
	rest := explanations[w.Because].text
	for i, q := range w.Because.Numbers() {
		before, after, _ := strings.Cut(rest, "%")
		b.WriteString(before)
		b.WriteString(q.Unit.format(w.Number(i)))
		rest = after
	}
	return b.String() + rest
}

// format writes a number with its unit.
func (u Unit) format(n int64) string {
	switch u {
	case Rate:
		return scaled(n) + "B/s"
	case Bytes:
		return scaled(n) + "B"
	case Span:
		return seconds(n)
	}
	return strconv.FormatInt(n, 10)
}

// scaled writes n in thousands or millions where it is that large, with a blank before the unit.
func scaled(n int64) string {
	switch {
	case n >= 10_000_000:
		return strconv.FormatInt(n/1_000_000, 10) + " M"
	case n >= 10_000:
		return strconv.FormatInt(n/1000, 10) + " k"
	}
	return strconv.FormatInt(n, 10) + " "
}

// InWords is a time as people say it, in seconds.
func InWords(d time.Duration) string { return seconds(max(0, d).Milliseconds()) }

// seconds writes milliseconds as seconds, with the tenths where they say something.
func seconds(ms int64) string {
	text := strconv.FormatInt(ms/1000, 10)
	if tenths := ms / 100 % 10; tenths > 0 && ms < 10_000 {
		text += "." + strconv.FormatInt(tenths, 10)
	}
	return text + " s"
}
