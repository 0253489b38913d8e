package crowd

import (
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
			lots := sim.NewLots(c.scene.Seed, m.nth, forFaults+uint64(i))
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

// strike lets a fault happen to a member that is there; false when it cannot now. It lasts for a time.
func (m *member) strike(k fault.Kind, d time.Duration) bool {
	lots := m.ills.Lots(k)
	switch k {
	case fault.Reset:
		return m.node.Reset(lots)
	case fault.Pause:
		if m.node.Asleep() {
			return false
		}
		m.node.Sleep(m.crowd.world.Now().Add(d))
	case fault.Crash:
		m.crash(d, nil, false)
	case fault.PowerLoss:
		m.crash(d, lots, false)
	case fault.LostRecord:
		m.crash(d, lots, true)
	case fault.DiskFull:
		if m.full != bt.OK {
			return false
		}
		m.fill(bt.NoSpace)
		m.crowd.world.After(d, func() { m.fill(bt.OK) })
	case fault.HungDisk:
		node := m.node
		if node.Disk.Holding {
			return false
		}
		node.Hold(true)
		m.crowd.world.After(d, func() {
			if m.node == node {
				node.Hold(false)
			}
		})
	case fault.BitRot:
		return m.node.Disk.Rot(lots)
	default:
		panic("BUG: " + k.String() + " does not come by time")
	}
	return true
}

// fill lets the disk be full, or empty enough again.
func (m *member) fill(f bt.Fault) {
	m.full = f
	switch {
	case m.node == nil: // it finds the disk so when it is back
	case f != bt.OK:
		m.node.Disk.Full = f
	default:
		m.node.Repair()
	}
}

// crash lets the member die, and come back after a time; its machine loses power when lots are given that tell what is left on its disk.
func (m *member) crash(d time.Duration, lots *sim.Lots, recheck bool) {
	c := m.crowd
	c.count.Crashes++
	m.remember()
	c.record.crashes(m)
	m.node.Crash()
	f := &fall{disk: &m.node.Disk, recheck: recheck}
	m.node, m.down = nil, f
	if lots != nil {
		f.disk.PowerLoss(lots)
	}
	c.world.After(d, func() {
		if m.down == f && m.left == bt.Never {
			m.revive()
		}
	})
}

// fall is a crash: what is left of it.
type fall struct {
	disk    *sim.Disk
	recheck bool // the resume record is lost
}

// revive brings a member back that crashed.
func (m *member) revive() {
	if f := m.down; f != nil {
		m.down = nil
		m.boot(f.disk, f.recheck)
	}
}

// guilty tells whether others may think ill of the member.
func (m *member) guilty() bool { return m.faults&guilt != 0 }

// lies tells whether the member's disk may not hold what its core believes.
func (m *member) lies() bool { return m.faults.Has(fault.BitRot) || m.faults.Has(fault.LyingDisk) }

// guilt are the faults for which one may be banned.
var guilt = func() (m fault.Mask) {
	for _, k := range fault.All() {
		if k.Info().Guilty {
			m = m.With(k)
		}
	}
	return m
}()
