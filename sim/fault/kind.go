package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is a fault; zero is none. Its number may change with the next version; its name does not.
type Kind uint8

// The faults of the network, and of the tracker.
const (
	Latency Kind = iota + 1
	Jitter
	Loss
	BurstLoss
	Duplication
	Reordering
	Corruption
	BlackHole
	SlowLine
	Bufferbloat
	Partition
	OneWay
	Clog
	Reset
	HalfOpen
	SynLoss
	Refusal
	Rebinding
	TrackerDown
	GonePeers
	SilentPeers
)

// The faults of a peer's machine.
const (
	Pause Kind = SilentPeers + 1 + iota
	Crash
	PowerLoss
	LostRecord
	Amnesia
	NewIdentity
	Rejoin
	Deaf
	ClockJump
)

// The faults of a disk.
const (
	SlowDisk Kind = ClockJump + 1 + iota
	HungDisk
	DiskFull
	ReadOnly
	DiskGone
	WriteError
	ReadError
	HashError
	LostWrite
	Misdirected
	LyingDisk
	BitRot
)

// What is wrong with what a peer says.
const (
	BadPieces Kind = BitRot + 1 + iota
	NoAnswer
	RejectAll
	RepeatedPiece
	UnsolicitedPiece
	FalseHave
	OverClaim
	SpareBits
	NeverUnchoke
	ChokeFlapping
	RequestFlood
	KeepAliveFlood
	UnknownMessage
	LostMessage
	RepeatedMessage
	SwappedMessages
	BitFlip
	Truncation
	WrongLength
	SlowDrip
	WrongTorrent

	numKinds
)

// Area is whose fault it is.
type Area uint8

// The areas.
const (
	Network Area = iota
	Peer
	Disk
	Protocol
)

// String is the area's name.
func (a Area) String() string { return [...]string{"network", "peer", "disk", "protocol"}[a] }

// Dose is how much of a fault there is. What a fault has no use for is zero.
type Dose struct {
	Chance int           // of a million occasions it happens on so many
	Every  time.Duration // so much time passes from one to the next, in the mean
	For    time.Duration // how long it lasts each time, or by how much something is late at most
}

// Info is what there is to know of a fault.
type Info struct {
	Name   string
	Area   Area
	Means  string
	Usual  Dose // what a scenario gets that does not say how much; what is zero in it, it cannot say
	Guilty bool // other peers have reason to think ill of who has it: whether they ban him or do not, they are right
}

// Info tells of the fault.
func (k Kind) Info() *Info { return &infos[k] }

// String is the fault's name.
func (k Kind) String() string { return infos[k].Name }

// All lists the faults, by area.
func All() (all []Kind) {
	for k := Latency; k < numKinds; k++ {
		all = append(all, k)
	}
	return all
}

// Named finds a fault by its name.
func Named(name string) (Kind, bool) {
	for k := range infos {
		if k > 0 && infos[k].Name == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// UnmarshalText reads a fault's name.
func (k *Kind) UnmarshalText(text []byte) error {
	found, ok := Named(string(text))
	if !ok {
		return errors.New("there is no fault of this name; btsim scenarios --faults lists them")
	}
	*k = found
	return nil
}

// Judge tells which part of a dose the fault has no use for, by its key in a scenario, or cannot have; empty when all is well.
func (k Kind) Judge(d Dose) (key, wrong string) {
	usual := infos[k].Usual
	for _, part := range []struct {
		key        string
		has, needs bool
	}{{"chance", d.Chance != 0, usual.Chance != 0}, {"every", d.Every != 0, usual.Every != 0}, {"for", d.For != 0, usual.For != 0}} {
		if part.has && !part.needs {
			return part.key, fmt.Sprintf("%v has no use for it", k)
		}
	}
	if d.Chance < 0 || d.Chance > million {
		return "chance", "it is 0 to 1000000 of a million"
	}
	return "", ""
}

const million = 1_000_000

// Or is the dose, with what is zero in it as in another.
func (d Dose) Or(usual Dose) Dose {
	if d.Chance == 0 {
		d.Chance = usual.Chance
	}
	if d.Every == 0 {
		d.Every = usual.Every
	}
	if d.For == 0 {
		d.For = usual.For
	}
	return d
}

// String says the parts of a dose that are not zero, as a scenario does.
func (d Dose) String() string {
	var parts []string
	if d.Chance > 0 {
		parts = append(parts, fmt.Sprintf("chance = %d", d.Chance))
	}
	if d.Every > 0 {
		parts = append(parts, fmt.Sprintf("every = %q", d.Every))
	}
	if d.For > 0 {
		parts = append(parts, fmt.Sprintf("for = %q", d.For))
	}
	return strings.Join(parts, ", ")
}

// MarshalText writes a fault's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
