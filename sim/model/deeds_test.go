package model_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// join lets the node take part in one torrent more.
func (m *machine) join(t *rapid.T) {
	m.joined++
	size := rapid.SampledFrom([]uint32{bt.BlockSize, 2 * bt.BlockSize, 40000, 40000, 1000}).Draw(t, "piece length")
	pieces := rapid.SampledFrom([]int{1, 2, 3, 5, 12}).Draw(t, "pieces")
	last := rapid.SampledFrom([]uint32{size, 1, size/2 + 1}).Draw(t, "last piece")
	mask := rapid.SampledFrom([]uint32{0, ^uint32(0), 1, 0x555, 0xffe}).Draw(t, "have")
	var have []string
	for i := range pieces {
		if mask>>i&1 != 0 {
			have = append(have, strconv.Itoa(i))
		}
	}
	if len(have) == 0 {
		have = []string{"none"}
	}
	m.do("torrent T%d pieces=%d piece=%d last=%d", m.joined, pieces, size, last)
	m.do("M joins T%d have=%s reserve=%d", m.joined, strings.Join(have, ","), rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "reserved"))
	all := m.script.World().Torrents()
	m.live = append(m.live, all[len(all)-1])
}

// leaveOrJoin lets the node take part in a torrent no more, or in one more.
func (m *machine) leaveOrJoin(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "rarely") > 0 {
		return
	}
	if len(m.live) < 2 {
		m.join(t)
		return
	}
	i := rapid.IntRange(0, 1).Draw(t, "torrent")
	m.do("M quits %s", m.live[i].Name)
	m.live = append(m.live[:i:i], m.live[i+1:]...)
}

// begin lets a peer have a connection.
func (m *machine) begin(p *peer, deed string) {
	m.bring(p)
	*p = peer{raw: p.raw, role: p.role, line: p.line, fast: p.fast, ext: p.ext, torrent: p.torrent}
	m.do("%s", deed)
}

// connect lets a peer open a connection.
func (m *machine) connect(t *rapid.T) {
	if rapid.IntRange(0, 2).Draw(t, "rarely") == 0 {
		m.call(t)
	}
}

func (m *machine) call(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return !p.connected() })
	p.torrent = m.drawTorrent(t)
	over := rapid.SampledFrom([]string{"", " over=utp"}).Draw(t, "over")
	m.begin(p, "connect "+p.role.name+"->M"+over)
}

// greet lets a peer open a connection, and say all that it takes to be of use.
func (m *machine) greet(t *rapid.T) {
	m.call(t)
	p := m.justBegun()
	if p == nil {
		return
	}
	p.shaken = true
	m.do("%s says handshake torrent=%s%s", p.role.name, p.torrent.Name, m.hello(t, p))
}

// justBegun is who has opened the last connection, if it stands.
func (m *machine) justBegun() *peer {
	line, _, _ := strings.Cut(m.history.lines[len(m.history.lines)-1], "->M")
	for _, p := range m.peers {
		if line == "connect "+p.role.name && p.connected() {
			return p
		}
	}
	return nil
}

// hello is the supply of a peer, and what goes with it.
func (m *machine) hello(t *rapid.T, p *peer) string {
	how := 0
	if p.fast {
		how = rapid.IntRange(0, 2).Draw(t, "supply")
	}
	text := " / " + [...]string{"", "have-none", "have-all"}[how]
	if how == 0 {
		text += m.bitfield(t, p)
	}
	if rapid.Bool().Draw(t, "interested") {
		text += " / interested"
	}
	if rapid.IntRange(0, 3).Draw(t, "unchoke") > 0 {
		text += " / unchoke"
	}
	if p.ext && rapid.Bool().Draw(t, "extension handshake") {
		text += " / extended 0 " + bodies[rapid.IntRange(0, rightBodies-1).Draw(t, "body")]
	}
	return text
}

// shake lets a peer say its handshake, right or wrong.
func (m *machine) shake(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.connected() && !p.shaken })
	p.shaken = true
	switch rapid.IntRange(0, 9).Draw(t, "how") {
	case 0:
		if !m.other {
			m.other = true
			m.do("torrent Other")
		}
		m.do("%s says handshake torrent=Other", p.role.name)
	case 1:
		m.do("%s says text %s", p.role.name, "GET/announce_HTTP/1.1_x_y_z"[:rapid.IntRange(1, 26).Draw(t, "bytes")])
	case 2:
		m.do("%s says handshake torrent=%s id=M", p.role.name, p.torrent.Name)
	case 3:
		cut := rapid.IntRange(1, 67).Draw(t, "cut")
		m.do("%s says handshake torrent=%s to=%d", p.role.name, p.torrent.Name, cut)
		if rapid.Bool().Draw(t, "all") {
			m.do("%s says handshake torrent=%s from=%d%s", p.role.name, p.torrent.Name, cut, m.hello(t, p))
		}
	default:
		m.do("%s says handshake torrent=%s%s", p.role.name, p.torrent.Name, m.hello(t, p))
	}
}

// learn tells the node of a peer that listens.
func (m *machine) learn(t *rapid.T) {
	p := m.peers[rapid.IntRange(0, len(m.peers)-1).Draw(t, "peer")]
	from := rapid.SampledFrom([]bt.Source{bt.Manual, bt.Tracker, bt.Exchange}).Draw(t, "source")
	tor, who := m.drawTorrent(t), p.role.name
	if rapid.IntRange(0, 9).Draw(t, "undialable") == 0 {
		who = "10.0.0.1:1"
	} else {
		m.bring(p)
	}
	m.do("M learns %s source=%v torrent=%s", who, from, tor.Name)
}

// accept answers a dial.
func (m *machine) accept(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.waited() })
	if p.connected() || rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		m.do("%s accepts no", p.role.name)
		return
	}
	m.begin(p, p.role.name+" accepts")
	p.torrent = m.live[0]
	if c, ok := m.seenOf(p); ok {
		for _, tor := range m.live {
			if tor.ID == c.Torrent {
				p.torrent = tor
			}
		}
	}
}

// spans are how long it may be that nothing is said.
var spans = []time.Duration{time.Second, 3 * time.Second, 15 * time.Second, 15 * time.Second, time.Minute, time.Minute, time.Hour}

// time lets time pass: to a deadline of the session's or the model's, before or behind it by a nanosecond, or just on.
func (m *machine) time(t *rapid.T) {
	now := m.script.World().Now()
	at := now
	if next, _ := m.node.Session().NextDeadline(); next != bt.Never {
		at = max(at, next)
	}
	if list := m.model.Deadlines(); len(list) > 0 && rapid.Bool().Draw(t, "far") {
		at = max(now, list[rapid.IntRange(0, len(list)-1).Draw(t, "deadline")])
	}
	switch rapid.IntRange(0, 9).Draw(t, "when") {
	case 0:
		at = now.Add(time.Duration(rapid.Int64Range(1, int64(time.Second)).Draw(t, "ns")))
	case 1:
		at = now.Add(rapid.SampledFrom(spans).Draw(t, "long"))
	case 2, 3:
		at = max(now, at-1)
	case 4:
		at++
	case 5:
		at = at.Add(rapid.SampledFrom([]time.Duration{1, time.Second, 5 * time.Second, 5*time.Second + 1, time.Minute}).Draw(t, "late"))
		m.do("M sleeps for=%v", bt.Instant(at.Sub(now)))
		return
	}
	m.do("run to=%v", at)
}

// stuff lets a peer take no bytes, or take them again.
func (m *machine) stuff(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.connected() })
	p.stuffed = !p.stuffed
	m.do("%s takes %s", p.role.name, map[bool]string{true: "nothing", false: "all"}[p.stuffed])
}

// trickle lets a peer take few bytes.
func (m *machine) trickle(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.connected() && p.stuffed })
	m.do("%s takes n=%d", p.role.name, rapid.IntRange(64, 130).Draw(t, "room"))
}

// lose ends a connection from the other side.
func (m *machine) lose(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.connected() })
	m.do("%s %s", p.role.name, rapid.SampledFrom([]string{"closes", "resets"}).Draw(t, "how"))
}

// disk lets the disk answer something, in any order.
func (m *machine) disk(t *rapid.T) {
	n := m.node.Unanswered()
	if n == 0 {
		t.Skip("nothing to do")
	}
	line := fmt.Sprintf("M answers %d", rapid.IntRange(0, n-1).Draw(t, "job"))
	if rapid.IntRange(0, 7).Draw(t, "fault") == 0 {
		line += " fault=io"
	}
	if rapid.IntRange(0, 3).Draw(t, "digests") == 0 {
		line += " nosums"
	}
	m.do("%s", line)
}

// diskAll lets the disk answer all that it was asked.
func (m *machine) diskAll(t *rapid.T) {
	if m.node.Unanswered() == 0 {
		t.Skip("nothing to do")
	}
	m.do("M answers all")
}

// repair says that the disk works again.
func (m *machine) repair(*rapid.T) { m.do("disk M ready") }

// pay lets a peer send more of a block that it has begun.
func (m *machine) pay(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.connected() && p.owed != "" })
	n := p.rest.Length
	switch rapid.IntRange(0, 2).Draw(t, "bytes") {
	case 1:
		n = 1
	case 2:
		n = max(1, n/2)
	}
	m.sendRest(p, n)
}

// sendRest lets a peer send so many bytes of what is left of its block.
func (m *machine) sendRest(p *peer, n uint32) {
	kind := p.owed
	m.do("%s says payload %d @%d +%d torrent=%s%s", p.role.name, p.rest.Piece, p.rest.Begin, n, p.torrent.Name, kind)
	p.rest.Begin += n
	if p.rest.Length -= n; p.rest.Length == 0 {
		p.owed = ""
	}
}

// answer lets a peer answer requests, with blocks that are right or wrong.
func (m *machine) answer(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.shaken && p.owed == "" && len(m.asks(p)) > 0 })
	for range rapid.IntRange(1, 4).Draw(t, "blocks") {
		asked := m.asks(p)
		if len(asked) == 0 || p.owed != "" || m.err != nil {
			break
		}
		b := asked[0]
		if rapid.IntRange(0, 4).Draw(t, "any") == 0 {
			b = asked[rapid.IntRange(0, len(asked)-1).Draw(t, "block")]
		}
		m.sendBlock(t, p, b)
	}
}

// give lets a peer answer all its requests with blocks that are right, and in most cases the disk all that it is asked then.
func (m *machine) give(t *rapid.T) { m.giveAll(t, m.asked(t)) }

// asked draws a peer that is asked for something, and may answer.
func (m *machine) asked(t *rapid.T) *peer {
	return m.drawPeer(t, func(p *peer) bool { return p.shaken && p.owed == "" && len(m.asks(p)) > 0 })
}

// atone is give, of a peer on parole.
func (m *machine) atone(t *rapid.T) {
	m.giveAll(t, m.drawPeer(t, func(p *peer) bool {
		c, ok := m.seenOf(p)
		return ok && c.State.OnParole() && p.shaken && p.owed == "" && len(m.asks(p)) > 0
	}))
}

// spoil lets a peer answer one request with a lie, and leave the rest to others; in most cases one of them is there.
func (m *machine) spoil(t *rapid.T) {
	p := m.asked(t)
	m.do("%s says piece %v torrent=%s bad lie=%d", p.role.name, m.asks(p)[0], p.torrent.Name, rapid.IntRange(1, 2).Draw(t, "lie"))
	m.do("%s %s", p.role.name, rapid.SampledFrom([]string{"says choke", "says choke", "closes"}).Draw(t, "then"))
	for _, other := range m.peers {
		if other != p && other.shaken && other.owed == "" && len(m.asks(other)) > 0 && rapid.IntRange(0, 3).Draw(t, "goes on") > 0 {
			m.giveAll(t, other)
			break
		}
	}
}

// decline lets a peer reject what it is asked for, again and again.
func (m *machine) decline(t *rapid.T) {
	p := m.drawPeer(t, func(p *peer) bool { return p.fast && p.shaken && p.owed == "" && len(m.asks(p)) > 0 })
	for range rapid.SampledFrom([]int{1, 2, 60}).Draw(t, "rounds") {
		asked := m.asks(p)
		if len(asked) == 0 || m.err != nil {
			return
		}
		m.do("%s says reject %v", p.role.name, asked[0])
	}
}

// idle lets minutes pass, in which peers say only that they are there.
func (m *machine) idle(t *rapid.T) {
	for range rapid.SampledFrom([]int{1, 1, 2, 3, 11}).Draw(t, "minutes") {
		var names []string
		for _, p := range m.peers {
			if p.connected() && p.shaken && p.owed == "" {
				names = append(names, p.role.name)
			}
		}
		if len(names) > 0 {
			m.do("says %s keep-alive", strings.Join(names, ","))
		}
		m.do("run for=1m")
	}
}

func (m *machine) giveAll(t *rapid.T, p *peer) {
	for range rapid.IntRange(1, 5).Draw(t, "rounds") {
		var texts []string
		for _, b := range m.asks(p) {
			texts = append(texts, fmt.Sprintf("piece %v torrent=%s", b, p.torrent.Name))
		}
		if len(texts) == 0 {
			return
		}
		m.do("%s says %s", p.role.name, strings.Join(texts, " / "))
		if m.node.Unanswered() > 0 && rapid.IntRange(0, 3).Draw(t, "stored") > 0 {
			m.do("M answers all")
		}
	}
}

// sendBlock lets a peer send a block, or begin to.
func (m *machine) sendBlock(t *rapid.T, p *peer, b bt.Block) {
	n := b.Length
	if rapid.IntRange(0, 7).Draw(t, "part") == 0 {
		n = rapid.Uint32Range(0, n).Draw(t, "bytes")
	}
	kind := ""
	if lie := rapid.IntRange(-8, 2).Draw(t, "lie"); lie > 0 {
		kind = fmt.Sprintf(" bad lie=%d", lie)
	}
	part := ""
	if n < b.Length {
		part = fmt.Sprintf(" part=%d", n)
	}
	m.do("%s says piece %v torrent=%s%s%s", p.role.name, b, p.torrent.Name, kind, part)
	if n < b.Length {
		p.owed = kind + " "
		p.rest = bt.Block{Piece: b.Piece, Begin: b.Begin + n, Length: b.Length - n}
	}
}
