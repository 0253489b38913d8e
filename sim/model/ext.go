package model

import (
	"slices"

	"peerwire/core/clause"
)

// ourUploadOnly is the id that our `m` gives the message upload_only. [EXT-11]
const ourUploadOnly = 3

// ourDontHave is the id that it gives lt_donthave. [EXT-17]
const ourDontHave = 7

// heardExtended takes an extended message. [EXT-12] [EXT-13]
func (w *world) heardExtended(c *conn, m *message) {
	switch {
	case !c.ext:
		w.breach(c, clause.ExtensionUnnegotiated)
	case m.ext == 0:
		w.heardIntroduction(c, m.body)
	case m.ext == ourDontHave:
		w.heardDontHave(c, m.body)
	case m.ext != ourUploadOnly:
		w.breach(c, clause.ExtensionUnadvertised)
	case len(m.body) != 1:
		w.breach(c, clause.ExtensionMalformed)
	default:
		c.declared = m.body[0] != 0
	}
}

// heardIntroduction takes an extension handshake; a repeated one changes what it names. [EXT-3] [EXT-5] [EXT-6] [EXT-7] [EXT-8] [EXT-10]
func (w *world) heardIntroduction(c *conn, body []byte) {
	v, rest, ok := decode(body, 8)
	if !ok || v.kind != 'd' || len(rest) > 0 {
		w.breach(c, clause.ExtensionMalformed)
		return
	}
	valid := true
	m := v.get("m")
	for i, id := range m.list {
		switch {
		case m.kind != 'd':
		case i >= 128, id.kind != 'i', id.n < 0, id.n > 255:
			valid = false
		case m.keys[i] == "upload_only":
			c.wants = int(id.n)
		case m.keys[i] == "lt_donthave":
			c.wantsDont = int(id.n)
		}
	}
	if !valid {
		w.breach(c, clause.ExtensionMapInvalid)
	}
	if q := v.get("reqq"); q.kind == 'i' && q.n > 0 {
		c.reqq = int(min(q.n, 1<<20))
	}
	if u := v.get("upload_only"); u.kind == 'i' && u.n != 0 {
		c.declared = true
	}
	if p := v.get("p"); p.kind == 'i' && p.n > 0 && p.n < 1<<16 && c.port == 0 {
		c.port = uint16(p.n)
		w.listens(c)
	}
}

// wroteIntroduction looks at our extension handshake. [EXT-1] [EXT-2] [EXT-11]
func (w *world) wroteIntroduction(c *conn, body []byte) {
	v, rest, ok := decode(body, 8)
	if !ok || len(rest) > 0 || v.kind != 'd' || !v.canonical() {
		w.fail(clause.EXT2, "%v: the extension handshake is no canonical dictionary: %q", c.id, body)
		return
	}
	addr := string(c.addr.Addr().Unmap().AsSlice())
	complete := w.torrent(c.tor).complete()
	port := int64(0)
	if c.outgoing {
		port = int64(w.cfg.ListenPort)
	}
	finished := v.get("upload_only")
	c.said.finished = finished.n == 1
	switch {
	case v.get("m").get("upload_only").n != ourUploadOnly || v.get("m").get("lt_donthave").n != ourDontHave:
		w.fail(clause.EXT11, "%v: m is %+v", c.id, v.get("m"))
	case v.get("reqq").n != maxQueue, v.get("v").text != w.cfg.Client, v.get("yourip").text != addr, v.get("p").n != port:
		w.fail(clause.EXT2, "%v: the extension handshake is %q", c.id, body)
	case finished.kind != 0 && !complete && !slices.Contains(c.said.have, stale), finished.n != 0 && finished.n != 1:
		w.fail(clause.EXT2, "%v: the extension handshake says upload_only %d", c.id, finished.n)
	}
}

// wroteExtended looks at any other extended message. [EXT-14] [EXT-20]
func (w *world) wroteExtended(c *conn, m *message) {
	on := string(m.body) == "\x01"
	switch {
	case c.ext && c.wantsDont != 0 && m.ext == c.wantsDont && len(c.said.dont) > 0:
		w.wroteDontHave(c, m.body)
		return
	case !c.ext || c.wants == 0 || m.ext != c.wants || !on && string(m.body) != "\x00":
		w.fail(clause.EXT14, "%v: extended message %d, %x, where upload_only is %d and lt_donthave %d", c.id, m.ext, m.body, c.wants, c.wantsDont)
	case c.said.finished == on || w.torrent(c.tor).complete() != on:
		w.fail(clause.EXT14, "%v: it is told upload_only %t, and was told so before, or it is not so", c.id, on)
	}
	c.said.finished = on
}
