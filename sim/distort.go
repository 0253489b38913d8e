package sim

import (
	"encoding/binary"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim/fault"
)

// A node that misbehaves runs an honest core. What that says goes through here, where it is left out, said twice, changed or added to, as the
// node's ills have it.

// misbehaves are the faults of what a node says, but for those of payload alone.
var misbehaves = func() (m fault.Mask) {
	for _, k := range fault.All() {
		if k.Info().Area == fault.Protocol {
			m = m.With(k)
		}
	}
	return m
}()

// misbehaves tells whether what the host says is not what its core says.
func (i *Ills) misbehaves() bool { return i != nil && i.on&misbehaves != 0 }

// distort says what the core has to say, a message at a time, and a run behind the last if there is one.
func (s *socket) distort(b []byte, run Run) {
	i := s.node.ills
	for len(b) > 0 && !s.end.closed {
		m := b[:frame(b)]
		b = b[len(m):]
		switch {
		case m[0] != 0:
			s.greet(i, m)
		case len(b) == 0 && run.Range.Length > 0:
			s.serve(i, m, run)
		default:
			s.utter(i, m)
		}
	}
}

// frame is how long the first message is; of one that carries a block, its head.
func frame(b []byte) int {
	if b[0] != 0 {
		return min(len(b), wire.HandshakeLen)
	}
	return min(len(b), 4+int(binary.BigEndian.Uint32(b)))
}

// greet says the handshake.
func (s *socket) greet(i *Ills, m []byte) {
	if len(m) == wire.HandshakeLen && i.Strikes(fault.WrongTorrent) {
		m[wire.HandshakeLen-wire.PeerIDLen-1] ^= 1
	}
	s.mangle(i, m)
}

// serve answers a request.
func (s *socket) serve(i *Ills, head []byte, run Run) {
	switch {
	case i.Strikes(fault.NoAnswer):
		return
	case i.Strikes(fault.RejectAll):
		s.mangle(i, wire.AppendReject(nil, run.Range))
		return
	}
	if i.Strikes(fault.BadPieces) {
		run.spoil()
	}
	s.speak(head, run)
	if i.Strikes(fault.RepeatedPiece) {
		s.invent(run)
	}
	if i.Strikes(fault.UnsolicitedPiece) {
		run.Range = s.anyBlock(i.Lots(fault.UnsolicitedPiece))
		s.invent(run)
	}
}

// invent sends a block that the core knows nothing of.
func (s *socket) invent(run Run) {
	s.node.world.invented += int64(run.Range.Length)
	s.speak(wire.AppendPieceHeader(nil, run.Range), run)
}

// utter says a message, or another one, or more than that, or nothing.
func (s *socket) utter(i *Ills, m []byte) {
	id := wire.KeepAlive
	if len(m) > 4 {
		id = wire.ID(m[4])
	}
	supply := id == wire.Bitfield || id == wire.HaveAll || id == wire.HaveNone
	switch {
	case id == wire.Unchoke && i.Strikes(fault.NeverUnchoke), !supply && i.Strikes(fault.LostMessage):
		return
	case supply && i.Strikes(fault.OverClaim):
		n := s.torrent().Geometry.NumPieces()
		m = wire.AppendBitfield(nil, bitset.New(uint(n)).FlipRange(0, uint(n)), n)
	case supply && s.torrent().Geometry.NumPieces()%8 != 0 && i.Strikes(fault.SpareBits):
		m = spare(id, m, s.torrent().Geometry.NumPieces())
	case s.end.few.kept == "" && !supply && i.Strikes(fault.SwappedMessages):
		s.end.own().kept = string(m)
		return
	}
	s.mangle(i, m)
	if i.Strikes(fault.RepeatedMessage) {
		s.mangle(i, m)
	}
	if kept := s.end.few.kept; kept != "" {
		s.end.own().kept = ""
		s.mangle(i, []byte(kept))
	}
	s.interject(i)
}

// interject says what nobody asked for.
func (s *socket) interject(i *Ills) {
	var b []byte
	if i.Strikes(fault.FalseHave) {
		b = wire.AppendHave(b, s.anyBlock(i.Lots(fault.FalseHave)).Piece)
	}
	if i.Strikes(fault.ChokeFlapping) {
		b = wire.AppendUnchoke(wire.AppendChoke(b))
	}
	if i.Strikes(fault.RequestFlood) {
		n := inFlood
		if i.Lots(fault.RequestFlood).Below(8) == 0 {
			n = inGlut
		}
		for range n {
			b = wire.AppendRequest(b, s.anyBlock(i.Lots(fault.RequestFlood)))
		}
	}
	if i.Strikes(fault.KeepAliveFlood) {
		for range inFlood {
			b = wire.AppendKeepAlive(b)
		}
	}
	if i.Strikes(fault.UnknownMessage) {
		b = append(b, 0, 0, 0, 2, 99, 7)
	}
	if len(b) > 0 {
		s.speak(b, Run{})
	}
}

// inFlood is how many messages of a kind come at once; of requests it is now and then inGlut, more than anybody keeps. [LIM-2]
const (
	inFlood = 50
	inGlut  = 600
)

// mangle writes bytes, or those of them that come through, or one after the other with pauses.
func (s *socket) mangle(i *Ills, m []byte) {
	if i.Strikes(fault.BitFlip) {
		bit := i.Lots(fault.BitFlip).Below(8 * uint64(len(m)))
		m[bit/8] ^= 1 << (bit % 8)
	}
	if i.Strikes(fault.WrongLength) {
		m[3] ^= 1 + byte(i.Lots(fault.WrongLength).Below(3))
	}
	if i.Strikes(fault.Truncation) {
		m = m[:i.Lots(fault.Truncation).Below(uint64(len(m)))]
	}
	if i.Strikes(fault.SlowDrip) {
		s.drip(m, i)
		return
	}
	if len(m) > 0 {
		s.speak(m, Run{})
	}
}

// drip writes bytes one by one.
func (s *socket) drip(m []byte, i *Ills) {
	e := s.end
	f := e.own()
	f.held = max(f.held, s.node.world.now)
	if e.wired { // all at once, but no sooner
		f.held = f.held.Add(time.Duration(len(m)) * i.Dose(fault.SlowDrip).For)
		e.post(segment{data: m})
		return
	}
	for k := range m {
		f.held = f.held.Add(i.Dose(fault.SlowDrip).For)
		e.unread++
		e.launch(s.hangar().flight(segment{data: m[k : k+1]}), s.node.world.now)
	}
}

// spare is what we have as a bitfield whose spare bits are set.
func spare(id wire.ID, m []byte, pieces uint32) []byte {
	have := bitset.New(uint(pieces))
	switch id {
	case wire.Bitfield:
		wire.FromWire(have, m[5:], pieces)
	case wire.HaveAll:
		have.FlipRange(0, uint(pieces))
	}
	b := wire.AppendBitfield(nil, have, pieces)
	b[len(b)-1] |= 1
	return b
}

// torrent is what the connection is about: a node that misbehaves takes part in one.
func (s *socket) torrent() *Torrent { return s.node.Disk.volumes[0].torrent }

// anyBlock is a block of the torrent.
func (s *socket) anyBlock(lots *Lots) bt.Block {
	g := s.torrent().Geometry
	piece := uint32(lots.Below(uint64(g.NumPieces())))
	return g.BlockAt(piece, uint32(lots.Below(uint64(g.NumBlocks(piece)))))
}
