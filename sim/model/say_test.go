package model_test

import (
	"encoding/hex"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// say lets a peer say a message or a few that it may say, or nearly.
func (m *machine) say(t *rapid.T) {
	p := m.talking(t)
	var texts []string
	for range rapid.IntRange(1, 4).Draw(t, "messages") {
		texts = append(texts, m.message(t, p))
	}
	m.do("%s says %s", p.role.name, strings.Join(texts, " / "))
}

// message draws a message whose form is right.
func (m *machine) message(t *rapid.T, p *peer) string {
	plain := []wire.ID{wire.Interested, wire.Interested, wire.NotInterested, wire.Unchoke, wire.Unchoke, wire.Choke, wire.Have, wire.Have,
		wire.Request, wire.Request, wire.Request, wire.Cancel, wire.KeepAlive, wire.Port}
	if p.fast {
		plain = append(plain, wire.Reject, wire.Reject, wire.Suggest, wire.AllowedFast, wire.AllowedFast, wire.HaveAll, wire.HaveNone)
	}
	plain = append(plain, wire.Bitfield)
	if p.ext {
		plain = append(plain, wire.Extended, wire.Extended)
	}
	g := p.torrent.Geometry
	id := rapid.SampledFrom(plain).Draw(t, "message")
	switch id {
	case wire.Have, wire.Suggest, wire.AllowedFast:
		return fmt.Sprintf("%v %d", id, rapid.Uint32Range(0, g.NumPieces()-1).Draw(t, "piece"))
	case wire.Request:
		b := drawBlock(t, g)
		p.asked = append(p.asked, b)
		return fmt.Sprintf("%v %v", id, b)
	case wire.Cancel:
		b := drawBlock(t, g)
		if n := len(p.asked); n > 0 && rapid.IntRange(0, 4).Draw(t, "known") > 0 {
			b = p.asked[n-1]
		}
		return fmt.Sprintf("%v %v", id, b)
	case wire.Reject:
		b := drawBlock(t, g)
		if asked := m.asks(p); len(asked) > 0 && rapid.IntRange(0, 7).Draw(t, "known") > 0 {
			b = asked[rapid.IntRange(0, len(asked)-1).Draw(t, "asked")]
		}
		return fmt.Sprintf("%v %v", id, b)
	case wire.Port:
		return "port 1"
	case wire.Bitfield:
		return m.bitfield(t, p)
	case wire.Extended:
		return extended(t, g.NumPieces())
	}
	return id.String()
}

// drawBlock draws a block of a torrent.
func drawBlock(t *rapid.T, g bt.Geometry) bt.Block {
	piece := rapid.Uint32Range(0, g.NumPieces()-1).Draw(t, "piece")
	return g.BlockAt(piece, rapid.Uint32Range(0, g.NumBlocks(piece)-1).Draw(t, "block"))
}

// bitfield draws a supply.
func (m *machine) bitfield(t *rapid.T, p *peer) string {
	n := p.torrent.Geometry.NumPieces()
	body := make([]byte, wire.BitfieldLen(n))
	mask := rapid.Uint32Range(0, 1<<min(n, 12)-1).Draw(t, "bits")
	for i := range n {
		if mask>>i&1 != 0 {
			body[i/8] |= 0x80 >> (i % 8)
		}
	}
	if spare := 8*len(body) - int(n); spare > 0 && rapid.IntRange(0, 15).Draw(t, "spare") == 0 {
		body[len(body)-1] |= 1
	}
	return "bitfield 0x" + hex.EncodeToString(body)
}

// bodies are extension handshakes: those that are right, and then the others.
var bodies = []string{
	"de", "d1:md11:upload_onlyi7eee", "d1:md11:upload_onlyi0eee", "d11:upload_onlyi1ee", "d11:upload_onlyi0ee", "d1:pi6881ee", "d1:pi7000ee",
	"d4:reqqi1ee", "d4:reqqi2ee", "d4:reqqi250ee", `d1:v7:strange6:yourip4:\x0a\x00\x01\x01e`, "d1:md6:ut_pexi1ee1:pi0e4:reqqi0ee",
	"d1:md11:lt_donthavei9eee", "d1:md11:lt_donthavei9e11:upload_onlyi7eee",
	"x", "i1e", "d1:m", `de\x20`, "d1:md11:upload_onlyi256eee", "d1:md1:ai-1eee", "d1:xlllllllllleeeeeeeeeee",
}

// rightBodies is how many of them are right.
const rightBodies = 14

// extended draws an extended message.
func extended(t *rapid.T, pieces uint32) string {
	switch rapid.IntRange(0, 11).Draw(t, "extension") {
	case 10, 11:
		return fmt.Sprintf("extended 7 0x%08x", rapid.Uint32Range(0, pieces).Draw(t, "piece"))
	case 0:
		return "extended 3 0x00"
	case 1, 2:
		return "extended 3 0x01"
	case 3:
		return "extended 3 0x0102"
	case 4:
		return "extended 99 0x01"
	}
	return "extended 0 " + rapid.SampledFrom(bodies).Draw(t, "body")
}

// misspeak lets a peer say what it may not.
func (m *machine) misspeak(t *rapid.T) {
	p := m.talking(t)
	g := p.torrent.Geometry
	n := g.NumPieces()
	piece := rapid.Uint32Range(0, n-1).Draw(t, "piece")
	bad := []string{
		fmt.Sprintf("request %d @0 +%d", piece, bt.BlockSize+1),
		fmt.Sprintf("request %d @0 +5", n),
		fmt.Sprintf("request %d @1 +1", piece),
		fmt.Sprintf("request %d @%d +0", piece, g.PieceLength),
		fmt.Sprintf("cancel %d @5 +0", n),
		fmt.Sprintf("reject %d @7 +5", piece),
		fmt.Sprintf("suggest %d", n),
		fmt.Sprintf("allowed-fast %d", n),
		"extended 3 0x01",
		"have-none",
		fmt.Sprintf("have %d", n),
		fmt.Sprintf("piece %v torrent=%s", g.BlockAt(piece, 0), p.torrent.Name),
		fmt.Sprintf("piece %d @1 +1 torrent=%s", piece, p.torrent.Name),
		"bitfield 0x" + strings.Repeat("00", int(wire.BitfieldLen(n))+1),
		"bytes 00100001", "bytes 000000020000", "bytes 0000000163", "bytes 0001000314", "bytes 0000000907",
	}
	m.do("%s says %s", p.role.name, rapid.SampledFrom(bad).Draw(t, "how"))
}

// clog lets a peer ask so much, and take nothing, that we stop reading from it; and go on again, or not.
func (m *machine) clog(t *rapid.T) {
	if rapid.IntRange(0, 7).Draw(t, "rarely") > 0 {
		return
	}
	p := m.drawPeer(t, func(p *peer) bool {
		c, ok := m.seenOf(p)
		return ok && p.fast && p.shaken && p.owed == "" && !c.State.Choked()
	})
	b := drawBlock(t, p.torrent.Geometry)
	p.stuffed = true
	m.do("%s takes nothing", p.role.name)
	m.do("%s says times=%d request %v / cancel %v", p.role.name, rapid.IntRange(999, 1001).Draw(t, "times"), b, b)
	m.time(t)
	if rapid.Bool().Draw(t, "again") && p.connected() {
		p.stuffed = false
		m.do("%s takes all", p.role.name)
	}
}

// flood lets a peer say something very often.
func (m *machine) flood(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
		return
	}
	p := m.talking(t)
	text := m.message(t, p)
	if block, ok := strings.CutPrefix(text, "request "); ok && rapid.Bool().Draw(t, "cancel") {
		text += " / cancel " + block
	}
	m.do("%s says times=%d %s", p.role.name, rapid.SampledFrom([]int{2, 30, 300, 301, 600, 1100}).Draw(t, "times"), text)
}
