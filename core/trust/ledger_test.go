package trust

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// geometry is three pieces of four blocks, the last one of three and a bit.
var geometry = bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 11*bt.BlockSize + 5}

func peer(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(n)}), 6881)
}

var ann, bob, eve = peer(1), peer(2), peer(3)

// note puts down senders for the blocks of a piece from the first on.
func note(l *Ledger, piece uint32, senders ...netip.AddrPort) {
	for k, who := range senders {
		l.Note(piece, uint32(k), who)
	}
}

// Who sent it all is banned; who shared in it is on parole. [TRU-2] [TRU-3]
func TestFailed(t *testing.T) {
	ban := func(who netip.AddrPort) Verdict { return Verdict{who, true} }
	parole := func(who netip.AddrPort) Verdict { return Verdict{who, false} }
	cases := []struct {
		name    string
		piece   uint32
		senders []netip.AddrPort
		want    []Verdict
	}{
		{"one sent it all", 0, []netip.AddrPort{eve, eve, eve, eve}, []Verdict{ban(eve)}},
		{"two shared it", 0, []netip.AddrPort{bob, eve, eve, bob}, []Verdict{parole(bob), parole(eve)}},
		{"each sent one", 1, []netip.AddrPort{eve, ann, bob, peer(4)}, []Verdict{parole(eve), parole(ann), parole(bob), parole(peer(4))}},
		{"the last piece, all of one", 2, []netip.AddrPort{eve, eve, eve, eve}, []Verdict{ban(eve)}},
		{"a block of unknown origin", 0, []netip.AddrPort{eve, eve, eve}, []Verdict{parole(eve)}},
		{"nothing on account", 0, nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := New(geometry)
			note(l, c.piece, c.senders...)
			if got := l.Failed(c.piece); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if l.Len() != 0 || l.Failed(c.piece) != nil {
				t.Error("the account is not closed")
			}
		})
	}
}

// A piece that passed clears everybody who had a part in it. [TRU-1] [TRU-4]
func TestPassed(t *testing.T) {
	l := New(geometry)
	note(l, 0, bob, ann, bob, ann)
	note(l, 1, eve, eve, eve, eve)
	if got, want := l.Passed(0), []netip.AddrPort{bob, ann}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := l.Passed(0); len(got) != 0 {
		t.Errorf("named again: %v", got)
	}
	if got := l.Failed(1); len(got) != 1 || !got[0].Ban {
		t.Errorf("another piece's account suffered: %v", got)
	}
}

// A block that came twice is of the one who sent it last, since that one was stored.
func TestNoteAgain(t *testing.T) {
	l := New(geometry)
	note(l, 0, ann, eve, eve, eve)
	l.Note(0, 0, eve)
	if got := l.Failed(0); !slices.Equal(got, []Verdict{{eve, true}}) {
		t.Errorf("%v", got)
	}
}

// After a fault of the disk the rest of a piece proves nothing: the blocks from before it may be the
// bad ones. [TRU-8]
func TestForget(t *testing.T) {
	l := New(geometry)
	note(l, 0, eve, eve, eve)
	l.Forget(0)
	l.Note(0, 3, ann)
	if got := l.Failed(0); !slices.Equal(got, []Verdict{{ann, false}}) {
		t.Errorf("%v", got)
	}
	l.Forget(0)
	l.Forget(1)
	if l.Len() != 0 {
		t.Errorf("%d pieces on account", l.Len())
	}
}

// However pieces fail, nobody is banned who did not send a whole bad piece, so that any number of
// liars who share pieces with an honest peer cannot have it banned; and the account keeps no more
// than what it needs. [TRU-2] [TRU-9]
func TestOnlyWholePiecesBan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := New(geometry)
		sent := map[uint32]map[uint32]netip.AddrPort{}
		piece := func() uint32 { return uint32(rapid.IntRange(0, 2).Draw(t, "piece")) }
		t.Repeat(map[string]func(*rapid.T){
			"note": func(t *rapid.T) {
				p, k, who := piece(), uint32(rapid.IntRange(0, 3).Draw(t, "block")), peer(rapid.IntRange(1, 3).Draw(t, "peer"))
				l.Note(p, k, who)
				if sent[p] == nil {
					sent[p] = map[uint32]netip.AddrPort{}
				}
				sent[p][k] = who
			},
			"forget": func(*rapid.T) {
				p := piece()
				l.Forget(p)
				delete(sent, p)
			},
			"passed": func(t *rapid.T) {
				p := piece()
				if got, want := l.Passed(p), senders(sent[p]); !slices.Equal(got, want) {
					t.Fatalf("passed by %v, want %v", got, want)
				}
				delete(sent, p)
			},
			"failed": func(t *rapid.T) {
				p := piece()
				want := senders(sent[p])
				for i, v := range l.Failed(p) {
					if v.Who != want[i] || v.Ban != (len(want) == 1 && len(sent[p]) == 4) {
						t.Fatalf("%v of %v", v, sent[p])
					}
				}
				delete(sent, p)
			},
			"": func(t *rapid.T) {
				if err := l.check(); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

// senders lists who sent the blocks, each once, in the order of the blocks.
func senders(blocks map[uint32]netip.AddrPort) (all []netip.AddrPort) {
	for k := range uint32(4) {
		if who, ok := blocks[k]; ok && !slices.Contains(all, who) {
			all = append(all, who)
		}
	}
	return all
}

// check finds what is wrong within the ledger: every block on account is counted, and nothing else is kept.
func (l *Ledger) check() error {
	counted := make([]int, len(l.names))
	for _, blocks := range l.pieces {
		for _, i := range blocks {
			counted[i]++
		}
	}
	inUse := 0
	for i, c := range l.names[1:] {
		if c.blocks != counted[i+1] {
			return fmt.Errorf("%s has %d blocks, counted %d", c.who, c.blocks, counted[i+1])
		}
		if c.blocks > 0 {
			inUse++
			if l.ids[c.who] != id(i+1) {
				return fmt.Errorf("%s is %d, the index says %d", c.who, i+1, l.ids[c.who])
			}
		}
	}
	if len(l.ids) != inUse || len(l.free)+inUse != len(l.names)-1 {
		return fmt.Errorf("%d in use, %d in the index, %d free, %d in all", inUse, len(l.ids), len(l.free), len(l.names)-1)
	}
	return nil
}

// BenchmarkNote is a piece of 64 blocks from two peers, from its first block to its end.
func BenchmarkNote(b *testing.B) {
	g := bt.Geometry{PieceLength: 64 * bt.BlockSize, Total: 1 << 30}
	l, k := New(g), uint32(0)
	b.ReportAllocs()
	for b.Loop() {
		l.Note(0, k, peer(int(k&1)))
		if k = (k + 1) % 64; k == 0 {
			l.Passed(0)
		}
	}
}
