package ui

import (
	"fmt"
	"slices"

	"peerwire/cmd/internal/printable"
)

// column is one column of a table.
type column struct {
	title string
	right bool // its text stands at the right end
	rank  int  // columns of a high rank are left out first where the width does not suffice
	most  int  // columns it takes at most; what is longer is cut
	fixed bool // it always takes that many: its text changes in length all the time
	cell  func(i int) string
	size  int
}

// layOut sets the size of each column for a table of n rows, and leaves out what does not fit. The last column that
// remains is cut if need be.
func layOut(columns []column, n, room int) []column {
	for i := range columns {
		c := &columns[i]
		c.size = width(c.title)
		for row := range n {
			c.size = max(c.size, width(c.cell(row)))
		}
		if c.size = min(c.size, c.most); c.fixed {
			c.size = c.most
		}
	}
	for len(columns) > 1 && tableWidth(columns) > room {
		worst := 0
		for i := range columns {
			if columns[i].rank >= columns[worst].rank {
				worst = i
			}
		}
		columns = slices.Delete(columns, worst, worst+1)
	}
	return columns
}

// columnGap stands between two columns.
const columnGap = "  "

func tableWidth(columns []column) (n int) {
	for i := range columns {
		n += columns[i].size
	}
	return n + len(columnGap)*(len(columns)-1)
}

// tableRow joins one text a column; -1 is the row of titles.
func tableRow(columns []column, row int, style Style) Line {
	var text string
	for i := range columns {
		c := &columns[i]
		cell := c.title
		if row >= 0 {
			cell = c.cell(row)
		}
		if i > 0 {
			text += columnGap
		}
		if c.right {
			text += padLeft(cell, c.size)
		} else {
			text += pad(cell, c.size)
		}
	}
	return Line{{text, style}}
}

// drawPeers draws the table of peers and its legend in at most room lines.
func drawPeers(v *View, k Look, room int) []Line {
	legend := flagsOf(v.Peers).legend(k.Width)
	room -= 3 + len(legend) // an empty line, the titles, how many are left out
	if len(v.Peers) == 0 || room < 1 {
		return nil
	}
	peers := openFirst(v.Peers)
	shown := peers[:min(len(peers), room)]
	columns := layOut(peerColumns(shown, v.Pieces, k.Width), len(shown), k.Width)
	lines := []Line{{}, tableRow(columns, -1, Dim)}
	for i := range shown {
		style := Plain
		if shown[i].Link != "" {
			style = Dim
		}
		lines = append(lines, tableRow(columns, i, style))
	}
	if more := len(peers) - len(shown); more > 0 {
		lines = append(lines, Line{{fmt.Sprintf("and %s", Count(int64(more), "more peer")), Dim}})
	}
	if v.Open() > 0 {
		lines = append(lines, legend...)
	}
	return lines
}

// flagsOf are the flags that any of the open connections has.
func flagsOf(peers []Peer) (f Flags) {
	for i := range peers {
		if peers[i].Link == "" {
			f |= peers[i].Flags
		}
	}
	return f
}

// openFirst puts open connections before the others, and leaves the order as it is otherwise: rows that jump about
// cannot be read.
func openFirst(peers []Peer) []Peer {
	peers = slices.Clone(peers)
	slices.SortStableFunc(peers, func(a, b Peer) int {
		switch {
		case (a.Link == "") == (b.Link == ""):
			return 0
		case a.Link == "":
			return -1
		}
		return 1
	})
	return peers
}

// shortAddr is what an IPv4 address takes with its port. Longer ones are cut where the terminal is narrow.
const shortAddr = 21

func peerColumns(peers []Peer, pieces uint32, room int) []column {
	open := func(i int, text string) string {
		if peers[i].Link != "" {
			return ""
		}
		return text
	}
	return []column{
		{title: "PEER", rank: 0, most: max(shortAddr, room/3), cell: func(i int) string { return peers[i].Addr }},
		{title: "CLIENT", rank: 5, most: 24, cell: func(i int) string { return open(i, printable.Text(peers[i].Client)) }},
		{title: "KIND", rank: 4, most: 7, cell: func(i int) string { return peers[i].Kind() }},
		{title: "FLAGS", rank: 1, most: len(letters), cell: func(i int) string {
			if peers[i].Link != "" {
				return peers[i].Link
			}
			return peers[i].Flags.String()
		}},
		{title: "HAS", right: true, rank: 4, most: 6, fixed: true, cell: func(i int) string {
			return open(i, Percent(int64(peers[i].Pieces), int64(pieces)))
		}},
		{title: "DOWN", right: true, rank: 2, most: 10, fixed: true, cell: func(i int) string { return open(i, rateCell(peers[i].DownRate)) }},
		{title: "UP", right: true, rank: 3, most: 10, fixed: true, cell: func(i int) string { return open(i, rateCell(peers[i].UpRate)) }},
		{title: "REQUESTS", right: true, rank: 6, most: 9, cell: func(i int) string {
			return open(i, fmt.Sprintf("%d/%d", peers[i].Asked, peers[i].Target))
		}},
		{title: "ASKED", right: true, rank: 7, most: 5, cell: func(i int) string { return open(i, fmt.Sprint(peers[i].Serving)) }},
	}
}

// rateCell is a rate in a table.
func rateCell(n int64) string {
	if n == 0 {
		return "-"
	}
	return Rate(n)
}
