package validate

import (
	"fmt"
	"slices"
	"time"
)

// Milli is a number in thousandths: of a second, of a peer, of whatever is measured.
type Milli int64

const one Milli = 1000

// ratio is one number over another, which is none when there is nothing to divide by.
func ratio(a, b int64) Milli {
	if b == 0 {
		return 0
	}
	for a > 1<<50 || a < -1<<50 {
		a, b = a>>1, max(1, b>>1)
	}
	return Milli(a * int64(one) / b)
}

// span is a time in seconds.
func span(d time.Duration) Milli { return Milli(d / time.Millisecond) }

// String writes it with its three digits behind the point.
func (m Milli) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%03d", sign, m/one, m%one)
}

// mean is the mean of numbers, of which there is at least one.
func mean(of []Milli) Milli {
	sum := Milli(0)
	for _, m := range of {
		sum += m
	}
	return sum / Milli(len(of))
}

// median is the one in the middle; 0 when there is none.
func median(of []Milli) Milli {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Clone(of)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// student has how many standard errors on either side of a mean of n numbers hold the true one in 95 of 100 cases, in thousandths, for n
// from 2 on.
var student = [...]int64{12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228, 2201, 2179, 2160, 2145, 2131, 2120, 2110, 2101, 2093, 2086,
	2080, 2074, 2069, 2064, 2060, 2056, 2052, 2048, 2045, 2042}

// within is how far from the mean of numbers the true one may be, with a confidence of 95 %. It is nothing when there is but one.
func within(of []Milli) Milli {
	n := int64(len(of))
	if n < 2 {
		return 0
	}
	m, squares := int64(mean(of)), int64(0)
	for _, v := range of {
		d := int64(v) - m
		squares += d * d
	}
	t := student[min(int(n)-2, len(student)-1)]
	return Milli(root(squares/(n-1)*t/1000*t/1000/n) + 1)
}

// deviation is the standard deviation of numbers over their mean.
func deviation(of []int64) Milli {
	n := int64(len(of))
	if n < 2 {
		return 0
	}
	sum, squares := int64(0), int64(0)
	for _, v := range of {
		sum += v
	}
	m := sum / n
	scale := max(1, m>>20) // so that squares fit
	for _, v := range of {
		d := (v - m) / scale
		squares += d * d
	}
	return ratio(root(squares/(n-1)), m/scale)
}

// root is the whole part of a square root.
func root(x int64) int64 {
	if x < 2 {
		return max(0, x)
	}
	r := x
	for next := (r + 1) / 2; next < r; next = (r + x/r) / 2 {
		r = next
	}
	return r
}
