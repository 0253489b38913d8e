package ui

import (
	"fmt"
	"strings"

	"peerwire/cmd/internal/printable"
)

// PlainLine says in one line how a client is.
func PlainLine(v *View) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s, %s", v.work(), Percent(v.Done, v.Total), Portion(v.Done, v.Total))
	if v.State == Checking {
		return s.String()
	}
	fmt.Fprintf(&s, ", down %s, up %s, %s", Rate(v.DownRate), Rate(v.UpRate), Count(int64(v.Open()), "peer"))
	if left, ok := v.Left(); ok {
		s.WriteString(", " + Duration(left) + " left")
	}
	if v.Uploaded > 0 {
		s.WriteString(", uploaded " + Bytes(v.Uploaded))
	}
	if v.Fault != "" {
		s.WriteString(", disk: " + printable.Text(v.Fault))
	}
	return s.String()
}
