package specmap

import (
	"regexp"
	"strconv"
	"strings"
)

// Constant is one row of the table of constants in SPEC.md.
type Constant struct {
	Name   string
	Value  int64 // in Unit
	Unit   string
	Clause string // id of the clause that gives it
	Line   int    // in SPEC.md, from 1
}

var constantRow = regexp.MustCompile(`^\| ([^|]+) \| ([0-9]+) \| ([^|]+) \| ([A-Z]{3}-[0-9]+) \|$`)

// Constants reads the table of constants.
func Constants(text string) []Constant {
	var all []Constant
	for i, line := range strings.Split(text, "\n") {
		m := constantRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		value, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			continue // longer than any constant: the test of the table counts the rows
		}
		all = append(all, Constant{Name: m[1], Value: value, Unit: m[3], Clause: m[4], Line: i + 1})
	}
	return all
}
