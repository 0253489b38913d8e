package peerfsm

import (
	"time"

	"peerwire/core/bt"
)

// notes holds, for each machine, why it is in its state. A connection that is idle has one too, so they are packed: most
// machines need no numbers.
type notes struct {
	because [numMachines]bt.Because
	numbers [notedNumbers]uint32
	since   [numMachines]tenths
}

// tenths is a time in tenths of a second, the part of one counted whole, so that nothing seems older than it is: as exact as
// people ask, in half the room.
type tenths uint32

const tenth = bt.Instant(time.Second / 10)

func tenthsOf(t bt.Instant) tenths { return tenths((t + tenth - 1) / tenth) }

// notedNumbers is for how many numbers there is room in notes.
const notedNumbers = 7

// numbers is where the numbers of machine m's note stand; nil when it has none. First comes what changes with every have. Those of the link are for who
// waits to be dialled, those of the slot for who was: they have the same place. Who is or was snubbed was asked for something. Those of the supply are
// what is counted anyway.
func (p *Peer) numbers(m int) []uint32 {
	n := &p.notes.numbers
	switch m {
	case mInterest:
		return n[:1]
	case mLink, mSlot:
		return n[1:5]
	case mTrust:
		return n[5:7]
	case mService:
		return p.down.service[:]
	}
	return nil
}

// writeNote notes a decision on machine m. The time counts only when it moved the machine. [WHY-2]
func (p *Peer) writeNote(m int, why *bt.Why, moved bool) {
	if moved {
		p.notes.since[m] = tenthsOf(why.Since)
	}
	p.notes.because[m] = why.Because
	at := p.numbers(m)
	for i := range min(len(at), len(why.Because.Numbers())) {
		at[i] = uint32(why.Number(i))
	}
}

// note gives machine m's note.
func (p *Peer) note(m int) bt.Why {
	n, because := [4]int64{}, p.notes.because[m]
	switch of := len(because.Numbers()); {
	case of == 0:
	case m == mSupply:
		n = [4]int64{int64(p.supply.count), int64(p.rules().Pieces)}
	default:
		for i, v := range p.numbers(m)[:of] {
			n[i] = int64(v)
		}
	}
	return bt.NewWhy(bt.Instant(p.notes.since[m])*tenth, because, n[:]...)
}

// init notes what a connection begins with.
func (n *notes) init(now bt.Instant, o bt.Origin) {
	for m := range numMachines {
		n.since[m] = tenthsOf(now)
		n.because[m] = atFirst[m]
	}
	if o == bt.Incoming {
		n.because[mLink], n.because[mBinding], n.because[mOrigin] = bt.PeerDialled, bt.NoHandshake, bt.PeerDialled
	}
}

// atFirst is why each machine is in the state it begins in, on a connection that we opened.
var atFirst = [numMachines]bt.Because{
	mLink: bt.WaitsForPlace, mBinding: bt.WeDialled, mOrigin: bt.WeDialled, mExtensions: bt.NoHandshake,
	mSlot: bt.ChokedAtFirst, mInterest: bt.NothingToldYet, mTheirChoke: bt.ChokesAtFirst, mTheirInterest: bt.IdleAtFirst,
	mService: bt.ServesAtFirst, mTrust: bt.TrustedAtFirst, mSupply: bt.NothingToldYet, mIntent: bt.SilentOnIntent,
}
