package loop

import (
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
)

// maxGuesses is how many blocks are guessed to follow the one that is arriving: as many as one read takes buffers for.
const maxGuesses = (tcp.MaxBuffers - 2) / 2

// scatter is where a read puts what comes: the rest of what has begun, then, in a download in full swing, blocks as they
// probably follow, each header and its payload in a place of its own, then the room for all else. A guess
// that is right saves the copy of a block; one that is wrong costs nothing but that copy.
type scatter struct {
	vector  [][]byte
	head    int // bytes of the rest of what has begun
	headers [maxGuesses][wire.PieceHeaderLen]byte
	guesses []*disk.Buffer // that payloads are read into, kept from read to read
	aimed   int            // of them, those that take part in the next read
	offer   *disk.Buffer   // the one that the block about to begin lies in already
}

// scatter lays out the next read of a link.
func (l *Loop) scatter(k *link) [][]byte {
	s := &l.spread
	head := k.head()
	s.head = len(head)
	s.vector = append(s.vector[:0], head)
	l.guess(k)
	for i, b := range s.guesses[:s.aimed] {
		s.vector = append(s.vector, s.headers[i][:], b.Data)
	}
	s.vector = append(s.vector, l.room[:l.roomNow()])
	return s.vector
}

// guess gets the buffers for what probably follows, when whole blocks do: at most half of the memory that is free.
func (l *Loop) guess(k *link) {
	s := &l.spread
	s.aimed = 0
	if !l.inSwing() || k.want != bt.WantPayload {
		return
	}
	for spare := (l.freeBytes() - l.opt.Arriving/2) / bt.BlockSize; spare > 0 && len(s.guesses) < maxGuesses; spare-- {
		s.guesses = append(s.guesses, l.store.arriving.Get())
	}
	s.aimed = len(s.guesses)
}

// drop gives the buffers back.
func (s *scatter) drop() {
	for i, b := range s.guesses {
		b.Free()
		s.guesses[i] = nil
	}
	s.guesses = s.guesses[:0]
}

// digest takes n bytes that were read as scatter laid it out.
func (l *Loop) digest(k *link, n int) {
	s := &l.spread
	first := min(n, s.head)
	l.fill(k, first)
	n -= first
	used := 0
	for i := range s.aimed {
		header := s.headers[i][:min(n, wire.PieceHeaderLen)]
		n -= len(header)
		payload := s.guesses[i].Data[:min(n, bt.BlockSize)]
		n -= len(payload)
		if l.adopt(k, s.guesses[i], header, payload) {
			s.guesses[i] = nil
			used++
		}
	}
	l.feed(k, l.room[:n])
	s.compact(used)
}

// adopt gives the session what was read as the header of a block and its payload. It tells whether they are that, and
// the buffer the block's.
func (l *Loop) adopt(k *link, b *disk.Buffer, header, payload []byte) bool {
	s := &l.spread
	if len(k.left) == 0 { // else a block could begin within these bytes, not behind them
		s.offer = b
	}
	offered := s.offer != nil
	l.feed(k, header)
	adopted := offered && s.offer == nil
	s.offer = nil
	switch {
	case !adopted:
		l.feed(k, payload)
	case len(payload) > 0 && !k.gone:
		l.came(k, len(payload))
	}
	return adopted
}

// compact closes the gaps that adopted buffers left.
func (s *scatter) compact(used int) {
	if used == 0 {
		return
	}
	n := 0
	for _, b := range s.guesses {
		if b != nil {
			s.guesses[n] = b
			n++
		}
	}
	clear(s.guesses[n:])
	s.guesses = s.guesses[:n]
}
