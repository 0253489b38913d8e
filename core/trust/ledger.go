package trust

import (
	"net/netip"

	"peerwire/core/bt"
)

// Ledger is the account of one torrent: the senders of the blocks of pieces that are begun and not verified, 4 bytes for each
// block, so that its memory is bounded by how many pieces are begun at one time; and the records of pieces that failed,
// which have a bound of their own.
type Ledger struct {
	geometry bt.Geometry
	names    names
	accounts []account
	index    map[uint32]int // in accounts, by piece
	records  records

	presumed []netip.AddrPort // the last answer's memory: who is not proven to lie
	guilty   []Guilty         // and who is
	convicts []id             // the same, while the verdict is reached
	seen     []id             // who contributed, while the verdict is reached
}

// account is who sent each block of one piece.
type account struct {
	piece   uint32
	senders []id
}

// New is an empty account of a torrent whose geometry is known.
func New(g bt.Geometry) *Ledger {
	return &Ledger{geometry: g, names: newNames(), index: make(map[uint32]int)}
}

// Note puts down that block k of a piece came from who. A block that comes again, because it could not be stored, is
// of the one who sent it last. Both must be in range. [TRU-1]
func (l *Ledger) Note(piece, k uint32, who netip.AddrPort) {
	i, open := l.index[piece]
	if !open {
		i = len(l.accounts)
		l.index[piece] = i
		l.accounts = append(l.accounts, account{piece, make([]id, l.geometry.NumBlocks(piece))})
	}
	senders := l.accounts[i].senders
	l.names.release(senders[k])
	senders[k] = l.names.acquire(who)
}

// Forget closes the account of a piece and blames nobody for it. Should more of its blocks be noted, the
// account lacks those that came before. [TRU-8]
func (l *Ledger) Forget(piece uint32) { l.close(l.take(piece)) }

// Drop takes a block off the account of a piece: it was thrown away. [TRU-20]
func (l *Ledger) Drop(piece, k uint32) {
	if i, open := l.index[piece]; open {
		senders := l.accounts[i].senders
		l.names.release(senders[k])
		senders[k] = nobody
	}
}

// take removes the account of a piece and gives its senders, whose ids are in use until close.
func (l *Ledger) take(piece uint32) []id {
	i, open := l.index[piece]
	if !open {
		return nil
	}
	senders, last := l.accounts[i].senders, len(l.accounts)-1
	l.accounts[i] = l.accounts[last]
	l.index[l.accounts[i].piece] = i
	l.accounts[last] = account{}
	l.accounts = l.accounts[:last]
	delete(l.index, piece)
	return senders
}

// close ends the use of senders that were taken.
func (l *Ledger) close(senders []id) {
	for _, sender := range senders {
		l.names.release(sender)
	}
}

// Rename tells that a known peer has another name from now on: what is put down under the old one is put down under the new
// one, so that it is one contributor and not two. [TRU-14]
func (l *Ledger) Rename(old, name netip.AddrPort) {
	from, known := l.names.ids[old]
	if !known {
		return
	}
	to, taken := l.names.ids[name]
	if !taken {
		delete(l.names.ids, old)
		l.names.ids[name] = from
		l.names.list[from].who = name
		return
	}
	move := func(sender *id) {
		if *sender == from {
			*sender = to
			l.names.list[to].uses++
			l.names.release(from)
		}
	}
	for _, a := range l.accounts {
		for k := range a.senders {
			move(&a.senders[k])
		}
	}
	l.records.each(func(f *fact) { move(&f.sender) })
}

// Shun takes what the addresses of a banned site sent off the account of pieces that are not whole, and calls lost for each
// such block; and forgets what is on record of them. What they sent of whole pieces stays, until these are verified. [TRU-15]
func (l *Ledger) Shun(site netip.Addr, whole func(piece uint32) bool, lost func(piece, k uint32)) {
	l.names.ban(site)
	for _, a := range l.accounts {
		if whole(a.piece) {
			continue
		}
		for k, sender := range a.senders {
			if l.names.list[sender].banned { // which nobody never is
				a.senders[k] = nobody
				l.names.release(sender)
				lost(a.piece, uint32(k))
			}
		}
	}
	l.records.filter(&l.names, func(f *fact) bool { return !l.names.list[f.sender].banned })
}

// Len is how many pieces are on account.
func (l *Ledger) Len() int { return len(l.accounts) }
