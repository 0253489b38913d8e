package sim

import (
	"crypto/sha1"
	"encoding/binary"

	"peerwire/core/bt"
)

// content is what a block's place holds. All that is neither absent nor right is wrong, and two that are not equal stand for
// different bytes.
type content uint64

const (
	absent content = iota
	right
	spoilt // by our own disk
	lies   // by a peer: this and those beyond
)

// maxLies is how many lies there are of a block that is sent as one. Those beyond are made up of several parts.
const maxLies = 1 << 32

// lie is the n-th wrong content, from 1 on.
func lie(n uint32) content { return lies + content(n-1) }

// muddle is a content made up of runs of several kinds: wrong, and the same however these were cut.
func (w *World) muddle(runs []Run) content {
	sum := sha1.New()
	var last Run
	write := func() {
		h, r := w.infoHash(last.Torrent), last.Range
		sum.Write(h[:])
		for _, n := range []uint32{r.Piece, r.Begin, r.Length, max(last.Lie, 1) - 1} {
			sum.Write(binary.BigEndian.AppendUint32(nil, n))
		}
		if last.Lie != 0 {
			sum.Write([]byte{1})
		}
	}
	for i, r := range runs {
		if i == 0 || !last.extend(r) {
			write()
			last = r
		}
	}
	write()
	return lies + maxLies + content(binary.BigEndian.Uint64(sum.Sum(nil))>>1)
}

// IsLie tells whether a digest is that of a block of a torrent which is not what a peer should have sent: neither right nor absent nor spoilt by our disk.
func IsLie(h bt.InfoHash, b bt.Block, sum bt.Digest) bool {
	for c := absent; c < lies; c++ {
		if sum == c.digest(h, b) {
			return false
		}
	}
	return true
}

// digest is what a block of a torrent with such content hashes to.
func (c content) digest(h bt.InfoHash, b bt.Block) bt.Digest {
	text := append(h[:], []byte(b.String())...)
	return sha1.Sum(binary.BigEndian.AppendUint64(text, uint64(c)))
}
