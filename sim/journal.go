package sim

import (
	"strings"

	"peerwire/core/bt"
)

// Entry is one thing to be seen from outside: what a node wrote to a peer, or what it did.
type Entry struct {
	At   bt.Instant
	Who  string // the node
	To   string // the other end when the entry is a message; empty else
	Text string // "request 0 @0 +16384", "closes X: inactive"
}

// columns is how wide a line of the journal may be before its messages go on in the next.
const columns = 118

// Format writes entries as a conversation: "t=0.200s  A->X interested, request 0 @0 +16384". Messages of one sender to one peer
// at one time share a line, whatever calls they were written by; a time is said once.
func Format(entries []Entry) string {
	var b strings.Builder
	last := ""
	for i := 0; i < len(entries); {
		e := entries[i]
		stamp := "t=" + e.At.String()
		lead := strings.Repeat(" ", len(stamp))
		if stamp != last {
			lead, last = stamp, stamp
		}
		if e.To == "" {
			b.WriteString(lead + "  " + e.Who + " " + e.Text + "\n")
			i++
			continue
		}
		n := 1
		for i+n < len(entries) && entries[i+n].At == e.At && entries[i+n].Who == e.Who && entries[i+n].To == e.To {
			n++
		}
		wrap(&b, lead+"  "+e.Who+"->"+e.To+" ", entries[i:i+n])
		i += n
	}
	return b.String()
}

// wrap writes messages behind a head, in lines of bearable width.
func wrap(b *strings.Builder, head string, messages []Entry) {
	width := len(head)
	b.WriteString(head)
	for i, m := range messages {
		if i > 0 {
			b.WriteString(",")
			width++
			if width+1+len(m.Text) > columns {
				b.WriteString("\n" + strings.Repeat(" ", len(head)-1))
				width = len(head) - 1
			}
			b.WriteString(" ")
			width++
		}
		b.WriteString(m.Text)
		width += len(m.Text)
	}
	b.WriteString("\n")
}
