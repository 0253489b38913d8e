package peerfsm

import (
	"encoding/binary"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// supply is what the peer has to give.
type supply struct {
	pieces bitset.BitSet
	count  uint32     // bits set in pieces
	useful uint32     // pieces the peer has and we have not; kept by the torrent
	nextBy bt.Because // which message brought Self.supply, for the torrent to take; bt.Unexplained when none did
	told   bool       // a bitfield, have all or have none has come
	asSeed bool       // the torrent counts the peer as one that has all
	all    bool       // it was have all, and how many pieces that is is not known
}

func (s *supply) init(n uint32) { s.pieces = *bitset.New(uint(n)) }

// Count is how many pieces the peer has.
func (p *Peer) Count() uint32 { return p.supply.count }

// Useful is how many pieces the peer has that we lack.
func (p *Peer) Useful() uint32 { return p.supply.useful }

// SetUseful tells the connection how many pieces the peer has that we lack.
func (p *Peer) SetUseful(n uint32) { p.supply.useful = n }

// CountedAsSeed tells whether the torrent counts the peer as one that has all; it is for the torrent to say.
func (p *Peer) CountedAsSeed() bool { return p.supply.asSeed }

// CountAsSeed tells the connection so.
func (p *Peer) CountAsSeed(on bool) { p.supply.asSeed = on }

// Has tells whether the peer has piece i.
func (p *Peer) Has(i uint32) bool { return p.supply.pieces.Test(uint(i)) }

// resupply keeps a whole new set for the torrent to take at once, so that it can count the old one out first.
// A later one replaces the earlier all the same. The set is of n pieces. [MSG-7]
func (p *Peer) resupply(by bt.Because, n uint32, fill func(*bitset.BitSet)) Fact {
	if p.supply.told {
		p.offend(clause.SupplyLate)
	}
	next := bitset.New(uint(n))
	fill(next)
	p.self.supply, p.supply.nextBy = next, by
	p.supply.told = true
	return Fact{Kind: Supplied}
}

// untold notes a message that is none of supply: if it is the first, the peer has nothing, and with Fast
// it should have said so. [FST-2]
func (p *Peer) untold(now bt.Instant) {
	if p.supply.told {
		return
	}
	p.supply.told = true
	p.step(now, SupplyPartial, bt.SaidNothingFirst)
	p.SettleRedundancy(now)
	if p.speaksFast {
		p.offend(clause.SupplyMissing)
	}
}

// TakeSupply answers Supplied: what Pieces shows from now on is what the peer told last. [MSG-26]
func (p *Peer) TakeSupply(now bt.Instant) {
	s, by := &p.supply, p.supply.nextBy
	s.pieces, s.nextBy = *p.self.supply, bt.Unexplained
	p.self.supply = nil
	s.count = uint32(s.pieces.Count())
	s.all = by == bt.ToldAll && p.rules().Pieces == 0
	p.settleSupply(now, by)
	p.recountShown(now)
	p.forsake()
}

func (p *Peer) onBitfield(body []byte) Fact {
	n := p.rules().Pieces
	if n == 0 {
		n = uint32(8 * len(body)) // so many at most [LIM-6]
	}
	return p.resupply(bt.ToldBitfield, n, func(s *bitset.BitSet) { wire.FromWire(s, body, n) })
}

func (p *Peer) onHaveAll() Fact {
	p.hit(clause.FST3)
	return p.resupply(bt.ToldAll, p.rules().Pieces, func(s *bitset.BitSet) { s.FlipRange(0, uint(p.rules().Pieces)) })
}

func (p *Peer) onHaveNone() Fact {
	p.hit(clause.FST3)
	return p.resupply(bt.ToldNone, p.rules().Pieces, func(*bitset.BitSet) {})
}

// onHave counts one piece more; one that is known already is no offence and no news. [MSG-3]
func (p *Peer) onHave(now bt.Instant, i uint32) Fact {
	p.hit(clause.MSG3)
	if p.Has(i) {
		return Fact{}
	}
	p.supply.pieces.Set(uint(i))
	p.supply.count++
	p.settleSupply(now, bt.ToldHave)
	p.gainedShown(now, i)
	return Fact{Kind: Gained, Piece: i}
}

// onDontHave counts one piece less (BEP 54). Whoever takes back what was never told changes nothing. Each piece may be lost once; a disk that comes and
// goes may lose the few of a small torrent more often, but whoever tells pieces to take them back again, on and on, means no good. [EXT-17] [EXT-18] [EXT-19]
func (p *Peer) onDontHave(now bt.Instant, body []byte) Fact {
	if len(body) != 4 {
		p.offend(clause.ExtensionMalformed)
		return Fact{}
	}
	i := binary.BigEndian.Uint32(body)
	if i >= p.rules().End() {
		p.offend(clause.DontHaveOutOfRange)
		return Fact{}
	}
	p.hit(clause.EXT17)
	s := &p.supply
	if s.all {
		s.all = false
		p.settleSupply(now, bt.ToldDontHave)
	}
	if !p.Has(i) {
		return Fact{}
	}
	p.downloads()
	if p.down.taken++; p.down.taken > max(p.rules().End(), MaxTakenBack) {
		p.offend(clause.DontHaveFlood)
	}
	s.pieces.Clear(uint(i))
	s.count--
	p.settleSupply(now, bt.ToldDontHave)
	p.recountShown(now)
	p.forsake()
	return Fact{Kind: Lost, Piece: i}
}

// whole tells whether the peer has every piece: while it is not known how many there are, whether it said so. [FLG-16]
func (s *supply) whole(pieces uint32) bool { return s.all || pieces > 0 && s.count == pieces }

// settleSupply moves the supply machine to what the count says.
func (p *Peer) settleSupply(now bt.Instant, by bt.Because) {
	e := SupplyPartial
	if p.supply.whole(p.rules().Pieces) {
		e = SupplySeed
	}
	p.step(now, e, by, int64(p.supply.count), int64(p.rules().Pieces))
}
