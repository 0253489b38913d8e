package trust

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Guilty is a known peer that is proven to lie, and is to be banned.
type Guilty struct {
	Who netip.AddrPort
	Of  clause.Violation
}

// Failure is what follows from a piece that is wrong. The lists are in the order of the first block of each.
type Failure struct {
	Senders  int              // how many sent any of it
	Suspects []netip.AddrPort // to be on parole
	Guilty   []Guilty         // to be banned
	Spared   int              // how many shared in it and are no suspects, since it is known who is to blame
}

// OnRecord tells whether a piece has failed by shared blame, so that the digests of its blocks are worth having when it
// is right. [TRU-12]
func (l *Ledger) OnRecord(piece uint32) bool { return l.records.find(piece) >= 0 }

// Passed closes the account and the record of a piece that is right. It names who is cleared by it: those who contributed to it,
// and those of whom every block on record is right, in the order of the first block of each; and who is to be banned, since a
// block on record from it was not. sums are the digests of the blocks; without them the record says nothing. Both
// lists are good until the next call. [TRU-4] [TRU-5] [TRU-12]
func (l *Ledger) Passed(piece uint32, sums []bt.Digest) (cleared []netip.AddrPort, guilty []Guilty) {
	senders, facts := l.take(piece), l.records.take(piece)
	l.presumed, l.guilty = l.presumed[:0], l.guilty[:0]
	if l.complete(piece, sums) {
		for i := range facts {
			if f := &facts[i]; f.digest != sums[f.block] {
				l.convict(f.sender, clause.CorruptBlock)
			}
		}
	} else {
		l.names.forget(facts)
		facts = nil
	}
	for _, sender := range senders {
		l.clear(sender)
	}
	for i := range facts {
		l.clear(facts[i].sender)
	}
	l.names.forget(facts)
	l.close(senders)
	l.pardon()
	return l.presumed, l.guilty
}

// complete tells whether there is a digest for each block of a piece.
func (l *Ledger) complete(piece uint32, sums []bt.Digest) bool {
	return len(sums) == int(l.geometry.NumBlocks(piece))
}

// convict adds a sender to those who are proven to lie, once.
func (l *Ledger) convict(sender id, of clause.Violation) {
	if c := &l.names.list[sender]; !c.guilty {
		c.guilty = true
		l.convicts = append(l.convicts, sender)
		l.guilty = append(l.guilty, Guilty{c.who.AddrPort(), of})
	}
}

// pardon forgets who was convicted, as the verdict is reached.
func (l *Ledger) pardon() {
	for _, sender := range l.convicts {
		l.names.list[sender].guilty = false
	}
	l.convicts = l.convicts[:0]
}

// clear adds a sender to those who are cleared, once, unless it is proven to lie.
func (l *Ledger) clear(sender id) {
	if sender == nobody || l.names.list[sender].guilty {
		return
	}
	if who := l.names.list[sender].who.AddrPort(); !slices.Contains(l.presumed, who) {
		l.presumed = append(l.presumed, who)
	}
}

// Failed closes the account of a piece that is wrong, and judges who contributed to it. Who sent it all is to be banned, and
// so is who sent a block with another content than when the piece failed before. When neither is found, nor anybody
// banned already, all contributors are suspects, to be on parole. When the account lacks a block, nobody sent it
// all. What the others sent goes on record, when sums, the digests of the blocks, are given. The lists are good until the
// next call. [TRU-2] [TRU-3] [TRU-5] [TRU-9] [TRU-11] [TRU-13] [TRU-16]
func (l *Ledger) Failed(piece uint32, sums []bt.Digest) (f Failure) {
	senders, facts := l.take(piece), l.records.take(piece)
	l.presumed, l.guilty = l.presumed[:0], l.guilty[:0]
	people := l.people(senders)
	if len(people) == 1 && !slices.Contains(senders, nobody) && !l.names.blamed(people[0]) {
		l.convict(people[0], clause.CorruptPiece)
	}
	if senders != nil && l.complete(piece, sums) {
		facts = l.compare(senders, facts, sums)
	}
	f.Senders = len(people)
	blamed := slices.ContainsFunc(people, l.names.blamed)
	for _, i := range people {
		switch {
		case !blamed:
			l.presumed = append(l.presumed, l.names.list[i].who.AddrPort())
		case !l.names.blamed(i):
			f.Spared++
		}
	}
	l.records.put(&l.names, piece, facts)
	l.close(senders)
	l.pardon()
	f.Suspects, f.Guilty = l.presumed, l.guilty
	return f
}

// people lists who sent any of the blocks, in the order of the first block of each.
func (l *Ledger) people(senders []id) []id {
	l.seen = l.seen[:0]
	for _, sender := range senders {
		if sender != nobody && !slices.Contains(l.seen, sender) {
			l.seen = append(l.seen, sender)
		}
	}
	return l.seen
}

// compare convicts who sent a block of a piece with two contents, and gives the facts with what is new added.
func (l *Ledger) compare(senders []id, facts []fact, sums []bt.Digest) []fact {
	all := make([]fact, 0, len(facts)+len(senders))
	for k, sender := range senders {
		isNew := sender != nobody && !l.names.blamed(sender)
		for len(facts) > 0 && facts[0].block == uint32(k) {
			if facts[0].sender == sender {
				isNew = false
				if facts[0].digest != sums[k] {
					l.convict(sender, clause.CorruptBlock)
				}
			}
			all = append(all, facts[0])
			facts = facts[1:]
		}
		if isNew {
			l.names.list[sender].uses++
			all = append(all, fact{sender, uint32(k), sums[k]})
		}
	}
	return all
}
