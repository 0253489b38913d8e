package peerfsm

import (
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// take does with a fact what a torrent does.
func take(p *Peer, f Fact) Fact {
	if f.Kind == Supplied {
		p.TakeSupply(0)
	}
	return f
}

// While the number of pieces is not known, what a peer tells is bounded by the largest number there can be, to the piece. [LIM-6] [FLG-15]
func TestUnknownGeometry(t *testing.T) {
	largest := make([]byte, wire.MaxBitfield)
	largest[0], largest[len(largest)-1] = 0x80, 0x01
	bitfield := func(body []byte) []byte { return wire.Append(nil, &wire.Message{ID: wire.Bitfield, Body: body}) }
	for _, test := range []struct {
		name  string
		says  []byte
		count uint32
		v     clause.Violation
	}{
		{"the last piece there can be", wire.AppendHave(nil, bt.MaxPieces-1), 1, 0},
		{"one beyond it", wire.AppendHave(nil, bt.MaxPieces), 0, clause.TooManyPieces},
		{"the largest bitfield", bitfield(largest), 2, 0},
		{"one byte more", bitfield(make([]byte, wire.MaxBitfield+1))[:5], 0, clause.TooManyPieces},
		{"a bitfield of one byte", bitfield([]byte{0xff}), 8, 0},
	} {
		p := openTo(t, &Local{Torrent: 1})
		f := take(p, hear(t, p, test.says))
		if f.Violation != test.v || p.Count() != test.count {
			t.Errorf("%s: %d pieces, %v; want %d, %v", test.name, p.Count(), f.Violation, test.count, test.v)
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if p.Seed() || p.Interesting() || p.Room() > 0 || p.local.Finished() {
			t.Errorf("%s: a seed %t, interesting %t, complete %t", test.name, p.Seed(), p.Interesting(), p.local.Finished())
		}
	}
}

// A peer that has told have all before anybody knows how many pieces that is, is a seed until it takes one back. [FLG-16] [EXT-17]
func TestHaveAllOfUnknown(t *testing.T) {
	p := openTo(t, &Local{Torrent: 1})
	for _, step := range []struct {
		name string
		says []byte
		seed bool
	}{
		{"have all", wire.AppendHaveAll(nil), true},
		{"have", wire.AppendHave(nil, 3), true},
		{"lt_donthave", wire.AppendExtended(nil, ExtDontHave, []byte{0, 0, 0, 9}), false},
		{"have all, late", wire.AppendHaveAll(nil), true},
		{"have none, late", wire.AppendHaveNone(nil), false},
	} {
		take(p, hear(t, p, step.says))
		if p.Seed() != step.seed {
			t.Errorf("after %s: seed is %t", step.name, p.Seed())
		}
		if err := p.Check(); err != nil {
			t.Errorf("after %s: %v", step.name, err)
		}
	}
}
