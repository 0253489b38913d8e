package bt

import "peerwire/core/clause"

// Because is the reason of a decision: why a flag stands as it does. [WHY-1]
type Because uint8

// The reasons, by the machine whose state they explain.
const (
	Unexplained Because = iota

	WaitsForPlace // link: for one of the half-open places
	WasDialled    // the transport was asked to connect
	ThoughtOfUTP  // over uTP, which the peer is thought to speak
	SeenOverUTP   // over uTP, on which it was open last
	SeenOverTCP   // over TCP, likewise
	FailedOverUTP // over TCP, as a dial over uTP has failed
	TransportOpen // and has connected
	PeerDialled   // the peer opened the connection
	HandshakeDone // both handshakes are whole
	HasEnded      // the connection is closed

	WeDialled         // binding and origin: we opened the connection, for this torrent
	NamedByHash       // the peer's info-hash named the torrent
	NoHandshake       // extensions, and binding: the peer's handshake was not read yet
	BitSet            // extensions: the handshake offers them
	BitAbsent         // the handshake does not
	ChokedAtFirst     // slot: nobody begins with one
	WonByRank         // a slot by rank, by the rate
	WonByWait         // the same, having waited longer
	WonByScore        // the same, by the anti-leech score
	WonByUse          // the same, as it holds its slot and uses it
	WonByTurn         // the same, as the turn of the next is over
	WonUncontested    // the same, with nobody to compare with
	WonByReserve      // a slot that its torrent reserves
	WonFree           // a slot that nobody held
	WonUnlimited      // there is a slot for everybody
	WonPromotion      // an optimistic holder ranks high enough
	WonRotation       // an optimistic slot, having waited longest
	LostByRank        // others rank higher, by the rate
	LostByWait        // the same, having waited longer
	LostByScore       // the same, by the anti-leech score
	LostByUse         // the same, as they hold their slots and use them
	LostOutright      // the same, with nobody to compare with: there is no slot by rank, or all are reserved
	LostTurnOver      // it was served its share as a seed's turn goes
	LostRotation      // its optimistic turn is over
	LostSurplus       // there are fewer optimistic slots, or they are reserved
	LostInterest      // it is not interested
	LostSnubbed       // it lets us wait
	LostReserve       // the slot is reserved for another torrent
	NothingToldYet    // interest, and supply: the peer has not told what it has
	HasWanted         // the peer has pieces that we lack
	HasNoneWanted     // it has none
	ChokesAtFirst     // their choke: every peer begins so
	PeerSaidChoke     // message choke
	PeerSaidUnchoke   // message unchoke
	IdleAtFirst       // their interest: every peer begins uninterested
	PeerSaidInterest  // message interested
	PeerSaidNone      // message not interested
	PeerAsked         // a request says so too
	ServesAtFirst     // service: nothing was asked yet that was not answered
	RequestOverdue    // a request was not answered in time
	PayloadStalled    // no payload came for too long
	BlockInTime       // a block that was missing came in time
	TrustedAtFirst    // trust: nothing is known against the known peer
	SharedBadPiece    // a piece that it shared in failed
	KnownOnParole     // it was on parole when it connected
	SiteOnParole      // another peer of its address is on parole
	SharedGoodPiece   // a piece that it shared in passed
	ProvenBad         // it alone is to blame
	ToldBitfield      // supply: message bitfield
	ToldAll           // message have all
	ToldNone          // message have none
	ToldHave          // message have
	ToldDontHave      // message lt_donthave
	SaidNothingFirst  // another message came first, so it has nothing
	SilentOnIntent    // intent: it has not said that it downloads no more
	DeclaredIntent    // its extension handshake says so
	DeclaredByMessage // its message upload_only says so
	WithdrawnIntent   // its message upload_only takes it back
	NumReasons
)

// Unit tells how the number that goes with a reason is meant.
type Unit uint8

// The units of a Reason's numbers.
const (
	Count Unit = iota // how many
	Index             // of a piece
	Rate              // bytes a second
	Span              // milliseconds
	Bytes             // bytes
)

// Quantity names one number of a reason.
type Quantity struct {
	Name string
	Unit Unit
}

// maxNumbers is how many numbers go with a reason at most.
const maxNumbers = 4

// explained is what a reason means: its clause, its numbers, and a text with a % where each of them goes.
type explained struct {
	name    string
	clause  clause.ID
	text    string
	numbers []Quantity
}

var (
	ranking = []Quantity{{"rank", Count}, {"slots", Count}, {"rate", Rate}, {"line", Rate}}
	scoring = []Quantity{{"rank", Count}, {"slots", Count}, {"score", Count}, {"line", Count}}
	waiting = []Quantity{{"rank", Count}, {"slots", Count}, {"waited", Span}, {"line", Span}}
	turning = []Quantity{{"sent", Bytes}, {"in", Span}}
	queuing = []Quantity{{"waited", Span}, {"line", Span}}
	ofAll   = []Quantity{{"pieces", Count}, {"of", Count}}
	overdue = []Quantity{{"waited", Span}, {"limit", Span}, {"outstanding", Count}}
	badPart = []Quantity{{"piece", Index}, {"peers", Count}}
)

var explanations = [NumReasons]explained{
	Unexplained: {"unexplained", 0, "unexplained", nil},

	WaitsForPlace: {"waits-for-place", clause.FLG1, "% wait before it for one of % half-open places", []Quantity{{"ahead", Count}, {"places", Count}}},
	WasDialled:    {"was-dialled", clause.FLG2, "dialled, not connected yet", nil},
	ThoughtOfUTP:  {"thought-of-utp", clause.DIA17, "dialled over uTP, which it is thought to speak", nil},
	SeenOverUTP:   {"seen-over-utp", clause.DIA17, "dialled over uTP, as it was open on that last", nil},
	SeenOverTCP:   {"seen-over-tcp", clause.DIA17, "dialled over TCP, as it was open on that last", nil},
	FailedOverUTP: {"failed-over-utp", clause.DIA17, "dialled over TCP, as over uTP it was not reached", nil},
	TransportOpen: {"transport-open", clause.FLG3, "connected", nil},
	PeerDialled:   {"peer-dialled", clause.FLG3, "the peer connected to us", nil},
	HandshakeDone: {"handshake-done", clause.FLG3, "both handshakes are done", nil},
	HasEnded:      {"has-ended", clause.FLG4, "the connection has ended", nil},

	WeDialled:   {"we-dialled", clause.FLG5, "we opened the connection, for this torrent", nil},
	NamedByHash: {"named-by-hash", clause.TOR1, "its handshake named the torrent", nil},
	NoHandshake: {"no-handshake", clause.FLG7, "its handshake was not read yet", nil},
	BitSet:      {"bit-set", clause.FLG7, "its handshake sets the bit", nil},
	BitAbsent:   {"bit-absent", clause.FLG7, "its handshake lacks the bit", nil},

	ChokedAtFirst:  {"choked-at-first", clause.FLG8, "every peer begins choked", nil},
	WonByRank:      {"won-by-rank", clause.CHK4, "rank % of % slots, % against %", ranking},
	WonByWait:      {"won-by-wait", clause.CHK10, "rank % of % slots, having waited % against %", waiting},
	WonByScore:     {"won-by-score", clause.CHK12, "rank % of % slots, % parts from half against %", scoring},
	WonByUse:       {"won-by-use", clause.CHK5, "rank % of % slots, as it uses its slot", ranking[:2]},
	WonByTurn:      {"won-by-turn", clause.CHK5, "rank % of % slots, as the turn of the next is over", ranking[:2]},
	WonUncontested: {"won-uncontested", clause.CHK10, "rank % of % slots, and nobody after it", ranking[:2]},
	WonByReserve:   {"won-by-reserve", clause.CHK15, "a slot that its torrent reserves: rank % of % slots, % against %", ranking},
	WonFree:        {"won-free", clause.CHK8, "a slot was free", nil},
	WonUnlimited:   {"won-unlimited", clause.CHK14, "there is a slot for everybody", nil},
	WonPromotion:   {"won-promotion", clause.CHK7, "promoted: rank % of % slots, % against %", ranking},
	WonRotation:    {"won-rotation", clause.CHK6, "it has waited longest for an optimistic slot, of which there are %", []Quantity{{"slots", Count}}},
	LostByRank:     {"lost-by-rank", clause.CHK4, "rank % of % slots, % against %", ranking},
	LostByWait:     {"lost-by-wait", clause.CHK10, "rank % of % slots, having waited % against %", waiting},
	LostByScore:    {"lost-by-score", clause.CHK12, "rank % of % slots, % parts from half against %", scoring},
	LostByUse:      {"lost-by-use", clause.CHK5, "rank % of % slots, as others use theirs", ranking[:2]},
	LostOutright:   {"lost-outright", clause.CHK2, "rank % of % slots", ranking[:2]},
	LostTurnOver:   {"lost-turn-over", clause.CHK5, "its turn is over: % sent in %", turning},
	LostRotation:   {"lost-rotation", clause.CHK6, "others have waited longer for an optimistic slot: % against %", queuing},
	LostSurplus:    {"lost-surplus", clause.CHK15, "there are fewer optimistic slots, or they are reserved", nil},
	LostInterest:   {"lost-interest", clause.CHK3, "it is not interested", nil},
	LostSnubbed:    {"lost-snubbed", clause.CHK9, "it lets our requests wait", nil},
	LostReserve:    {"lost-reserve", clause.CHK15, "the slots are reserved for other torrents: rank % of % slots, % against %", ranking},

	NothingToldYet: {"nothing-told-yet", clause.FLG15, "it has not told what it has", nil},
	HasWanted:      {"has-wanted", clause.MSG9, "it has % pieces that we lack", []Quantity{{"pieces", Count}}},
	HasNoneWanted:  {"has-none-wanted", clause.MSG9, "it has no piece that we lack", nil},

	ChokesAtFirst:   {"chokes-at-first", clause.FLG11, "every peer begins so", nil},
	PeerSaidChoke:   {"peer-said-choke", clause.MSG1, "it said choke", nil},
	PeerSaidUnchoke: {"peer-said-unchoke", clause.MSG1, "it said unchoke", nil},

	IdleAtFirst:      {"idle-at-first", clause.FLG12, "every peer begins so", nil},
	PeerSaidInterest: {"peer-said-interest", clause.MSG1, "it said interested", nil},
	PeerSaidNone:     {"peer-said-none", clause.MSG1, "it said not interested", nil},
	PeerAsked:        {"peer-asked", clause.MSG24, "it sent a request", nil},

	ServesAtFirst:  {"serves-at-first", clause.FLG13, "no request of ours is overdue", nil},
	RequestOverdue: {"request-overdue", clause.TMR7, "no block for %, the limit is %; % requests outstanding", overdue},
	PayloadStalled: {"payload-stalled", clause.TMR8, "no payload for %, the limit is %; % requests outstanding", overdue},
	BlockInTime:    {"block-in-time", clause.TMR10, "a block came after %, the limit is %", overdue[:2]},

	TrustedAtFirst:  {"trusted-at-first", clause.FLG14, "nothing is known against it", nil},
	SharedBadPiece:  {"shared-bad-piece", clause.TRU3, "piece % failed, to which % peers contributed", badPart},
	KnownOnParole:   {"known-on-parole", clause.FLG14, "it was on parole when it connected", nil},
	SiteOnParole:    {"site-on-parole", clause.TRU19, "another peer of its address is on parole", nil},
	SharedGoodPiece: {"shared-good-piece", clause.TRU4, "piece % passed, to which it contributed", badPart[:1]},
	ProvenBad:       {"proven-bad", clause.TRU2, "piece % proves that it sends bad data", badPart[:1]},

	ToldBitfield:     {"told-bitfield", clause.FLG15, "its bitfield: % of % pieces", ofAll},
	ToldAll:          {"told-all", clause.FST3, "it said have all: % of % pieces", ofAll},
	ToldNone:         {"told-none", clause.FST3, "it said have none", nil},
	ToldHave:         {"told-have", clause.MSG3, "its last have: % of % pieces", ofAll},
	ToldDontHave:     {"told-dont-have", clause.EXT17, "it took a piece back: % of % pieces", ofAll},
	SaidNothingFirst: {"said-nothing-first", clause.FST2, "it began without telling what it has", nil},

	SilentOnIntent:    {"silent-on-intent", clause.FLG17, "it has not said that it downloads no more", nil},
	DeclaredIntent:    {"declared-intent", clause.EXT10, "its extension handshake says upload-only", nil},
	DeclaredByMessage: {"declared-by-message", clause.EXT11, "its message says upload-only", nil},
	WithdrawnIntent:   {"withdrawn-intent", clause.EXT11, "its message took upload-only back", nil},
}

// String is the reason's name: a few lower-case words joined by hyphens.
func (b Because) String() string { return explanations[b].name }

// Clause is the clause that the decision followed.
func (b Because) Clause() clause.ID { return explanations[b].clause }

// Numbers names the numbers that go with the reason.
func (b Because) Numbers() []Quantity { return explanations[b].numbers }
