package crowd

import (
	"math/bits"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// Kinds of what is said: the ids of messages, and what has none.
const (
	handshakes = iota + int(wire.Extended) + 1
	keepAlives
	others
	payload
	kinds
)

// PayloadKind is the Kind of payload; of what is said all else is the protocol's.
const PayloadKind = "payload"

var kindNames = [...]string{"handshake", "keep-alive", "other", PayloadKind}

// kindName is how a kind is called.
func kindName(kind int) string {
	if kind >= handshakes {
		return kindNames[kind-handshakes]
	}
	return wire.ID(kind).String()
}

// Turns is how long peers stayed unchoked by others: from when that was said until the contrary was, or one of the two was gone.
type Turns struct {
	ByLeechers [TurnBins]uint64 // how many, by length: see TurnBin
	BySeeds    [TurnBins]uint64 // the same of those that were given by a peer with all pieces
	Unfinished int              // that were not over at the end of the record, and count nowhere else
}

// turn is that a member is unchoked by another.
type turn struct {
	conn     uint64
	by, of   *member
	began    bt.Instant
	counted  bt.Instant // until when it is summed up
	fromSeed bool
}

// The bins of Turns: the first is what is shorter than an eighth of a second; each further is a quarter of an octave.
const (
	TurnBins    = 1 + 4*octaves
	shortest    = 27 // of a nanosecond the power of two that is the first octave: 0.134 s
	octaves     = 20
	perOctave   = 4
	octaveShift = 2
)

// TurnFrom is the length from which on turns are in a bin.
func TurnFrom(bin int) time.Duration {
	if bin == 0 {
		return 0
	}
	octave, part := (bin-1)/perOctave, (bin-1)%perOctave
	return time.Duration(perOctave+part) << (shortest - octaveShift + octave)
}

// turnBin is the bin of a length.
func turnBin(d time.Duration) int {
	octave := bits.Len64(uint64(max(0, d))) - 1 - shortest
	if octave < 0 {
		return 0
	}
	part := int(uint64(d)>>(shortest-octaveShift+octave)) & (perOctave - 1)
	return min(TurnBins-1, 1+octave*perOctave+part)
}

// Says notes what a member says.
func (m *member) Says(conn uint64, to sim.Host, control []byte, block int) {
	r := m.crowd.record
	r.said[payload].Bytes += uint64(block)
	if block > 0 {
		r.said[payload].Messages++
	}
	if len(control) > 0 && control[0] != 0 { // no message is so long: it is a handshake
		n := min(len(control), wire.HandshakeLen)
		r.hears(handshakes, n)
		control = control[n:]
	}
	for len(control) >= frameHead {
		n := int(control[1])<<16 + int(control[2])<<8 + int(control[3])
		kind := keepAlives
		if n > 0 && len(control) > frameHead {
			if kind = int(control[frameHead]); kind > int(wire.Extended) {
				kind = others
			}
		}
		whole := min(len(control), frameHead+n)
		r.hears(kind, whole)
		switch {
		case n == 0:
		case kind == int(wire.Unchoke):
			r.begins(conn, m, to)
		case kind == int(wire.Choke):
			r.ends(conn)
		}
		control = control[whole:]
	}
}

const frameHead = 4 // bytes that tell how long a message is

func (r *Record) hears(kind, size int) {
	r.said[kind].Messages++
	r.said[kind].Bytes += uint64(size)
}

// Parts notes that a member has done with a connection.
func (m *member) Parts(conn uint64) { m.crowd.record.ends(conn) }

// begins notes that a member unchokes a peer.
func (r *Record) begins(conn uint64, by *member, to sim.Host) {
	of := r.crowd.places[to.Addr().Addr()]
	if _, ok := r.turns[conn]; ok || of == nil {
		return
	}
	now := r.crowd.world.Now()
	r.turns[conn] = len(r.open)
	r.open = append(r.open, turn{conn: conn, by: by, of: of, began: now, counted: now, fromSeed: by.all()})
}

// ends notes that a peer is unchoked no more.
func (r *Record) ends(conn uint64) {
	i, ok := r.turns[conn]
	if !ok {
		return
	}
	now := r.crowd.world.Now()
	t := &r.open[i]
	r.sumUp(t, now)
	if bin := turnBin(now.Sub(t.began)); t.fromSeed {
		r.Turns.BySeeds[bin]++
	} else {
		r.Turns.ByLeechers[bin]++
	}
	delete(r.turns, conn)
	last := len(r.open) - 1
	if i != last {
		r.open[i] = r.open[last]
		r.turns[r.open[i].conn] = i
	}
	r.open = r.open[:last]
}

// sumUp adds a turn to the sums, as far as it is not in them.
func (r *Record) sumUp(t *turn, now bt.Instant) {
	d := now.Sub(t.counted)
	t.counted = now
	r.classes[t.by.class*len(r.Groups)+t.of.class] += d
	r.matrix[r.BinOf(int(t.by.nth))*r.Bins+r.BinOf(int(t.of.nth))] += d
}

// settle adds all turns to the sums.
func (r *Record) settle(now bt.Instant) {
	for i := range r.open {
		r.sumUp(&r.open[i], now)
	}
}
