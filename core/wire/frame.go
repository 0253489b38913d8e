package wire

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Sizes of whole frames, bytes: length field and id included.
const (
	KeepAliveLen   = 4
	PlainLen       = 5  // choke, unchoke, interested, not interested, have all, have none
	PortLen        = 7  // port
	IndexLen       = 9  // have, suggest, allowed fast
	PieceHeaderLen = 13 // piece, without its payload
	RequestLen     = 17 // request, cancel, reject

	prefixLen = 4 // the length field
	headLen   = 5 // length field and id
)

// Limits, bytes.
const (
	MaxFrame    = 1 << 20          // what a length field may say, whatever the id [FRM-3]
	MaxExtended = 64 << 10         // payload of an extended message, behind its extension's id [EXT-4]
	MaxBitfield = bt.MaxPieces / 8 // bitfield of a torrent whose geometry is not known [LIM-6]

	// MaxNeed is the longest frame that Decode ever wants to see whole.
	MaxNeed = headLen + MaxBitfield
)

// Rules bounds what a frame may be: a torrent's geometry, and what the two sides agreed on.
type Rules struct {
	Pieces uint32 // number of pieces, at most bt.MaxPieces; 0 when the geometry is not known
	Fast   bool   // both sides offered the Fast extension (BEP 6)
}

// End is one more than the largest piece a message may name.
func (r *Rules) End() uint32 {
	if r.Pieces == 0 {
		return bt.MaxPieces
	}
	return r.Pieces
}

// layout is what follows a message's id.
type layout uint8

const (
	unknown layout = iota // nobody knows
	plain                 // nothing
	index                 // a piece
	block                 // a piece, begin, length
	payload               // a piece, begin, and a block of data
	port                  // two bytes
	pieces                // a bitfield
	tagged                // an extension's id and its payload
)

// Values of the length field.
const (
	plainSize   = PlainLen - prefixLen
	portSize    = PortLen - prefixLen
	indexSize   = IndexLen - prefixLen
	requestSize = RequestLen - prefixLen
	emptyPiece  = PieceHeaderLen - prefixLen // a piece message without payload, which there is not
)

// form is what every frame of one id looks like, whatever the torrent.
type form struct {
	layout   layout
	fast     bool   // only when BEP 6 was negotiated
	min, max uint32 // of the length field
}

// forms holds the form of every id; that of an unknown one is zero. [FRM-4]
var forms = [256]form{
	Choke:         {plain, false, plainSize, plainSize},
	Unchoke:       {plain, false, plainSize, plainSize},
	Interested:    {plain, false, plainSize, plainSize},
	NotInterested: {plain, false, plainSize, plainSize},
	Have:          {index, false, indexSize, indexSize},
	Bitfield:      {pieces, false, 1 + 1, 1 + MaxBitfield},
	Request:       {block, false, requestSize, requestSize},
	Piece:         {payload, false, emptyPiece + 1, emptyPiece + bt.BlockSize},
	Cancel:        {block, false, requestSize, requestSize},
	Port:          {port, false, portSize, portSize},
	Suggest:       {index, true, indexSize, indexSize},
	HaveAll:       {plain, true, plainSize, plainSize},
	HaveNone:      {plain, true, plainSize, plainSize},
	Reject:        {block, true, requestSize, requestSize},
	AllowedFast:   {index, true, indexSize, indexSize},
	Extended:      {tagged, false, 1 + 1, 1 + 1 + MaxExtended},
}

// fits tells whether a frame of that length may be, given the rules.
func (f *form) fits(size uint32, r *Rules) bool {
	return size >= f.min && size <= f.max && (!f.fast || r.Fast) &&
		(f.layout != pieces || r.Pieces == 0 || int(size) == 1+BitfieldLen(r.Pieces))
}

// misfit says what a frame breaks that does not fit. [FRM-4] [FRM-5] [FST-1] [MSG-4] [EXT-4] [LIM-6]
func (f *form) misfit(size uint32, r *Rules) clause.Violation {
	switch {
	case f.layout == unknown:
		return clause.UnknownMessage
	case f.fast && !r.Fast:
		return clause.FastUnnegotiated
	case f.layout == pieces && r.Pieces == 0 && size > f.max:
		return clause.TooManyPieces
	case f.layout == pieces:
		return clause.BitfieldLength
	case f.layout == tagged && size > f.max:
		return clause.ExtensionTooLarge
	}
	return clause.WrongLength
}
