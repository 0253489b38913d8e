package trust

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// geometry is three pieces of four blocks, the last one of three and a bit.
var geometry = bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 11*bt.BlockSize + 5}

func peer(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), 6881)
}

var ann, bob, eve = peer(1), peer(2), peer(3)

// unnamed is a peer before it has told its port.
func unnamed(who netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(who.Addr(), 0) }

// note puts down senders for the blocks of a piece from the first on.
func note(l *Ledger, piece uint32, senders ...netip.AddrPort) {
	for k, who := range senders {
		l.Note(piece, uint32(k), who)
	}
}

// sums are digests of four blocks with such contents; 0 stands for the right one.
func sums(contents ...byte) (all []bt.Digest) {
	for k, c := range contents {
		all = append(all, bt.Digest{byte(k + 1), c})
	}
	return all
}

func expect[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// fails lets a piece fail, and wants so many spared.
func fails(t *testing.T, l *Ledger, piece uint32, sums []bt.Digest, spared int) (suspects []netip.AddrPort, guilty []Guilty) {
	t.Helper()
	f := l.Failed(piece, sums)
	if f.Spared != spared {
		t.Errorf("%d are spared, want %d", f.Spared, spared)
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
	return f.Suspects, f.Guilty
}

type people = []netip.AddrPort

// Who sent it all is banned; who shared in it is on parole. [TRU-2] [TRU-3]
func TestFailed(t *testing.T) {
	cases := []struct {
		name     string
		piece    uint32
		senders  people
		suspects people
		guilty   bool
	}{
		{"one sent it all", 0, people{eve, eve, eve, eve}, nil, true},
		{"two shared it", 0, people{bob, eve, eve, bob}, people{bob, eve}, false},
		{"each sent one", 1, people{eve, ann, bob, peer(4)}, people{eve, ann, bob, peer(4)}, false},
		{"the last piece, all of one", 2, people{eve, eve, eve, eve}, nil, true},
		{"a block of unknown origin", 0, people{eve, eve, eve}, people{eve}, false},
		{"nothing on account", 0, nil, nil, false},
	}
	for _, c := range cases {
		for _, digests := range [][]bt.Digest{nil, sums(1, 1, 1, 1)} {
			t.Run(fmt.Sprint(c.name, len(digests)), func(t *testing.T) {
				l := New(geometry)
				note(l, c.piece, c.senders...)
				suspects, guilty := fails(t, l, c.piece, digests, 0)
				expect(t, "suspects", suspects, c.suspects)
				if c.guilty {
					expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptPiece}})
				} else {
					expect(t, "guilty", guilty, nil)
				}
				if l.Len() != 0 || l.OnRecord(c.piece) != (digests != nil && c.suspects != nil) {
					t.Errorf("%d on account, on record: %t", l.Len(), l.OnRecord(c.piece))
				}
			})
		}
	}
}

// A piece that passed clears everybody who had a part in it. [TRU-1] [TRU-4]
func TestPassed(t *testing.T) {
	l := New(geometry)
	note(l, 0, bob, ann, bob, ann)
	note(l, 1, eve, eve, eve, eve)
	cleared, guilty := l.Passed(0, nil)
	expect(t, "cleared", cleared, people{bob, ann})
	expect(t, "guilty", guilty, nil)
	cleared, _ = l.Passed(0, nil)
	expect(t, "cleared again", cleared, nil)
	_, guilty = fails(t, l, 1, nil, 0)
	expect(t, "guilty of another", guilty, []Guilty{{eve, clause.CorruptPiece}})
}

// A block that came twice is of the one who sent it last, since that one was stored.
func TestNoteAgain(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, eve, eve)
	l.Note(0, 0, eve)
	_, guilty := fails(t, l, 0, nil, 0)
	expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptPiece}})
}

// After a fault of the disk the rest of a piece proves nothing: the blocks from before it may be the
// bad ones. [TRU-8]
func TestForget(t *testing.T) {
	l := New(geometry)
	note(l, 0, eve, eve, eve)
	l.Forget(0)
	l.Note(0, 3, ann)
	suspects, guilty := fails(t, l, 0, nil, 0)
	expect(t, "suspects", suspects, people{ann})
	expect(t, "guilty", guilty, nil)
	l.Forget(0)
	l.Forget(1)
	if l.Len() != 0 {
		t.Errorf("%d pieces on account", l.Len())
	}
}

// What is forgotten is not on record: the digests that are there say nothing of who sent them.
func TestForgottenIsNotOnRecord(t *testing.T) {
	l := New(geometry)
	note(l, 0, eve, eve, eve, eve)
	l.Forget(0)
	fails(t, l, 0, sums(1, 1, 1, 1), 0)
	if l.OnRecord(0) {
		t.Error("a record of nobody")
	}
	l.Note(0, 3, ann)
	fails(t, l, 0, sums(1, 1, 1, 0), 0)
	cleared, guilty := l.Passed(0, sums(0, 0, 0, 0))
	expect(t, "cleared", cleared, people{ann})
	expect(t, "guilty", guilty, nil)
}

// A block that was thrown away is nobody's, until it comes again. [TRU-20]
func TestDrop(t *testing.T) {
	l := New(geometry)
	l.Drop(0, 0)
	note(l, 0, eve, ann, ann, ann)
	l.Drop(0, 0)
	l.Drop(0, 0)
	if err := l.check(); err != nil || l.Len() != 1 {
		t.Errorf("%v, %d pieces on account", err, l.Len())
	}
	suspects, guilty := fails(t, l, 0, nil, 0)
	expect(t, "suspects", suspects, people{ann})
	expect(t, "guilty", guilty, nil)
	note(l, 0, eve, ann, ann, ann)
	l.Drop(0, 0)
	l.Note(0, 0, ann)
	_, guilty = fails(t, l, 0, nil, 0)
	expect(t, "guilty when it came again", guilty, []Guilty{{ann, clause.CorruptPiece}})
}

// When the piece is right in the end, each block on record is right or the proof of a lie. [TRU-5] [TRU-11] [TRU-12]
func TestProofByBlock(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, bob, eve)
	suspects, guilty := fails(t, l, 0, sums(0, 1, 1, 0), 0)
	expect(t, "suspects", suspects, people{ann, eve, bob})
	expect(t, "guilty", guilty, nil)
	note(l, 0, bob, bob, bob, bob)
	cleared, guilty := l.Passed(0, sums(0, 0, 0, 0))
	expect(t, "cleared", cleared, people{ann})
	expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptBlock}, {bob, clause.CorruptBlock}})
	if err := l.check(); err != nil || l.OnRecord(0) || l.names.ids.Len() != 0 {
		t.Errorf("%v; on record: %t, %d names", err, l.OnRecord(0), l.names.ids.Len())
	}
	note(l, 0, eve, eve, eve, eve)
	cleared, guilty = l.Passed(0, sums(0, 0, 0, 0))
	expect(t, "cleared by a piece that is not on record", cleared, people{eve})
	expect(t, "guilty of one", guilty, nil)
}

// A record without the digests of the right piece says nothing, and is gone; too few digests are none.
func TestPassedWithoutDigests(t *testing.T) {
	for _, digests := range [][]bt.Digest{nil, sums(0, 0, 0), sums(0, 0, 0, 0, 0)} {
		l := New(geometry)
		note(l, 0, ann, eve, eve, eve)
		fails(t, l, 0, sums(0, 1, 1, 1), 0)
		note(l, 0, bob, bob, bob, bob)
		cleared, guilty := l.Passed(0, digests)
		expect(t, "cleared", cleared, people{bob})
		expect(t, "guilty", guilty, nil)
		if err := l.check(); err != nil || l.OnRecord(0) {
			t.Errorf("%v; on record: %t", err, l.OnRecord(0))
		}
	}
}

// A failure without digests adds nothing to the record and takes nothing from it.
func TestFailedWithoutDigests(t *testing.T) {
	for _, digests := range [][]bt.Digest{nil, sums(0, 0, 0), sums(0, 0, 0, 0, 0)} {
		l := New(geometry)
		note(l, 0, ann, eve, eve, eve)
		fails(t, l, 0, sums(0, 1, 0, 0), 0)
		note(l, 0, bob, eve, eve, eve)
		suspects, guilty := fails(t, l, 0, digests, 0)
		expect(t, "suspects", suspects, people{bob, eve})
		expect(t, "guilty", guilty, nil)
		note(l, 0, bob, bob, bob, bob)
		_, guilty = l.Passed(0, sums(0, 0, 0, 0))
		expect(t, "guilty in the end", guilty, []Guilty{{eve, clause.CorruptBlock}})
	}
}

// Who sends one block with two contents has lied once. Others are spared for that failure. [TRU-5] [TRU-13] [TRU-16]
func TestContradiction(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, eve, bob)
	fails(t, l, 0, sums(0, 1, 0, 0), 0)
	note(l, 0, ann, ann, eve, bob) // the same as before, and one block more of ann's
	suspects, guilty := fails(t, l, 0, sums(0, 2, 0, 0), 0)
	expect(t, "suspects", suspects, people{ann, eve, bob})
	expect(t, "guilty", guilty, nil)
	note(l, 0, ann, eve, bob, bob) // eve's first block anew, and other than before
	suspects, guilty = fails(t, l, 0, sums(0, 3, 0, 0), 2)
	expect(t, "suspects", suspects, nil)
	expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptBlock}})
	note(l, 0, bob, ann, eve, peer(4)) // what was new is on record as well
	suspects, guilty = fails(t, l, 0, sums(9, 9, 9, 9), 2)
	expect(t, "suspects", suspects, nil)
	expect(t, "guilty", guilty, []Guilty{{ann, clause.CorruptBlock}, {eve, clause.CorruptBlock}})
}

// Another piece, and another block of it, contradict nothing.
func TestNoContradiction(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, bob, bob)
	fails(t, l, 0, sums(0, 1, 0, 0), 0)
	note(l, 1, ann, eve, bob, bob)
	_, guilty := fails(t, l, 1, sums(7, 7, 7, 7), 0)
	expect(t, "guilty with another piece", guilty, nil)
	note(l, 0, eve, ann, ann, ann)
	_, guilty = fails(t, l, 0, sums(7, 7, 7, 7), 0)
	expect(t, "guilty with other blocks", guilty, nil)
}

// Who sent the whole of a piece that failed before is guilty of that, and once.
func TestSoleAndContradicted(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, eve, eve)
	fails(t, l, 0, sums(0, 1, 0, 0), 0)
	note(l, 0, eve, eve, eve, eve)
	_, guilty := fails(t, l, 0, sums(2, 2, 2, 2), 0)
	expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptPiece}})
	note(l, 0, ann, bob, bob, bob)
	_, guilty = fails(t, l, 0, sums(2, 1, 1, 1), 1)
	expect(t, "guilty after that", guilty, []Guilty{{ann, clause.CorruptBlock}})
}

// A peer that tells its port is the contributor that it was, on account and on record, be it known by that name already or
// not. [TRU-14]
func TestRename(t *testing.T) {
	for _, before := range []netip.AddrPort{eve, unnamed(eve), bob} { // who sent the second block
		l := New(geometry)
		note(l, 0, unnamed(eve), before)
		l.Rename(unnamed(eve), eve)
		if err := l.check(); err != nil {
			t.Error(err)
		}
		l.Note(0, 2, eve)
		l.Note(0, 3, eve)
		suspects, guilty := fails(t, l, 0, sums(1, 1, 1, 1), 0)
		if before == bob {
			expect(t, "suspects", suspects, people{eve, bob})
		} else {
			expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptPiece}})
		}
	}
}

func TestRenameOnRecord(t *testing.T) {
	for _, busy := range []bool{false, true} {
		l := New(geometry)
		note(l, 0, ann, unnamed(eve), ann, ann)
		fails(t, l, 0, sums(0, 1, 0, 0), 0)
		if busy {
			l.Note(1, 0, eve)
		}
		l.Rename(unnamed(eve), eve)
		l.Rename(unnamed(bob), bob) // of whom nothing is known
		note(l, 0, bob, bob, bob, bob)
		cleared, guilty := l.Passed(0, sums(0, 0, 0, 0))
		expect(t, "cleared", cleared, people{bob, ann})
		expect(t, "guilty", guilty, []Guilty{{eve, clause.CorruptBlock}})
		if err := l.check(); err != nil {
			t.Error(err)
		}
	}
}

// What came from a banned site is off the account but for whole pieces, and off the record. A whole piece that fails then blames
// nobody else, and the banned one no more. [TRU-15] [TRU-16] [TRU-17]
func TestShun(t *testing.T) {
	l := New(geometry)
	other := netip.AddrPortFrom(eve.Addr(), 7001)
	note(l, 0, ann, eve, other, ann)
	fails(t, l, 0, sums(0, 1, 1, 0), 0)
	note(l, 0, ann, eve, other, bob) // whole
	note(l, 1, eve, ann, other)
	note(l, 2, ann, bob)
	var lost []string
	shun := func(who netip.AddrPort) {
		l.Shun(who.Addr(), func(piece uint32) bool { return piece == 0 }, func(piece, k uint32) {
			lost = append(lost, fmt.Sprintf("%d:%d", piece, k))
		})
		if err := l.check(); err != nil {
			t.Error(err)
		}
	}
	shun(peer(9))
	expect(t, "lost of a stranger", lost, nil)
	shun(eve)
	expect(t, "lost", lost, []string{"1:0", "1:2"})
	suspects, guilty := fails(t, l, 0, sums(0, 2, 2, 0), 2)
	expect(t, "suspects", suspects, nil)
	expect(t, "guilty", guilty, nil)
	cleared, guilty := l.Passed(0, sums(0, 0, 0, 0))
	expect(t, "cleared", cleared, people{ann, bob})
	expect(t, "guilty by the record", guilty, nil)
	suspects, _ = fails(t, l, 1, nil, 0)
	expect(t, "suspects of the other", suspects, people{ann})
	note(l, 1, eve, eve, eve, eve) // its ban is over
	_, guilty = fails(t, l, 1, nil, 0)
	expect(t, "guilty again", guilty, []Guilty{{eve, clause.CorruptPiece}})
}

// Who is banned while the whole of a piece of its own is verified is not found guilty once more; what it sent is not on record.
func TestShunnedAlone(t *testing.T) {
	l := New(geometry)
	note(l, 0, eve, eve, eve, eve)
	l.Shun(eve.Addr(), func(uint32) bool { return true }, nil)
	suspects, guilty := fails(t, l, 0, sums(1, 1, 1, 1), 0)
	expect(t, "suspects", suspects, nil)
	expect(t, "guilty", guilty, nil)
	if l.OnRecord(0) {
		t.Error("it is on record")
	}
}

// A record of nothing but what came from a banned site is none.
func TestShunnedRecord(t *testing.T) {
	l := New(geometry)
	note(l, 0, unnamed(eve), eve, unnamed(eve), eve)
	fails(t, l, 0, sums(1, 1, 1, 1), 0)
	note(l, 1, eve, eve, bob, ann)
	fails(t, l, 1, sums(1, 1, 1, 1), 0)
	l.Shun(eve.Addr(), func(uint32) bool { return false }, nil)
	if l.OnRecord(0) || !l.OnRecord(1) || l.names.ids.Len() != 2 {
		t.Errorf("on record: %t, %t; %d names", l.OnRecord(0), l.OnRecord(1), l.names.ids.Len())
	}
}

// BenchmarkNote is a piece of 64 blocks from two peers, from its first block to its end.
func BenchmarkNote(b *testing.B) {
	g := bt.Geometry{PieceLength: 64 * bt.BlockSize, Total: 1 << 30}
	l, k := New(g), uint32(0)
	b.ReportAllocs()
	for b.Loop() {
		l.Note(0, k, peer(int(k&1)))
		if k = (k + 1) % 64; k == 0 {
			l.Passed(0, nil)
		}
	}
}
