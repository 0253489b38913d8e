package model

import (
	"fmt"
	"strings"
)

// Describe says what the model thought of the session before the step that disagreed, for whoever is to find out why.
func (m *Model) Describe() string {
	var b strings.Builder
	w := m.worlds[0]
	fmt.Fprintf(&b, "the model at %v, the likeliest of %d: %d slots\n", w.now, len(m.worlds), w.slots)
	for i := range w.torrents {
		w.torrents[i].describe(&b)
	}
	for i := range w.conns {
		w.conns[i].describe(&b)
	}
	for _, d := range w.deadlines() {
		fmt.Fprintf(&b, "  due at %v: %s", d.at, d.name)
		if d.conn != 0 {
			fmt.Fprintf(&b, " of %v", d.conn)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (t *torrent) describe(b *strings.Builder) {
	fmt.Fprintf(b, "  torrent %d: stalled %t, reserved %d; pieces", t.id, t.stalled, t.reserved)
	for i, has := range t.have {
		if has {
			b.WriteString(" have")
			continue
		}
		b.WriteString(" ")
		for _, at := range t.blocks[i] {
			b.WriteString([...]string{"-", "w", "d"}[at.state])
		}
		if t.lost[i].since {
			b.WriteString("(lost)")
		}
	}
	b.WriteString("\n")
	for _, k := range t.known {
		fmt.Fprintf(b, "    known %v, %v: %d failures, %d connections, tried %v, self %t, parole %t, upload-only %t, tcp next %t\n",
			k.who, k.source, k.failures, k.conns, k.tried, k.self, k.parole, k.uploadOnly, k.tcpNext)
	}
}

func (c *conn) describe(b *strings.Builder) {
	fmt.Fprintf(b, "  %v of torrent %d, %v known as %v, %s, fast %t, extensions %t\n", c.id, c.tor, c.addr, c.known,
		[...]string{"queued", "connecting", "in handshake", "open"}[c.stage], c.fast, c.ext)
	fmt.Fprintf(b, "    unchokes %t, interested %t, snubbed %t, parole %t, supplied %t, %v, allowed %v, reqq %d\n", c.unchokes, c.interested,
		c.snubbed, c.parole, c.supplied, c.supply, c.allowed, c.reqq)
	fmt.Fprintf(b, "    asked %v, withdrawn %v, chosen %v, receiving %+v, cancels %v, clock %+v\n", c.asks, c.memory, c.chosen, c.recv, c.cancels, c.clock)
	fmt.Fprintf(b, "    slot %s since %v, optimistic %v, used %v, down %d (%d before the round), up %d (%d, %d before the slot)\n",
		[...]string{"none", "by rank", "optimistic"}[c.slot], c.slotAt, c.optimisticAt, c.usedAt, c.down, c.roundDown, c.up, c.roundUp, c.upSlot)
	fmt.Fprintf(b, "    told unchoked %t, interested %t, pieces %v, owed rejects %v, queue %v, armed %t\n", c.said.unchoke, c.said.interested,
		c.said.have, c.said.rejects, c.queue, c.armed)
}
