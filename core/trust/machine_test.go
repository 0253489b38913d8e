package trust

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// block is one block of a piece: who sent it, and what.
type block struct {
	who    netip.AddrPort // not valid: it is not known who did
	digest bt.Digest
	banned bool // whoever did is banned since
}

// deed is a block that is on record.
type deed struct {
	k      int
	who    netip.AddrPort
	digest bt.Digest
}

// oracle is the ledger's meaning, written down without any thought of speed.
type oracle struct {
	account [3][]block
	record  [3][]deed
}

// machine runs a Ledger and the oracle side by side.
type machine struct {
	l *Ledger
	o oracle
}

// However pieces come, fail and pass, peers change their names and are banned, the ledger says what the oracle says. And
// nobody is found guilty who sent nothing but what is right: ann and bob never send anything else. [TRU-2] [TRU-5] [TRU-9] [TRU-12] [TRU-13]
func TestLedgerAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{l: New(geometry)}
		for i := range m.o.account {
			m.o.account[i] = make([]block, 4)
		}
		t.Repeat(map[string]func(*rapid.T){
			"note":      m.note,
			"note more": m.note,
			"fill":      m.fill,
			"forget":    m.forget,
			"passed":    m.passed,
			"failed":    m.failed,
			"rename":    m.rename,
			"shun":      m.shun,
			"": func(t *rapid.T) {
				if err := m.l.check(); err != nil {
					t.Fatal(err)
				}
				for i := range m.o.record {
					same(t, "on record", m.l.OnRecord(uint32(i)), len(m.o.record[i]) > 0)
				}
			},
		})
	})
}

func same[T any](t *rapid.T, what string, got, want T) {
	if !equal(got, want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case people:
		return slices.Equal(a, b.(people))
	case []Guilty:
		return slices.Equal(a, b.([]Guilty))
	}
	return a == b
}

func (m *machine) piece(t *rapid.T) int { return rapid.IntRange(0, 2).Draw(t, "piece") }

// sender draws who sends a block, and what: liars have two addresses with a name each before and after they tell the port.
func (m *machine) sender(t *rapid.T, k int) block {
	who := rapid.SampledFrom(people{ann, bob, eve, unnamed(eve), peer(4), unnamed(peer(4))}).Draw(t, "who")
	for p := range m.o.account {
		if slices.ContainsFunc(m.o.account[p], func(b block) bool { return b.banned && b.who.Addr() == who.Addr() }) {
			who = ann // it is banned
		}
	}
	content := byte(0)
	if who != ann && who != bob {
		content = byte(rapid.IntRange(0, 2).Draw(t, "content"))
	}
	return block{who: who, digest: bt.Digest{byte(k + 1), content}}
}

func (m *machine) note(t *rapid.T) {
	p, k := m.piece(t), rapid.IntRange(0, 3).Draw(t, "block")
	m.put(p, k, m.sender(t, k))
}

func (m *machine) put(p, k int, b block) {
	m.l.Note(uint32(p), uint32(k), b.who)
	m.o.account[p][k] = b
}

// fill completes a piece.
func (m *machine) fill(t *rapid.T) {
	p := m.piece(t)
	for k := range 4 {
		if m.o.account[p][k].digest == (bt.Digest{}) {
			m.put(p, k, m.sender(t, k))
		}
	}
}

func (m *machine) forget(t *rapid.T) {
	p := m.piece(t)
	m.l.Forget(uint32(p))
	clear(m.o.account[p])
}

// contents are the digests of what is there of a piece; what was forgotten counts as some content.
func (m *machine) contents(p int) (all []bt.Digest) {
	for k, b := range m.o.account[p] {
		if b.digest == (bt.Digest{}) {
			b.digest = bt.Digest{byte(k + 1), 3}
		}
		all = append(all, b.digest)
	}
	return all
}

// people lists the senders of a piece, in the order of the blocks.
func (o *oracle) people(p int, take func(block) bool) (all people) {
	for _, b := range o.account[p] {
		if b.who.IsValid() && take(b) && !slices.Contains(all, b.who) {
			all = append(all, b.who)
		}
	}
	return all
}

func (m *machine) passed(t *rapid.T) {
	p := m.piece(t)
	digests := sums(0, 0, 0, 0)
	if rapid.IntRange(0, 4).Draw(t, "without digests") == 0 {
		digests, m.o.record[p] = nil, nil
	}
	var liars []Guilty
	guilty := func(who netip.AddrPort) bool {
		return slices.ContainsFunc(liars, func(g Guilty) bool { return g.Who == who })
	}
	for _, d := range m.o.record[p] {
		if d.digest[1] != 0 && !guilty(d.who) {
			liars = append(liars, Guilty{d.who, clause.CorruptBlock})
		}
	}
	cleared := m.o.people(p, func(b block) bool { return !guilty(b.who) })
	for _, d := range m.o.record[p] {
		if !guilty(d.who) && !slices.Contains(cleared, d.who) {
			cleared = append(cleared, d.who)
		}
	}
	clear(m.o.account[p])
	m.o.record[p] = nil
	gotCleared, gotGuilty := m.l.Passed(uint32(p), digests)
	same(t, "cleared", gotCleared, cleared)
	same(t, "guilty", gotGuilty, liars)
	m.expectLiars(t, gotGuilty)
}

// expectLiars wants none of the honest among the guilty.
func (m *machine) expectLiars(t *rapid.T, guilty []Guilty) {
	for _, g := range guilty {
		if g.Who == ann || g.Who == bob {
			t.Fatalf("%s is honest", g.Who)
		}
	}
}

// failed lets a piece fail, which is wrong in some block: else it would not.
func (m *machine) failed(t *rapid.T) {
	p := m.piece(t)
	digests := m.contents(p)
	if slices.Equal(digests, sums(0, 0, 0, 0)) {
		t.Skip("it is right")
	}
	if rapid.IntRange(0, 4).Draw(t, "without digests") == 0 {
		digests = nil
	}
	want := m.o.fail(p, digests)
	got := m.l.Failed(uint32(p), digests)
	same(t, "suspects", got.Suspects, want.Suspects)
	same(t, "guilty", got.Guilty, want.Guilty)
	same(t, "spared", got.Spared, want.Spared)
	same(t, "senders", got.Senders, want.Senders)
	m.expectLiars(t, got.Guilty)
}

func (o *oracle) fail(p int, digests []bt.Digest) (f Failure) {
	blocks := o.account[p]
	all := o.people(p, func(block) bool { return true })
	f.Senders = len(all)
	free := o.people(p, func(b block) bool { return !b.banned })
	proven := func(who netip.AddrPort) bool {
		return slices.ContainsFunc(f.Guilty, func(g Guilty) bool { return g.Who == who })
	}
	unknown := slices.ContainsFunc(blocks, func(b block) bool { return !b.who.IsValid() })
	if len(all) == 1 && len(free) == 1 && !unknown {
		f.Guilty = append(f.Guilty, Guilty{all[0], clause.CorruptPiece})
	}
	old := slices.Clone(o.record[p])
	for k := range digests {
		b := blocks[k]
		mine := func(d deed) bool { return d.k == k && d.who == b.who }
		switch {
		case !b.who.IsValid():
		case slices.ContainsFunc(old, func(d deed) bool { return mine(d) && d.digest != digests[k] }):
			if !proven(b.who) {
				f.Guilty = append(f.Guilty, Guilty{b.who, clause.CorruptBlock})
			}
		case !slices.ContainsFunc(old, mine) && !b.banned && !proven(b.who):
			o.record[p] = append(o.record[p], deed{k, b.who, digests[k]})
		}
	}
	slices.SortStableFunc(o.record[p], func(a, b deed) int { return a.k - b.k })
	switch {
	case len(f.Guilty) == 0 && len(free) == len(all):
		f.Suspects = all
	default:
		for _, who := range free {
			if !proven(who) {
				f.Spared++
			}
		}
	}
	clear(blocks)
	return f
}

// rename lets a liar tell its port.
func (m *machine) rename(t *rapid.T) {
	who := rapid.SampledFrom(people{eve, peer(4)}).Draw(t, "who")
	m.l.Rename(unnamed(who), who)
	for p := range 3 {
		for k := range 4 {
			if b := &m.o.account[p][k]; b.who == unnamed(who) {
				b.who = who
			}
		}
		for i := range m.o.record[p] {
			if d := &m.o.record[p][i]; d.who == unnamed(who) {
				d.who = who
			}
		}
	}
}

// shun bans a liar; some pieces are whole.
func (m *machine) shun(t *rapid.T) {
	site := rapid.SampledFrom(people{eve, peer(4)}).Draw(t, "who").Addr()
	drawn := rapid.IntRange(0, 3).Draw(t, "whole")
	whole := func(p int) bool { // what was once stays so until it is verified
		return p == drawn || slices.ContainsFunc(m.o.account[p], func(b block) bool { return b.banned })
	}
	var want, got []deed
	for p := range 3 {
		isWhole := whole(p)
		for k := range m.o.account[p] {
			b := &m.o.account[p][k]
			switch {
			case !b.who.IsValid() || b.who.Addr() != site:
			case isWhole:
				b.banned = true
			default:
				want = append(want, deed{k: 4*p + k})
				*b = block{}
			}
		}
		m.o.record[p] = slices.DeleteFunc(m.o.record[p], func(d deed) bool { return d.who.Addr() == site })
	}
	m.l.Shun(site, func(p uint32) bool { return whole(int(p)) }, func(p, k uint32) {
		got = append(got, deed{k: int(4*p + k)})
	})
	slices.SortFunc(got, func(a, b deed) int { return a.k - b.k })
	if !slices.Equal(got, want) {
		t.Fatalf("lost %v, want %v", got, want)
	}
}
