package ui

import (
	"fmt"
	"strings"

	"peerwire/cmd/internal/printable"
	"peerwire/core/bt"
)

// Member is one client of several that are shown together.
type Member struct {
	Name string
	View View
}

// DrawSwarm draws several clients of one torrent, a line each, under a title; and below, where there is room, the peers
// of one of them.
func DrawSwarm(title string, members []Member, focus int, k Look) []Line {
	columns := layOut(memberColumns(members), len(members), k.Width-memberBar-len(columnGap))
	lines := []Line{{{printable.Text(title), Bold}}, {}, swarmRow(columns, -1, Line{{pad("PROGRESS", memberBar), Dim}}, Dim)}
	for i := range members {
		v := &members[i].View
		full, empty := bar(v.Done, v.Total, memberBar, k.Unicode)
		style := Accent
		if v.Done == v.Total {
			style = Good
		}
		lines = append(lines, swarmRow(columns, i, Line{{full, style}, {empty, Dim}}, Plain))
	}
	lines = append(lines, openedLegend(columns)...)
	if peers := drawPeers(&members[focus].View, k, k.Height-len(lines)-2); len(peers) > 0 {
		lines = append(lines, Line{}, Line{{"peers of " + members[focus].Name, Bold}})
		lines = append(lines, peers[1:]...)
	}
	return fit(lines, k)
}

// memberBar is how many columns a member's progress takes.
const memberBar = 24

// swarmRow is a row of the table, with the bar behind the first column.
func swarmRow(columns []column, row int, bar Line, style Style) Line {
	l := tableRow(columns[:1], row, style)
	l = append(l, Span{Text: columnGap})
	l = append(l, bar...)
	if len(columns) == 1 {
		return l
	}
	l = append(l, Span{Text: columnGap})
	return append(l, tableRow(columns[1:], row, style)...)
}

func memberColumns(members []Member) []column {
	view := func(i int) *View { return &members[i].View }
	return []column{
		{title: "CLIENT", most: 16, cell: func(i int) string { return members[i].Name }},
		{title: "DONE", right: true, rank: 1, most: 6, fixed: true, cell: func(i int) string { return Percent(view(i).Done, view(i).Total) }},
		{title: "DOWN", right: true, rank: 2, most: 10, fixed: true, cell: func(i int) string { return rateCell(view(i).DownRate) }},
		{title: "UP", right: true, rank: 3, most: 10, fixed: true, cell: func(i int) string { return rateCell(view(i).UpRate) }},
		{title: "RECEIVED", right: true, rank: 4, most: 8, fixed: true, cell: func(i int) string { return Bytes(view(i).Downloaded) }},
		{title: "SENT", right: true, rank: 5, most: 8, fixed: true, cell: func(i int) string { return Bytes(view(i).Uploaded) }},
		{title: "TCP", right: true, rank: 6, most: 7, cell: func(i int) string { return opened(view(i), bt.TCP) }},
		{title: "UTP", right: true, rank: 6, most: 7, cell: func(i int) string { return opened(view(i), bt.UTP) }},
	}
}

// opened is how many connections there are over a transport: those that the client opened, and those that others did.
func opened(v *View, over bt.Transport) string {
	k := v.Kinds()
	return fmt.Sprintf("%d+%d", k[over][bt.Outgoing], k[over][bt.Incoming])
}

// openedLegend explains the columns that opened fills, where they are shown.
func openedLegend(columns []column) []Line {
	for i := range columns {
		if columns[i].title == "TCP" {
			return []Line{{{"TCP, UTP: connections that the client has opened + those that others have", Dim}}}
		}
	}
	return nil
}

// SwarmLine says in one line how far several clients are.
func SwarmLine(members []Member) string {
	var parts []string
	for i := range members {
		v := &members[i].View
		parts = append(parts, members[i].Name+" "+Percent(v.Done, v.Total))
	}
	return strings.Join(parts, ", ")
}
