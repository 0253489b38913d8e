package sim

import (
	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// Ills are the faults that one host has: which are on, and how much of each there is. They outlive the host's nodes. Nil Ills are none.
type Ills struct {
	on     fault.Mask
	doses  [64]ill
	seed   uint64
	whose  uint64
	counts *fault.Counts

	dumb, deaf bt.Instant // nothing that it sends, or that is sent to it, comes through before that
	bursting   bool       // packets are being lost
}

// ill is a fault that is on, or was.
type ill struct {
	fault.Dose
	lots Lots
}

// NewIlls are the ills of one among many; so far none is on.
func (w *World) NewIlls(whose uint64) *Ills {
	w.ailing = true
	return &Ills{seed: w.options.Seed, whose: whose, counts: &w.injected}
}

// Begin turns a fault on.
func (i *Ills) Begin(k fault.Kind, d fault.Dose) {
	was := &i.doses[k]
	if was.lots == (Lots{}) {
		was.lots = NewLots(i.seed, i.whose, forIlls+named(k.String()))
	}
	was.Dose = d
	i.on = i.on.With(k)
}

// End turns a fault off.
func (i *Ills) End(k fault.Kind) { i.on = i.on.Without(k) }

// Has tells whether a fault is on.
func (i *Ills) Has(k fault.Kind) bool { return i != nil && i.on.Has(k) }

// Dose is how much there is of a fault that is on.
func (i *Ills) Dose(k fault.Kind) fault.Dose { return i.doses[k].Dose }

// Lots is the chance of a fault that is on.
func (i *Ills) Lots(k fault.Kind) *Lots { return &i.doses[k].lots }

// Strikes draws whether a fault happens on an occasion, and counts it when it does.
func (i *Ills) Strikes(k fault.Kind) bool {
	if !i.Has(k) {
		return false
	}
	d := &i.doses[k]
	if d.lots.Below(million) >= uint64(d.Chance) {
		return false
	}
	i.counts[k]++
	return true
}

// Injected notes that a fault was injected.
func (w *World) Injected(k fault.Kind) { w.injected[k]++ }

// Faults is how often each fault was injected.
func (w *World) Faults() fault.Counts { return w.injected }

// named makes a number of a name: streams of chance that are named so stay what they are when others come or go.
func named(name string) (n uint64) {
	for _, c := range []byte(name) {
		n = mix(n + uint64(c))
	}
	return n
}
