package trust

import (
	"fmt"
	"slices"
	"testing"

	"peerwire/core/bt"
)

// onRecord lists the pieces on record.
func onRecord(l *Ledger) (list []uint32) {
	for piece := range l.geometry.NumPieces() {
		if l.OnRecord(piece) {
			list = append(list, piece)
		}
	}
	return list
}

// shared lets a piece fail to which two peers contributed, whose last block is wrong.
func shared(l *Ledger, piece uint32, a, b int) {
	n := l.geometry.NumBlocks(piece)
	digests := make([]bt.Digest, n)
	for k := range n {
		l.Note(piece, k, peer(a))
	}
	l.Note(piece, n-1, peer(b))
	digests[n-1][0] = 1
	l.Failed(piece, digests)
}

// At most 64 pieces are on record; the one that failed longest ago goes first. [TRU-11]
func TestRecordsAreBounded(t *testing.T) {
	l := New(bt.Geometry{PieceLength: 2 * bt.BlockSize, Total: 70 * 2 * bt.BlockSize})
	for piece := range uint32(64) {
		shared(l, piece, 1, 2)
	}
	if n := len(onRecord(l)); n != 64 {
		t.Fatalf("%d pieces are on record", n)
	}
	shared(l, 0, 1, 2) // fails again: the first is 1 now
	shared(l, 64, 1, 2)
	if got := onRecord(l); len(got) != 64 || got[0] != 0 || got[1] != 2 {
		t.Errorf("on record: %v", got)
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
}

// At most 131,072 blocks are on record, of all pieces together. [TRU-11]
func TestBlocksOnRecordAreBounded(t *testing.T) {
	const blocks = 32768 // of the longest piece that there may be
	l := New(bt.Geometry{PieceLength: blocks * bt.BlockSize, Total: 6 * blocks * bt.BlockSize})
	for piece := range uint32(4) {
		shared(l, piece, 1, 2)
	}
	if got := onRecord(l); !slices.Equal(got, []uint32{0, 1, 2, 3}) {
		t.Errorf("131,072 blocks, on record: %v", got)
	}
	shared(l, 1, 1, 3) // one block more, and 1 is the newest
	if got := onRecord(l); !slices.Equal(got, []uint32{1, 2, 3}) {
		t.Errorf("one block more, on record: %v", got)
	}
	for who := range 3 { // that leaves room for nothing else
		shared(l, 1, 10+who, 2)
	}
	if got := onRecord(l); !slices.Equal(got, []uint32{1}) {
		t.Errorf("a piece of four failures, on record: %v", got)
	}
	shared(l, 1, 20, 2)
	if got := onRecord(l); got != nil || l.records.facts != 0 || l.names.ids.Len() != 0 {
		t.Errorf("too much for one piece, on record: %v; %d blocks, %d names", got, l.records.facts, l.names.ids.Len())
	}
}

// Whoever came and went leaves nothing behind: peers without end take no more room than those who have a part at one time. [TRU-1]
func TestPeersThatAreGoneTakeNoRoom(t *testing.T) {
	l := New(geometry)
	for n := range 1000 {
		note(l, 0, peer(2*n), peer(2*n+1), peer(2*n), peer(2*n))
		l.Passed(0, nil)
	}
	if n := len(l.names.list) - 1; n != 2 {
		t.Errorf("2 peers had a part at one time, and there is room for %d", n)
	}
}

// check finds what is wrong within the ledger: everything on account and on record is counted, and nothing else is kept.
func (l *Ledger) check() error {
	uses, facts := make([]uint32, len(l.names.list)), 0
	for i, a := range l.accounts {
		if at := l.index.Get(a.piece + 1); at == nil || int(*at) != i {
			return fmt.Errorf("piece %d is at %d, the index says %v", a.piece, i, at)
		}
		for _, sender := range a.senders {
			uses[sender]++
		}
	}
	for _, rec := range l.records.list {
		facts += len(rec.facts)
		if len(rec.facts) == 0 || !slices.IsSortedFunc(rec.facts, func(a, b fact) int { return int(a.block) - int(b.block) }) {
			return fmt.Errorf("piece %d has %d blocks on record, or not in order", rec.piece, len(rec.facts))
		}
		for _, f := range rec.facts {
			uses[f.sender]++
		}
	}
	if n := l.names.list[nobody].uses; n != 0 {
		return fmt.Errorf("nobody has %d uses", n)
	}
	inUse := 0
	for i, c := range l.names.list[1:] {
		switch {
		case c.uses != uses[i+1]:
			return fmt.Errorf("%v has %d uses, counted %d", c.who, c.uses, uses[i+1])
		case c.uses == 0:
			continue
		case l.names.ids.Find(&c.who, l.names.who) != i+1 || c.guilty:
			return fmt.Errorf("%v is %d, the index says %d; guilty: %t", c.who, i+1, l.names.ids.Find(&c.who, l.names.who), c.guilty)
		}
		inUse++
	}
	switch {
	case len(l.accounts) != l.index.Len(), facts != l.records.facts, facts > 131072, len(l.records.list) > 64:
		return fmt.Errorf("%d accounts, %d in the index; %d records, %d blocks, counted %d",
			len(l.accounts), l.index.Len(), len(l.records.list), facts, l.records.facts)
	case l.names.ids.Len() != inUse || len(l.names.free)+inUse != len(l.names.list)-1:
		return fmt.Errorf("%d names in use, %d in the index, %d free, %d in all", inUse, l.names.ids.Len(), len(l.names.free), len(l.names.list)-1)
	}
	return nil
}
