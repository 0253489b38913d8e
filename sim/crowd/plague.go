package crowd

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// plague is a fault of the scenario, and who has it.
type plague struct {
	*scenario.Fault
	crowd   *Crowd
	victims []*member
	on      bool
}

// ail draws who has which fault, and plans when each begins and ends.
func (c *Crowd) ail() {
	for i := range c.scene.Faults {
		p := &plague{Fault: &c.scene.Faults[i], crowd: c}
		for _, m := range c.members {
			lots := sim.NewLots(uint64(c.scene.Seed), m.nth, forFaults+uint64(i))
			if p.Strikes(m.group) && lots.Below(100) < uint64(p.Share) {
				m.ail(p)
			}
		}
		c.plagues = append(c.plagues, p)
		c.world.After(time.Duration(p.From), p.begin)
		if p.Until > 0 {
			c.world.After(time.Duration(p.Until), p.end)
		}
	}
}

// ail makes the member a victim of a plague.
func (m *member) ail(p *plague) {
	if m.ills == nil {
		m.ills = m.crowd.world.NewIlls(m.nth)
	}
	m.faults = m.faults.With(p.Kind)
	p.victims = append(p.victims, m)
}

func (p *plague) begin() {
	if p.crowd.recovery.Begun {
		return
	}
	p.on = true
	for _, m := range p.victims {
		m.ills.Begin(p.Kind, p.Dose())
		if p.Dose().Every > 0 {
			p.await(m)
		}
	}
}

func (p *plague) end() {
	p.on = false
	for _, m := range p.victims {
		m.ills.End(p.Kind)
	}
}

// await plans the next time that the fault strikes a member.
func (p *plague) await(m *member) {
	d := p.Dose()
	p.crowd.world.After(exponential(m.ills.Lots(p.Kind), d.Every), func() {
		if !p.on || m.left != bt.Never {
			return
		}
		if m.node != nil && m.strike(p.Kind, d.For) {
			p.crowd.world.Injected(p.Kind)
		}
		p.await(m)
	})
}

// guilty tells whether others may think ill of the member.
func (m *member) guilty() bool { return m.faults&guilt != 0 }

// Suspect tells whether others may think ill of who is at an address.
func (c *Crowd) Suspect(at netip.Addr) bool {
	m := c.places[at]
	return m != nil && m.guilty()
}

// lies tells whether the member's disk may not hold what its core believes.
func (m *member) lies() bool {
	return m.faults&fault.Of(fault.BitRot, fault.LyingDisk, fault.LostWrite, fault.Misdirected) != 0
}

// guilt are the faults for which one may be banned.
var guilt = func() (m fault.Mask) {
	for _, k := range fault.All() {
		if k.Info().Guilty {
			m = m.With(k)
		}
	}
	return m
}()
