package script

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// scene plays commands whose output nobody needs to see.
func (s *Script) scene(c *command, input string) (string, error) {
	for line := range strings.SplitSeq(input, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if s.Do(line, ""); s.Err() != nil {
			return "", s.Err()
		}
	}
	return "", nil
}

func (s *Script) addTorrent(c *command, _ string) (string, error) {
	unknown := c.flag("unknown")
	pieces, size := c.number("pieces", 1), c.number("piece", bt.BlockSize)
	last, private := c.number("last", size), c.flag("private")
	name := c.next()
	if name == "" {
		name = "T"
	}
	if unknown {
		s.world.AddTorrent(name, bt.Geometry{})
		return "", nil
	}
	g := bt.Geometry{PieceLength: uint32(size), Total: int64(pieces-1)*int64(size) + int64(last)}
	if !g.Valid() || !g.Known() || last < 1 || last > size {
		return "", fmt.Errorf("no such torrent can be")
	}
	s.world.AddTorrent(name, g).Private = private
	return "", nil
}

// address reads "addr=".
func (c *command) address() (at netip.AddrPort) {
	v, ok := c.value("addr")
	if !ok {
		return at
	}
	at, err := netip.ParseAddrPort(v)
	c.fail(err)
	return at
}

func (s *Script) addNode(c *command, _ string) (string, error) {
	spec := sim.NodeSpec{Name: c.next(), Addr: c.address(), Config: bt.DefaultConfig()}
	spec.Config.MaxConns = c.number("conns", spec.Config.MaxConns)
	spec.Config.MaxHalfOpen = c.number("halfopen", spec.Config.MaxHalfOpen)
	c.slots(&spec.Config)
	c.transports(&spec.Config)
	spec.Config.Seed = uint64(c.number("seed", 0))
	spec.SuperSeed, spec.AnyPiece = c.flag("super-seed"), c.flag("any-piece")
	if id, ok := c.value("id"); ok {
		spec.Config.PeerID = sim.PeerIDOf(id)
	}
	has, reserve := c.pieces("have"), c.number("reserve", 0)
	name, _ := c.value("torrent")
	if err := c.rest(); err != nil || spec.Name == "" || s.world.Host(spec.Name) != nil {
		return "", fmt.Errorf("a node has a name of its own")
	}
	n := s.world.AddNode(spec)
	if name == "none" {
		return "", nil
	}
	t, err := s.torrent(name)
	if err == nil {
		n.JoinWith(t, has, bt.TorrentSpec{ReservedSlots: reserve})
	}
	return "", err
}

// transports reads "transport=".
func (c *command) transports(cfg *bt.Config) {
	v, ok := c.value("transport")
	for cfg.Transports = bt.OnlyTCP; ok && cfg.Transports.String() != v; cfg.Transports++ {
		if cfg.Transports == bt.TCPAndUTP {
			c.fail(fmt.Errorf("no transport is called %q", v))
			return
		}
	}
}

// deaf says over which transports a host answers nobody.
func (s *Script) deaf(c *command, _ string) (string, error) {
	h := s.world.Host(c.next())
	if h == nil {
		return "", fmt.Errorf("no such host")
	}
	for _, over := range []bt.Transport{bt.TCP, bt.UTP} {
		s.world.Deafen(h, over, c.flag(over.String()))
	}
	return "", nil
}

// slots reads "slots=" and "order=".
func (c *command) slots(cfg *bt.Config) {
	if v, _ := c.value("order"); v != "" {
		for cfg.SeedOrder = bt.RoundRobin; cfg.SeedOrder.String() != v; cfg.SeedOrder++ {
			if cfg.SeedOrder > bt.AntiLeech {
				c.fail(fmt.Errorf("no order is called %q", v))
				return
			}
		}
	}
	switch {
	case c.flag("slots=" + bt.RateSlots.String()):
		cfg.SlotPolicy = bt.RateSlots
	case c.flag("slots=" + bt.UnlimitedSlots.String()):
		cfg.SlotPolicy = bt.UnlimitedSlots
	default:
		cfg.UploadSlots = c.number("slots", cfg.UploadSlots)
	}
}

func (s *Script) addRaw(c *command, _ string) (string, error) {
	var offer wire.Reserved
	if v, _ := c.value("fast"); v != "off" {
		offer[7] |= 0x04
	}
	if v, _ := c.value("ext"); v != "off" {
		offer[5] |= 0x10
	}
	if v, ok := c.value("reserved"); ok {
		b, err := hex.DecodeString(v)
		c.fail(err)
		copy(offer[:], b)
	}
	refuses, silent, slow, count := c.flag("refuses"), c.flag("silent"), c.flag("waits"), c.number("count", 0)
	byHand, innocent := c.flag("by-hand"), c.flag("innocent")
	id, other := c.value("id")
	at, name := c.address(), c.next()
	if name == "" {
		return "", fmt.Errorf("a raw peer has a name")
	}
	names := []string{name}
	for i := 2; i <= count; i++ {
		names = append(names, name+strconv.Itoa(i))
	}
	if count > 0 {
		names[0] = name + "1"
	}
	for _, name := range names {
		r := s.world.AddRaw(name, at)
		r.Reserved, r.Refuses, r.Silent, r.Slow = offer, refuses, silent, slow
		r.ByHand, r.Innocent = byHand, innocent
		if other {
			r.ID = sim.PeerIDOf(id)
		}
	}
	return "", nil
}

// line says what connections are made of from now on.
func (s *Script) line(c *command, _ string) (string, error) {
	plain := c.flag("plain")
	s.world.SetLine(sim.Line{
		Plain: plain, Latency: c.span("latency", 0), Back: c.span("back", 0), Rate: int64(c.number("rate", 0)), Window: c.number("window", 0),
	})
	return "", nil
}

// router puts hosts behind one, each with the address at which it is reached from outside.
func (s *Script) router(c *command, _ string) (string, error) {
	h := s.world.Host(c.next())
	at, err := netip.ParseAddrPort(c.next())
	if h == nil || err != nil {
		return "", fmt.Errorf("a host, and its address outside")
	}
	s.world.Route(h, at)
	return "", nil
}

// connect lets scripted peers open a connection to a node.
func (s *Script) connect(c *command, _ string) (string, error) {
	over := bt.TCP
	if c.flag("over=utp") {
		over = bt.UTP
	}
	port := c.number("from", 0)
	if port != int(uint16(port)) {
		return "", fmt.Errorf("%d is no port", port)
	}
	from, to, _ := strings.Cut(c.next(), "->")
	node, err := s.node(to)
	if err != nil {
		return "", err
	}
	raws, err := s.raws(from)
	for _, r := range raws {
		r.Over, r.From = over, uint16(port)
		s.anew(r)
		r.Connect(node)
	}
	return "", err
}

// anew gets a peer ready for another connection. When not all is as it was noted down, it may have one still, of which it takes leave.
func (s *Script) anew(r *sim.Raw) {
	delete(s.begun, r)
	if s.lenient {
		r.Close(bt.EOF)
	}
}

// raws finds scripted peers: "X", "X,Y", or "X1..X3".
func (s *Script) raws(names string) (list []*sim.Raw, err error) {
	for name := range strings.SplitSeq(expand(names), ",") {
		r, ok := s.world.Host(name).(*sim.Raw)
		if !ok {
			return nil, fmt.Errorf("%q is no raw peer", name)
		}
		list = append(list, r)
	}
	return list, nil
}

// expand makes "X1,X2,X3" of "X1..X3", and leaves other lists as they are.
func expand(names string) string {
	from, to, many := strings.Cut(names, "..")
	base := strings.TrimRight(from, "0123456789")
	a, errA := strconv.Atoi(from[len(base):])
	b, errB := strconv.Atoi(strings.TrimPrefix(to, base))
	if !many || errA != nil || errB != nil {
		return names
	}
	var list []string
	for i := a; i <= b; i++ {
		list = append(list, base+strconv.Itoa(i))
	}
	return strings.Join(list, ",")
}

func (s *Script) show(c *command, _ string) (string, error) {
	for w := c.next(); w != ""; w = c.next() {
		if w == "handshakes" {
			s.full = true
		}
		s.hidden = without(s.hidden, w)
	}
	return "", nil
}

func (s *Script) hide(c *command, _ string) (string, error) {
	for w := c.next(); w != ""; w = c.next() {
		s.hidden = append(without(s.hidden, w), w)
	}
	return "", nil
}

func without(list []string, word string) (kept []string) {
	for _, w := range list {
		if w != word {
			kept = append(kept, w)
		}
	}
	return kept
}
