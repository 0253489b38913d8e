package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/bits-and-blooms/bitset"
)

// A record in bytes, numbers big-endian:
//
//	 0  magic          8   "peerwire"
//	 8  version        4   1
//	12  flags          4   bit 0: clean, nothing was written since
//	16  generation     8   one more with every save
//	24  info-hash     20
//	44  piece length   4
//	48  total          8   bytes
//	56  files          4
//	60  stamps        16   a file: size, time of last change (ns since 1970); zeros: not there
//	    claims         8   for 64 pieces, the lowest bit the first; bits beyond the last piece are 0
//	    checksum      32   SHA-256 of all before
const (
	recordMagic   = "peerwire"
	recordVersion = 1
	recordHeader  = 60
	flagClean     = 1
)

// What can be wrong with the bytes of a record.
var (
	errRecordSum     = errors.New("the record is damaged")
	errRecordVersion = errors.New("the record is of a version that is not known")
	errRecordOther   = errors.New("the record is of another torrent")
	errRecordShape   = errors.New("the record makes no sense")
)

// record is what is known of a torrent's files between two runs.
type record struct {
	generation uint64
	clean      bool           // nothing was written to the files since
	stamps     []stamp        // of each file
	claims     *bitset.BitSet // pieces that were verified, and synced after
}

// stamp tells whether a file is as it was.
type stamp struct {
	size    int64
	changed int64 // ns since 1970
}

// recordSize is the length in bytes of a torrent's record.
func recordSize(l *Layout) int {
	return recordHeader + 16*len(l.Files) + 8*claimWords(l) + sha256.Size
}

func claimWords(l *Layout) int { return (int(l.Geometry.NumPieces()) + 63) / 64 }

// encode gives the bytes of r, which fits l.
func (r *record) encode(l *Layout) []byte {
	b := make([]byte, 0, recordSize(l))
	b = append(b, recordMagic...)
	b = binary.BigEndian.AppendUint32(b, recordVersion)
	var flags uint32
	if r.clean {
		flags |= flagClean
	}
	b = binary.BigEndian.AppendUint32(b, flags)
	b = binary.BigEndian.AppendUint64(b, r.generation)
	b = appendIdentity(b, l)
	for _, s := range r.stamps {
		b = binary.BigEndian.AppendUint64(b, uint64(s.size))
		b = binary.BigEndian.AppendUint64(b, uint64(s.changed))
	}
	words := r.claims.Words()
	for i := range claimWords(l) {
		b = binary.BigEndian.AppendUint64(b, words[i])
	}
	return seal(b)
}

// seal appends the checksum.
func seal(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// appendIdentity appends what tells one torrent's record from another's.
func appendIdentity(b []byte, l *Layout) []byte {
	b = append(b, l.InfoHash[:]...)
	b = binary.BigEndian.AppendUint32(b, l.Geometry.PieceLength)
	b = binary.BigEndian.AppendUint64(b, uint64(l.Geometry.Total))
	return binary.BigEndian.AppendUint32(b, uint32(len(l.Files)))
}

// decodeRecord reads a record of the torrent with layout l. The bytes may be anything at all.
func decodeRecord(l *Layout, b []byte) (*record, error) {
	if len(b) != recordSize(l) {
		return nil, errRecordSum
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if got := sha256.Sum256(body); string(body[:8]) != recordMagic || !bytes.Equal(got[:], sum) {
		return nil, errRecordSum
	}
	if v := binary.BigEndian.Uint32(body[8:]); v != recordVersion {
		return nil, fmt.Errorf("%w: %d", errRecordVersion, v)
	}
	if !bytes.Equal(body[24:recordHeader], appendIdentity(nil, l)) {
		return nil, errRecordOther
	}
	flags := binary.BigEndian.Uint32(body[12:])
	if flags&^flagClean != 0 {
		return nil, errRecordShape
	}
	r := &record{generation: binary.BigEndian.Uint64(body[16:]), clean: flags&flagClean != 0}
	rest := body[recordHeader:]
	r.stamps = make([]stamp, len(l.Files))
	for i := range r.stamps {
		r.stamps[i] = stamp{int64(binary.BigEndian.Uint64(rest)), int64(binary.BigEndian.Uint64(rest[8:]))}
		rest = rest[16:]
	}
	var err error
	r.claims, err = decodeClaims(l, rest)
	return r, err
}

// decodeClaims reads the bits; b has the right length.
func decodeClaims(l *Layout, b []byte) (*bitset.BitSet, error) {
	words := make([]uint64, claimWords(l))
	for i := range words {
		words[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	n := l.Geometry.NumPieces()
	if spare := n % 64; spare != 0 && words[len(words)-1]>>spare != 0 {
		return nil, errRecordShape
	}
	return bitset.FromWithLength(uint(n), words), nil
}
