package crowd

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/fault"
)

// strike lets a fault happen to a member that is there; false when it cannot now. It lasts for a time.
func (m *member) strike(k fault.Kind, d time.Duration) bool {
	switch k.Info().Area {
	case fault.Network:
		return m.strikeLine(k, d)
	case fault.Disk:
		return m.strikeDisk(k, d)
	}
	return m.strikeMachine(k, d)
}

// slower is by how much a slow line is slower.
const slower = 8

func (m *member) strikeLine(k fault.Kind, d time.Duration) bool {
	lots, node, now := m.ills.Lots(k), m.node, m.crowd.world.Now()
	switch k {
	case fault.Reset:
		return node.Reset(lots)
	case fault.HalfOpen:
		return node.Strand(lots)
	case fault.Clog:
		return node.Clog(lots, now.Add(time.Duration(lots.Below(uint64(d)+1))))
	case fault.Partition, fault.OneWay:
		m.ills.Cut(now.Add(d), k == fault.OneWay)
	case fault.Rebinding:
		m.moves++
		at := netip.AddrFrom4([4]byte{100, byte(64 + m.nth>>16), byte(m.nth >> 8), byte(m.nth)})
		outside := netip.AddrPortFrom(at, m.addr.Port()+uint16(m.moves))
		m.crowd.places[at] = m
		node.Rebind(outside)
	case fault.SlowLine:
		if !node.Throttle(slower) {
			return false
		}
		m.until(d, func() { node.Throttle(1) })
	default:
		panic("BUG: " + k.String() + " does not come by time")
	}
	return true
}

func (m *member) strikeDisk(k fault.Kind, d time.Duration) bool {
	node := m.node
	switch k {
	case fault.DiskFull, fault.ReadOnly, fault.DiskGone:
		if m.full != bt.OK {
			return false
		}
		m.fill(map[fault.Kind]bt.Fault{fault.DiskFull: bt.NoSpace, fault.ReadOnly: bt.ReadOnly, fault.DiskGone: bt.IOError}[k])
		if k == fault.DiskGone {
			node.Disk.Unread, node.Disk.Unhash = bt.IOError, bt.IOError
		}
		m.crowd.world.After(d, func() { m.fill(bt.OK) })
	case fault.HungDisk:
		if node.Disk.Holding {
			return false
		}
		node.Hold(true)
		m.until(d, func() { node.Hold(false) })
	case fault.BitRot:
		return node.Disk.Rot(m.ills.Lots(k))
	default:
		panic("BUG: " + k.String() + " does not come by time")
	}
	return true
}

func (m *member) strikeMachine(k fault.Kind, d time.Duration) bool {
	lots, node := m.ills.Lots(k), m.node
	switch k {
	case fault.Pause:
		if node.Asleep() {
			return false
		}
		node.Sleep(m.crowd.world.Now().Add(d))
	case fault.Crash:
		m.crash(d, nil, false)
	case fault.PowerLoss:
		m.crash(d, lots, false)
	case fault.LostRecord:
		m.crash(d, lots, true)
	case fault.Amnesia:
		if !m.waiting {
			return false
		}
		m.crash(d, nil, false)
		m.down.disk.Lose(func(uint32) bool { return true })
		m.down.recheck = true
	case fault.NewIdentity:
		m.crash(d, nil, false)
		m.names++
		m.addr = netip.AddrPort{}
	case fault.Rejoin:
		m.total, _ = m.sums() // the core counts anew
		node.Hold(false)      // the disk forgets nothing that it was asked for
		node.Quit(m.crowd.torrent)
		node.Resume(m.crowd.torrent, node.Disk, false)
	case fault.Deaf:
		node.Shut(true)
		m.until(d, func() { node.Shut(false) })
	case fault.ClockJump:
		node.Leap(d)
	default:
		panic("BUG: " + k.String() + " does not come by time")
	}
	return true
}

// until does something after a time, or when all is healed, unless the member's node is another one then.
func (m *member) until(d time.Duration, do func()) {
	node := m.node
	once := func() {
		if do != nil && m.node == node {
			do()
		}
		do = nil
	}
	m.crowd.world.After(d, once)
	m.remedies = append(m.remedies, once)
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
