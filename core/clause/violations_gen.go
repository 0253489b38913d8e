// Code generated from SPEC.md by internal/specmap/gen. DO NOT EDIT.

package clause

// The violations, each with the clause it breaks and what it costs.
const (
	_                     Violation = iota
	NotBitTorrent                   // HSK-5: close
	InfoHashMismatch                // HSK-7: close
	MessageTooLarge                 // FRM-3: close
	WrongLength                     // FRM-4: close
	UnknownMessage                  // FRM-5: close
	KeepAliveFlood                  // FRM-7: count
	HaveOutOfRange                  // MSG-2: close
	BitfieldLength                  // MSG-4: close
	BitfieldSpareBits               // MSG-5: ignore
	SupplyLate                      // MSG-7: count
	RequestOutOfRange               // MSG-12: reject
	RequestTooLong                  // MSG-13: reject
	RequestNotHad                   // MSG-14: reject
	RequestWhileChoked              // MSG-15: reject
	BlockMalformed                  // MSG-18: close
	BlockUnrequested                // MSG-19: close
	FastUnnegotiated                // FST-1: close
	SupplyMissing                   // FST-2: count
	RejectUnrequested               // FST-8: count
	SuggestOutOfRange               // FST-11: ignore
	AllowedFastOutOfRange           // FST-14: ignore
	AllowedFastOveruse              // FST-17: close
	ExtensionMalformed              // EXT-3: count
	ExtensionTooLarge               // EXT-4: close
	ExtensionMapInvalid             // EXT-5: count
	ExtensionUnadvertised           // EXT-12: count
	ExtensionUnnegotiated           // EXT-13: count
	DontHaveOutOfRange              // EXT-18: count
	DontHaveFlood                   // EXT-19: count
	RequestQueueFull                // LIM-2: reject
	TooManyStrikes                  // LIM-5: close
	TooManyPieces                   // LIM-6: close
	Overrun                         // LIM-16: close
	CorruptPiece                    // TRU-2: ban
	CorruptBlock                    // TRU-5: ban
)

var violations = [...]breach{
	{},
	NotBitTorrent:         {"not-bittorrent", HSK5, Close},
	InfoHashMismatch:      {"info-hash-mismatch", HSK7, Close},
	MessageTooLarge:       {"message-too-large", FRM3, Close},
	WrongLength:           {"wrong-length", FRM4, Close},
	UnknownMessage:        {"unknown-message", FRM5, Close},
	KeepAliveFlood:        {"keep-alive-flood", FRM7, Count},
	HaveOutOfRange:        {"have-out-of-range", MSG2, Close},
	BitfieldLength:        {"bitfield-length", MSG4, Close},
	BitfieldSpareBits:     {"bitfield-spare-bits", MSG5, Ignore},
	SupplyLate:            {"supply-late", MSG7, Count},
	RequestOutOfRange:     {"request-out-of-range", MSG12, Reject},
	RequestTooLong:        {"request-too-long", MSG13, Reject},
	RequestNotHad:         {"request-not-had", MSG14, Reject},
	RequestWhileChoked:    {"request-while-choked", MSG15, Reject},
	BlockMalformed:        {"block-malformed", MSG18, Close},
	BlockUnrequested:      {"block-unrequested", MSG19, Close},
	FastUnnegotiated:      {"fast-unnegotiated", FST1, Close},
	SupplyMissing:         {"supply-missing", FST2, Count},
	RejectUnrequested:     {"reject-unrequested", FST8, Count},
	SuggestOutOfRange:     {"suggest-out-of-range", FST11, Ignore},
	AllowedFastOutOfRange: {"allowed-fast-out-of-range", FST14, Ignore},
	AllowedFastOveruse:    {"allowed-fast-overuse", FST17, Close},
	ExtensionMalformed:    {"extension-malformed", EXT3, Count},
	ExtensionTooLarge:     {"extension-too-large", EXT4, Close},
	ExtensionMapInvalid:   {"extension-map-invalid", EXT5, Count},
	ExtensionUnadvertised: {"extension-unadvertised", EXT12, Count},
	ExtensionUnnegotiated: {"extension-unnegotiated", EXT13, Count},
	DontHaveOutOfRange:    {"dont-have-out-of-range", EXT18, Count},
	DontHaveFlood:         {"dont-have-flood", EXT19, Count},
	RequestQueueFull:      {"request-queue-full", LIM2, Reject},
	TooManyStrikes:        {"too-many-strikes", LIM5, Close},
	TooManyPieces:         {"too-many-pieces", LIM6, Close},
	Overrun:               {"overrun", LIM16, Close},
	CorruptPiece:          {"corrupt-piece", TRU2, Ban},
	CorruptBlock:          {"corrupt-block", TRU5, Ban},
}
