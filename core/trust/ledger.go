package trust

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/table"
)

// Ledger is the account of one torrent: the senders of the blocks of pieces that are begun and not verified, 4 bytes for each
// block, so that its memory is bounded by how many pieces are begun at one time; and the records of pieces that failed,
// which have a bound of their own.
type Ledger struct {
	geometry bt.Geometry
	names    names
	accounts []account
	index    table.Table[uint32, uint32] // in accounts, by piece, numbered from 1
	spare    [][]id                      // memory of accounts that were closed
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
	return &Ledger{geometry: g, names: newNames()}
}

// Note puts down that block k of a piece came from who. A block that comes again, because it could not be stored, is
// of the one who sent it last. Both must be in range. [TRU-1]
func (l *Ledger) Note(piece, k uint32, who netip.AddrPort) {
	senders := l.of(piece)
	if senders == nil {
		senders = l.open(piece)
	}
	by := nobody
	if k > 0 {
		by = senders[k-1] // mostly it is the same
	}
	by = l.names.acquire(bt.EndpointOf(who), by)
	l.names.release(senders[k])
	senders[k] = by
}

// of is the senders of a piece, or nil when it is not on account.
func (l *Ledger) of(piece uint32) []id {
	if i := l.index.Get(piece + 1); i != nil {
		return l.accounts[*i].senders
	}
	return nil
}

// open opens the account of a piece.
func (l *Ledger) open(piece uint32) []id {
	n := int(l.geometry.NumBlocks(piece))
	var senders []id
	if last := len(l.spare) - 1; last >= 0 && n <= cap(l.spare[last]) {
		senders, l.spare = l.spare[last][:n], l.spare[:last]
	} else {
		senders = make([]id, n)
	}
	l.index.Set(piece+1, uint32(len(l.accounts)))
	l.accounts = append(table.Spacious(l.accounts), account{piece, senders})
	return senders
}

// Forget closes the account of a piece and blames nobody for it. Should more of its blocks be noted, the
// account lacks those that came before. [TRU-8]
func (l *Ledger) Forget(piece uint32) { l.close(l.take(piece)) }

// Drop takes a block off the account of a piece: it was thrown away. [TRU-20]
func (l *Ledger) Drop(piece, k uint32) {
	if senders := l.of(piece); senders != nil {
		l.names.release(senders[k])
		senders[k] = nobody
	}
}

// take removes the account of a piece and gives its senders, whose ids are in use until close.
func (l *Ledger) take(piece uint32) []id {
	at := l.index.Get(piece + 1)
	if at == nil {
		return nil
	}
	i, last := *at, len(l.accounts)-1
	senders := l.accounts[i].senders
	l.accounts[i] = l.accounts[last]
	l.index.Set(l.accounts[i].piece+1, i)
	l.index.Delete(piece + 1)
	l.accounts[last] = account{}
	l.accounts = l.accounts[:last]
	return senders
}

// close ends the use of senders that were taken.
func (l *Ledger) close(senders []id) {
	for _, sender := range senders {
		l.names.release(sender)
	}
	if senders != nil {
		clear(senders)
		l.spare = append(l.spare, senders)
	}
}

// Rename tells that a known peer has another name from now on: what is put down under the old one is put down under the new
// one, so that it is one contributor and not two. [TRU-14]
func (l *Ledger) Rename(old, name netip.AddrPort) {
	was, is := bt.EndpointOf(old), bt.EndpointOf(name)
	from, known := l.names.find(was)
	if !known {
		return
	}
	to, taken := l.names.find(is)
	if !taken {
		l.names.rename(from, is)
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
