package trace

import "hash/crc32"

// A trace begins with these bytes: a name, what text that passes as such would break, and the version of the format.
const magic = "\x89PWTRACE\r\n\x1a\n"

// version is that of the format. A reader takes the one before too: silent has no word of which Transmission was the last.
const (
	silent  = 1
	version = 2
)

// Behind the magic and the version stand chunks: their length and checksum, four bytes each, the least first, and then the records.
const chunkHead = 8

// castagnoli is the polynomial of the checksums.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// The limits of a trace. What exceeds them is not written, and refused when it is read.
const (
	MaxChunk    = 16 << 20 // bytes of records in a chunk
	MaxSessions = 1 << 20  // sessions of one trace
	MaxName     = 255      // bytes of a name
	MaxNames    = 256      // names of one kind
	MaxData     = 4 << 20  // bytes of messages in a call
	MaxLeftOut  = 64 << 20 // bytes of payload that a call brought along
	MaxRoom     = 16 << 20 // bytes that Transmit was given
	MaxTime     = 1 << 62  // nanoseconds since the start
	maxSums     = 1 << 15  // digests, of the longest piece
	fullChunk   = 64 << 10 // a chunk that is so long is written when the call ends
)

// chunkSpan is how much time passes before a chunk is written that is not full.
const chunkSpan = 1e9

// Kind tells what a Record is.
type Kind uint8

// The kinds of records: what a session was told, and then what it answered.
const (
	Begun    Kind = iota + 1 // a session is made: Session, Begin
	Told                     // a call of Handle: Session, Now, Event
	Asked                    // a call of Transmit: Session, Now, Conn, Room
	Ended                    // a session is gone: Session, Now
	Moved                    // flags of a connection have changed: Conn, Move
	Said                     // what Transmit gave: Conn, Bytes, Token, Size, Last
	Effected                 // an effect: Effect
	Due                      // NextDeadline has changed: At, Timer
)

var kindNames = [...]string{Begun: "begun", Told: "told", Asked: "asked", Ended: "ended", Moved: "moved", Said: "said", Effected: "effected", Due: "due"}

// String is the kind in one word.
func (k Kind) String() string {
	if int(k) < len(kindNames) && k != 0 {
		return kindNames[k]
	}
	return "unknown"
}

// answers tells whether a record of the kind is what a session answered.
func (k Kind) answers() bool { return k >= Moved }
