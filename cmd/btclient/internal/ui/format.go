package ui

import (
	"fmt"
	"strconv"
	"time"
)

var byteUnits = [...]string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}

// Bytes spells a number of bytes in three digits: "17 B", "1.50 MiB", "103 GiB".
func Bytes(n int64) string {
	v, unit := scale(n)
	return significant(v, unit) + " " + byteUnits[unit]
}

// Rate spells bytes a second: "1.50 MiB/s".
func Rate(n int64) string { return Bytes(n) + "/s" }

// Portion spells how much of a whole is there, in the unit of the whole: "59.3 of 128 MiB".
func Portion(done, total int64) string {
	v, unit := scale(total)
	part := float64(done)
	for range unit {
		part /= 1024
	}
	return significant(part, unit) + " of " + significant(v, unit) + " " + byteUnits[unit]
}

// scale gives n in the unit in which it has at most three digits before the point.
func scale(n int64) (v float64, unit int) {
	v = float64(n)
	for v >= 999.5 && unit < len(byteUnits)-1 {
		v /= 1024
		unit++
	}
	return v, unit
}

// significant writes three digits of v, fewer when it is a whole number of bytes.
func significant(v float64, unit int) string {
	digits := 0
	switch {
	case unit == 0 || v == 0 || v >= 99.95:
	case v >= 9.995:
		digits = 1
	default:
		digits = 2
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

// Percent spells done/total so that it says 100 only when nothing is missing: "46.3 %", "100 %".
func Percent(done, total int64) string {
	if done >= total {
		return "100 %"
	}
	tenths := done * 1000 / max(total, 1)
	if total > 1<<50 { // the product above would overflow
		tenths = min(done/(total/1000), 999)
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// Duration spells a time in its greatest units: "4 s", "3 min 20 s", "29 min", "2 h 05 min", "9 d 4 h".
func Duration(d time.Duration) string {
	s := int64((d + time.Second/2) / time.Second)
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s >= 600 && s < 3600:
		return fmt.Sprintf("%d min", s/60)
	case s < 3600:
		return fmt.Sprintf("%d min %02d s", s/60, s%60)
	case s < 24*3600:
		return fmt.Sprintf("%d h %02d min", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d d %d h", s/(24*3600), s/3600%24)
}

// Count spells a number and its noun: "1 peer", "2 peers".
func Count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}
