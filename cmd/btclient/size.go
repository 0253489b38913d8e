package main

import (
	"errors"
	"strconv"
	"strings"
)

// parseSize reads a number of bytes: "262144", "256KiB", "1 MiB". A lone K or KB stands for KiB, as in other programs
// that make torrents.
func parseSize(text string) (int64, error) {
	digits := strings.TrimRight(text, "BKMGTibkmgt ")
	unit := strings.ToUpper(strings.TrimSpace(text[len(digits):]))
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return 0, errors.New("it is no size, such as 262144, 256KiB or 1MiB")
	}
	shift := 0
	switch strings.TrimSuffix(strings.TrimSuffix(unit, "B"), "I") {
	case "":
	case "K":
		shift = 10
	case "M":
		shift = 20
	case "G":
		shift = 30
	default:
		return 0, errors.New("its unit is none of B, KiB, MiB, GiB")
	}
	if n > (1<<62)>>shift {
		return 0, errors.New("it is too large")
	}
	return n << shift, nil
}
