package campaign

import "peerwire/sim/fault"

// Feature is something that a scenario may have or lack. A campaign draws a set of them first, and only then the scenario: what half of all
// runs lack, the other half find unhidden (swarm testing).
type Feature uint8

// The features that are a swarm's own.
const (
	SlowUp Feature = iota
	SlowDown
	Far
	Narrow
	UTP
	ManySeeds
	Partial
	SuperSeed
	FewSlots
	AutoSlots
	NoSlotLimit
	SeedOrder
	FewConns
	FreeRiders
	Spread
	Poisson
	Quitters
	Leavers
	OneCopy
	LazyDisk
	ShyTracker
	Crowded
	ManyPieces
	OddLengths
	FewDials
	Bulk

	NumFeatures // how many there are
)

var featureNames = [NumFeatures]string{
	"slow-up", "slow-down", "far", "narrow", "utp", "many-seeds", "partial", "super-seed", "few-slots", "auto-slots", "no-slot-limit",
	"seed-order", "few-conns", "free-riders", "spread", "poisson", "quitters", "leavers", "one-copy", "lazy-disk", "shy-tracker", "crowded",
	"many-pieces", "odd-lengths", "few-dials", "bulk",
}

// String is the feature's name.
func (f Feature) String() string { return featureNames[f] }

// Mask is a set of features, and of faults.
type Mask struct {
	features uint64
	Faults   fault.Mask
}

const _ = uint(64 - NumFeatures) // a Mask has room for all

// Has tells whether a feature is in the set.
func (m Mask) Has(f Feature) bool { return m.features>>f&1 != 0 }

// Names lists what is in the set.
func (m Mask) Names() []string {
	list := []string{}
	for f := range NumFeatures {
		if m.Has(f) {
			list = append(list, f.String())
		}
	}
	for _, k := range m.Faults.Kinds() {
		list = append(list, k.String())
	}
	return list
}
