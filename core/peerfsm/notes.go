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

// numbersOf is where each machine's numbers stand in notes, and how many there is room for. First come those that change with every have.
var numbersOf = [numMachines]struct{ first, room int }{
	mSupply: {0, 2}, mInterest: {2, 1}, mLink: {3, 2}, mSlot: {5, 4}, mService: {9, 3}, mTrust: {12, 2},
}

const notedNumbers = 14

// write notes a decision on machine m. The time counts only when it moved the machine. [WHY-2]
func (n *notes) write(m int, why *bt.Why, moved bool) {
	if moved {
		n.since[m] = tenthsOf(why.Since)
	}
	n.because[m] = why.Because
	at := numbersOf[m]
	for i := range min(at.room, len(why.Because.Numbers())) {
		n.numbers[at.first+i] = uint32(why.Number(i))
	}
}

// read gives machine m's note.
func (n *notes) read(m int) bt.Why {
	at := numbersOf[m]
	var numbers [4]int64
	for i := range at.room {
		numbers[i] = int64(n.numbers[at.first+i])
	}
	return bt.NewWhy(bt.Instant(n.since[m])*tenth, n.because[m], numbers[:at.room]...)
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
