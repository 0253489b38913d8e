package script

import (
	"fmt"
	"net/netip"
	"strconv"

	"peerwire/core/bt"
	"peerwire/sim"
)

// learns tells a node of peers; of so many whose addresses follow one another.
func (s *Script) learns(n *sim.Node, c *command) (string, error) {
	source := bt.Tracker
	if v, ok := c.value("source"); ok {
		for source = bt.Manual; source.String() != v; source++ {
			if source > bt.Exchange {
				return "", fmt.Errorf("no source is called %q", v)
			}
		}
	}
	name, _ := c.value("torrent")
	t, err := s.torrent(name)
	if err != nil {
		return "", err
	}
	count := c.number("count", 1)
	for w := c.next(); w != ""; w = c.next() {
		at, err := s.at(w)
		if err != nil {
			return "", err
		}
		for range count {
			n.Learn(t, at, source)
			at = netip.AddrPortFrom(at.Addr().Next(), at.Port())
		}
	}
	return "", nil
}

// at is an address, or where a host listens.
func (s *Script) at(word string) (netip.AddrPort, error) {
	if h := s.world.Host(word); h != nil {
		return h.Addr(), nil
	}
	return netip.ParseAddrPort(word)
}

func (s *Script) joins(n *sim.Node, c *command) (string, error) {
	has := c.pieces("have")
	spec := bt.TorrentSpec{MaxConns: c.number("conns", 0), ReservedSlots: c.number("reserve", 0)}
	t, err := s.torrent(c.next())
	if err == nil {
		n.JoinWith(t, has, spec)
	}
	return "", err
}

func (s *Script) quits(n *sim.Node, c *command) (string, error) {
	t, err := s.torrent(c.next())
	if err == nil {
		n.Quit(t)
	}
	return "", err
}

// sleeps suspends a node's machine, and lets the time pass.
func (s *Script) sleeps(n *sim.Node, c *command) (string, error) {
	until := s.world.Now().Add(c.span("for", 0))
	n.Sleep(until)
	s.world.RunTo(until)
	return "", nil
}

// disk changes a node's disk.
func (s *Script) disk(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	d := &n.Disk
	for _, f := range []struct {
		key string
		at  *bt.Fault
	}{{"fault", &d.Full}, {"unread", &d.Unread}, {"unhash", &d.Unhash}} {
		if v, ok := c.value(f.key); ok {
			if *f.at, err = fault(v); err != nil {
				return "", err
			}
		}
	}
	d.Delay = c.span("delay", d.Delay)
	c.tempt(d)
	d.Lose(c.pieces("lose"))
	if c.flag("ready") {
		n.Ready()
	}
	if c.flag("repair") {
		n.Repair()
	}
	if c.flag("hold") {
		n.Hold(true)
	}
	if c.flag("release") {
		n.Hold(false)
	}
	d.ByHand = d.ByHand || c.flag("by-hand")
	return "", nil
}

// tempt makes a disk lie, or makes it read back what it is given, or not any more.
func (c *command) tempt(d *sim.Disk) {
	for _, f := range []struct {
		on, off string
		at      *bool
	}{{"lies", "honest", &d.Lying}, {"readback", "quick", &d.ReadBack}} {
		*f.at = (*f.at || c.flag(f.on)) && !c.flag(f.off)
	}
}

func (s *Script) closes(r *sim.Raw, _ *command, _ string) (string, error) {
	r.Close(bt.EOF)
	return "", nil
}

func (s *Script) resets(r *sim.Raw, _ *command, _ string) (string, error) {
	r.Close(bt.Reset)
	return "", nil
}

func (s *Script) takes(r *sim.Raw, c *command, _ string) (string, error) {
	if n := c.number("n", 0); n > 0 {
		r.Sip(n)
		return "", nil
	}
	switch w := c.next(); w {
	case "nothing":
		r.Stop(true)
	case "all":
		r.Stop(false)
	default:
		return "", fmt.Errorf("it can take nothing, or all")
	}
	return "", nil
}

// waits lets those who dial a peer wait until it accepts, or does not.
func (s *Script) waits(r *sim.Raw, c *command, _ string) (string, error) {
	r.Slow = !c.flag("no")
	return "", nil
}

func (s *Script) accepts(r *sim.Raw, c *command, _ string) (string, error) {
	if !r.Waiting() {
		return "", errUnasked
	}
	f := bt.OK
	if c.flag("no") {
		f = bt.Refused
	}
	s.anew(r)
	r.Answer(f)
	return "", nil
}

// diskAnswers lets a node's disk answer one thing that it was asked for, or all.
func (s *Script) diskAnswers(n *sim.Node, c *command) (string, error) {
	f, blind := bt.OK, c.flag("nosums")
	if v, ok := c.value("fault"); ok {
		var err error
		if f, err = fault(v); err != nil {
			return "", err
		}
	}
	word := c.next()
	switch word {
	case "all":
		for n.Unanswered() > 0 && s.world.Fault() == nil {
			n.Answer(0, f, !blind)
		}
		return "", nil
	case "store", "fetch", "verify":
		i, err := s.asked(n, word, c)
		if err == nil {
			n.Answer(i, f, !blind)
		}
		return "", err
	}
	i, err := strconv.Atoi(word)
	if err != nil || i < 0 || i >= n.Unanswered() {
		return "", fmt.Errorf("the disk was asked for %d", n.Unanswered())
	}
	n.Answer(i, f, !blind)
	return "", nil
}

// asked finds what a node's disk was asked for, the oldest first: "store 0 @16384", "fetch 0 @16384" or "verify 3".
func (s *Script) asked(n *sim.Node, what string, c *command) (int, error) {
	kind := map[string]bt.EffectKind{"store": bt.Store, "fetch": bt.Fetch, "verify": bt.Verify}[what]
	name, _ := c.value("torrent")
	t, err := s.torrent(name)
	if err != nil {
		return 0, err
	}
	var b bt.Block
	if kind == bt.Verify {
		var piece uint64
		piece, err = strconv.ParseUint(c.next(), 10, 32)
		b.Piece = uint32(piece)
	} else {
		b, err = c.block(t)
	}
	if err != nil {
		return 0, err
	}
	for i, e := range n.Asked() {
		if e.Kind == kind && e.Torrent == t.ID && (e.Block == b || kind == bt.Verify && e.Piece == b.Piece) {
			return i, nil
		}
	}
	return 0, errUnasked
}

// writes lets a node write to a peer that takes nothing by itself.
func (s *Script) writes(n *sim.Node, c *command) (string, error) {
	times, room := c.number("times", 1), c.number("room", 0)
	to := s.world.Host(c.next())
	if to == nil {
		return "", fmt.Errorf("no such host")
	}
	for range times {
		if !n.Write(to, room) {
			return "", errUnasked
		}
	}
	return "", nil
}

func (s *Script) refuses(r *sim.Raw, c *command, _ string) (string, error) {
	r.Refuses, r.Silent = !c.flag("no"), false
	return "", nil
}
