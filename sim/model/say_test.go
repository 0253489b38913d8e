package model_test

import (
	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// say lets a peer say a message or a few that it may say, or nearly.
func (m *machine) say(t *rapid.T) {
	l := m.talking(t)
	var ms []wire.Message
	for range rapid.IntRange(1, 4).Draw(t, "messages") {
		ms = append(ms, m.message(t, l))
	}
	m.saySome(l, ms, rapid.SampledFrom([]int{0, 0, 0, 1, 5, 9}).Draw(t, "cut"))
	m.finish(t)
}

// message draws a message whose form is right.
func (m *machine) message(t *rapid.T, l *link) wire.Message {
	plain := []wire.ID{wire.Interested, wire.Interested, wire.NotInterested, wire.Unchoke, wire.Unchoke, wire.Choke, wire.Have, wire.Have,
		wire.Request, wire.Request, wire.Request, wire.Cancel, wire.KeepAlive, wire.Port}
	if l.peer.offer.Fast() {
		plain = append(plain, wire.Reject, wire.Reject, wire.Suggest, wire.AllowedFast, wire.AllowedFast, wire.HaveAll, wire.HaveNone)
	}
	plain = append(plain, wire.Bitfield)
	if l.peer.offer.Extensions() {
		plain = append(plain, wire.Extended, wire.Extended)
	}
	g := l.torrent.geometry
	msg := wire.Message{ID: rapid.SampledFrom(plain).Draw(t, "message")}
	switch msg.ID {
	case wire.Have, wire.Suggest, wire.AllowedFast:
		msg.Block.Piece = rapid.Uint32Range(0, g.NumPieces()-1).Draw(t, "piece")
	case wire.Request:
		msg.Block = m.drawBlock(t, g)
		l.asked = append(l.asked, msg.Block)
	case wire.Cancel:
		msg.Block = m.drawBlock(t, g)
		if n := len(l.asked); n > 0 && rapid.IntRange(0, 4).Draw(t, "known") > 0 {
			msg.Block = l.asked[n-1]
		}
	case wire.Reject:
		msg.Block = m.drawBlock(t, g)
		if asked := m.watch.Model().Outstanding(l.id); len(asked) > 0 && rapid.IntRange(0, 7).Draw(t, "known") > 0 {
			msg.Block = rapid.SampledFrom(asked).Draw(t, "asked")
		}
	case wire.Port:
		msg.Port = 1
	case wire.Bitfield:
		return m.supply(t, l, wire.Bitfield)
	case wire.Extended:
		return m.extended(t, l)
	}
	return msg
}

// drawBlock draws a block of a torrent.
func (m *machine) drawBlock(t *rapid.T, g bt.Geometry) bt.Block {
	piece := rapid.Uint32Range(0, g.NumPieces()-1).Draw(t, "piece")
	return g.BlockAt(piece, rapid.Uint32Range(0, g.NumBlocks(piece)-1).Draw(t, "block"))
}

// bodies are extension handshakes: those that are right, and then the others.
var bodies = []string{
	"de", "d1:md11:upload_onlyi7eee", "d1:md11:upload_onlyi0eee", "d11:upload_onlyi1ee", "d11:upload_onlyi0ee", "d1:pi6881ee", "d1:pi7000ee",
	"d4:reqqi1ee", "d4:reqqi2ee", "d4:reqqi250ee", "d1:v7:strange6:yourip4:\x0a\x00\x01\x01e", "d1:md6:ut_pexi1ee1:pi0e4:reqqi0ee",
	"", "i1e", "d1:m", "de ", "d1:md11:upload_onlyi256eee", "d1:md1:ai-1eee", "d1:xlllllllllleeeeeeeeeee",
}

// extended draws an extended message.
func (m *machine) extended(t *rapid.T, l *link) wire.Message {
	switch rapid.IntRange(0, 9).Draw(t, "extension") {
	case 0:
		return wire.Message{ID: wire.Extended, ExtID: 3, Body: []byte{0}}
	case 1, 2:
		return wire.Message{ID: wire.Extended, ExtID: 3, Body: []byte{1}}
	case 3:
		return wire.Message{ID: wire.Extended, ExtID: 3, Body: []byte{1, 2}}
	case 4:
		return wire.Message{ID: wire.Extended, ExtID: 99, Body: []byte{1}}
	}
	body := rapid.SampledFrom(bodies).Draw(t, "body")
	if body == "" {
		body = "x"
	}
	return wire.Message{ID: wire.Extended, Body: []byte(body)}
}

// misspeak lets a peer say what it may not.
func (m *machine) misspeak(t *rapid.T) {
	l := m.talking(t)
	g := l.torrent.geometry
	n := g.NumPieces()
	piece := rapid.Uint32Range(0, n-1).Draw(t, "piece")
	bad := []wire.Message{
		{ID: wire.Request, Block: bt.Block{Piece: piece, Length: bt.BlockSize + 1}},
		{ID: wire.Request, Block: bt.Block{Piece: n, Length: 5}},
		{ID: wire.Request, Block: bt.Block{Piece: piece, Begin: 1, Length: 1}},
		{ID: wire.Request, Block: bt.Block{Piece: piece, Begin: g.PieceLength, Length: 0}},
		{ID: wire.Cancel, Block: bt.Block{Piece: n, Begin: 5}},
		{ID: wire.Reject, Block: bt.Block{Piece: piece, Begin: 7, Length: 5}},
		{ID: wire.Suggest, Block: bt.Block{Piece: n}},
		{ID: wire.AllowedFast, Block: bt.Block{Piece: n}},
		{ID: wire.Extended, ExtID: 3, Body: []byte{1}},
		{ID: wire.HaveNone},
		{ID: wire.Have, Block: bt.Block{Piece: n}},
		{ID: wire.Piece, Block: g.BlockAt(piece, 0)},
		{ID: wire.Piece, Block: bt.Block{Piece: piece, Begin: 1, Length: 1}},
		{ID: wire.Bitfield, Body: make([]byte, wire.BitfieldLen(n)+1)},
	}
	raw := []string{"\x00\x10\x00\x01", "\x00\x00\x00\x02\x00\x00", "\x00\x00\x00\x01\x63", "\x00\x01\x00\x03\x14", "\x00\x00\x00\x09\x07"}
	i := rapid.IntRange(0, len(bad)+len(raw)-1).Draw(t, "how")
	if i >= len(bad) {
		m.tell("%v says bytes %x", l.id, raw[i-len(bad)])
		m.write(l, []byte(raw[i-len(bad)]), 0)
	} else {
		if bad[i].ID == wire.Piece {
			l.owed = int(bad[i].Block.Length)
		}
		m.saySome(l, bad[i:i+1], 0)
	}
	m.finish(t)
}

// flood lets a peer say something very often.
func (m *machine) flood(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
		return
	}
	l := m.talking(t)
	ms := []wire.Message{m.message(t, l)}
	if ms[0].ID == wire.Request && rapid.Bool().Draw(t, "cancel") {
		ms = append(ms, wire.Message{ID: wire.Cancel, Block: ms[0].Block})
	}
	var b []byte
	times := rapid.SampledFrom([]int{2, 30, 300, 301, 600, 1100}).Draw(t, "times")
	for range times {
		for i := range ms {
			b = wire.Append(b, &ms[i])
		}
	}
	m.tell("%v says %d times %v", l.id, times, ms)
	m.write(l, b, 0)
	m.finish(t)
}
