package check

import (
	"slices"

	"peerwire/core/bencode"
	"peerwire/core/bt"
)

// lose takes it that a piece of ours cannot be read: it is not ours any more, and who was told of it is to be told so. [MSG-27] [EXT-20]
func (n *nodeWatch) lose(piece uint32) {
	if !n.ours.Test(uint(piece)) {
		return
	}
	n.ours.Clear(uint(piece))
	for _, id := range n.present {
		if t := n.talks[id]; t != nil && t.dontHave != 0 && t.told.Test(uint(piece)) {
			t.owing = append(t.owing, owing{piece, n.node.Now()})
		}
	}
}

// regain takes it that a piece is ours again: who was not told otherwise need not be.
func (n *nodeWatch) regain(piece uint32) {
	for _, id := range n.present {
		if t := n.talks[id]; t != nil {
			t.settled(piece)
		}
	}
}

// owing is the news of a lost piece that a peer was not told.
type owing struct {
	piece uint32
	since bt.Instant
}

// settled takes it that a peer need be told no more that a piece was lost.
func (t *talk) settled(piece uint32) {
	t.owing = slices.DeleteFunc(t.owing, func(o owing) bool { return o.piece == piece })
}

// untold gives a piece of whose loss the peer should have been told.
func (t *talk) untold() (piece uint32, ok bool) {
	for _, o := range t.owing {
		if t.spoke >= o.since.Add(patience) {
			return o.piece, true
		}
	}
	return 0, false
}

// introduced takes the peer's extension handshake, of which counts here by which id it takes lt_donthave. [EXT-3] [EXT-5] [EXT-6]
func (t *talk) introduced(payload []byte) {
	doc, err := bencode.Parse(payload, bencode.Limits{Depth: extDepth})
	if err != nil || doc.Root.Kind() != bencode.Dict || len(doc.Rest) > 0 {
		return
	}
	if id, ok := doc.Root.Get("m").Get("lt_donthave").Int(); ok && id >= 0 && id <= 255 {
		if t.dontHave = uint8(id); id == 0 {
			t.owing = nil
		}
	}
}

// extDepth is how deep an extension handshake may be. [EXT-3]
const extDepth = 8
