package sim

import (
	"peerwire/core/wire"
	"peerwire/trace"
)

// tap reads along what one end of a connection writes, and puts it in the specification's words.
type tap struct {
	shaken  bool
	pending []byte // of a message that is not whole
	skip    int    // bytes of payload to come
}

// read takes bytes and calls f for each message that is whole.
func (t *tap) read(data []byte, f func(m wire.Message, text string)) {
	t.pending = append(t.pending, data...)
	for {
		if n := min(t.skip, len(t.pending)); n > 0 {
			t.skip -= n
			t.pending = t.pending[n:]
		}
		if t.skip > 0 {
			return
		}
		if !t.shaken {
			h, n, _, _ := wire.DecodeHandshake(t.pending)
			if n == 0 {
				return
			}
			t.shaken = true
			t.pending = t.pending[n:]
			f(wire.Message{}, trace.HandshakeWords(&h))
			continue
		}
		var m wire.Message
		n, _, _ := wire.Decode(t.pending, &wire.Rules{Fast: true}, &m)
		if n == 0 {
			return
		}
		text := trace.Words(&m)
		t.pending = t.pending[n:]
		if m.ID == wire.Piece {
			t.skip = int(m.Block.Length)
		}
		f(m, text)
	}
}

// pass takes a run.
func (t *tap) pass(n int) { t.skip = max(0, t.skip-n) }
