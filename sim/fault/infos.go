package fault

import "time"

const (
	ms = time.Millisecond
	s  = time.Second
	m  = time.Minute
)

var infos = [numKinds]Info{
	Latency:     {"latency", Network, "something that a peer sends arrives so much later, and what follows too", Dose{Chance: 10_000, For: 500 * ms}, false},
	Jitter:      {"jitter", Network, "what a peer sends arrives later, by up to so much", Dose{For: 200 * ms}, false},
	Loss:        {"loss", Network, "packets that a peer sends are lost, and sent again a round trip later", Dose{Chance: 20_000}, false},
	BurstLoss:   {"burst-loss", Network, "the same in bursts of twenty or so (Gilbert and Elliott)", Dose{Chance: 2000}, false},
	Duplication: {"duplication", Network, "packets that a peer sends come twice, and take the receiver's downlink twice", Dose{Chance: 20_000}, false},
	Reordering:  {"reordering", Network, "a packet is overtaken, by up to so much; the sender takes it for lost", Dose{Chance: 10_000, For: 50 * ms}, false},
	Corruption:  {"corruption", Network, "a bit of what a peer sends is changed, and no checksum notices", Dose{Chance: 1000}, true},
	BlackHole:   {"black-hole", Network, "a connection lets no large packet of a peer through, nor anything after it", Dose{Chance: 2000}, false},
	SlowLine:    {"slow-line", Network, "an uplink is eight times slower for so long", Dose{Every: 2 * m, For: 30 * s}, false},
	Bufferbloat: {"bufferbloat", Network, "the more is on its way, the later it arrives: by so much when it is 256 KiB", Dose{For: 2 * s}, false},
	Partition:   {"partition", Network, "nothing of what a peer sends, or is sent, comes through for so long", Dose{Every: 2 * m, For: 20 * s}, false},
	OneWay:      {"one-way", Network, "nothing of what a peer sends comes through for so long; what it is sent does", Dose{Every: 2 * m, For: 20 * s}, false},
	Clog:        {"clog", Network, "one connection of a peer lets nothing through for up to so long, then another", Dose{Every: 10 * s, For: 30 * s}, false},
	Reset:       {"reset", Network, "a connection of a peer is reset", Dose{Every: 30 * s}, false},
	HalfOpen:    {"half-open", Network, "a connection of a peer lets nothing through any more, and neither end is told", Dose{Every: 1 * m}, false},
	SynLoss:     {"syn-loss", Network, "whoever dials a peer gets no answer", Dose{Chance: 300_000}, false},
	Refusal:     {"refusal", Network, "whoever dials a peer is refused", Dose{Chance: 300_000}, false},
	Rebinding:   {"rebinding", Network, "a router forgets the connections of the peer behind it, and gives it another address", Dose{Every: 3 * m}, false},
	TrackerDown: {"tracker-down", Network, "the tracker does not answer a peer", Dose{Chance: 300_000}, false},
	GonePeers:   {"gone-peers", Network, "the tracker tells of peers at whose address nobody is any more", Dose{Chance: 300_000}, false},
	SilentPeers: {"silent-peers", Network, "the tracker tells of peers that never answer", Dose{Chance: 300_000}, false},

	Pause:       {"pause", Peer, "a machine stands still: it reads, writes and does nothing", Dose{Every: 2 * m, For: 40 * s}, false},
	Crash:       {"crash", Peer, "a client dies; its disk keeps what was written, and it is back later", Dose{Every: 3 * m, For: 20 * s}, false},
	PowerLoss:   {"power-loss", Peer, "a machine loses power, and perhaps what was not synced; it is back later", Dose{Every: 3 * m, For: 20 * s}, false},
	LostRecord:  {"lost-record", Peer, "the same, and the resume record is lost too: it looks at the whole disk", Dose{Every: 3 * m, For: 20 * s}, false},
	Amnesia:     {"amnesia", Peer, "a machine that is not complete loses its whole disk, and begins anew later", Dose{Every: 3 * m, For: 20 * s}, false},
	NewIdentity: {"new-identity", Peer, "a client dies, and is back later with another address and another peer id", Dose{Every: 3 * m, For: 20 * s}, false},
	Rejoin:      {"rejoin", Peer, "a user takes the torrent out of the client, and puts it in again at once", Dose{Every: 2 * m}, false},
	Deaf:        {"deaf", Peer, "a machine takes nothing from its connections for so long", Dose{Every: 1 * m, For: 20 * s}, false},
	ClockJump:   {"clock-jump", Peer, "a machine's clock goes forward by so much at once", Dose{Every: 2 * m, For: 10 * m}, false},

	SlowDisk:    {"slow-disk", Disk, "an answer of the disk takes so much longer", Dose{Chance: 100_000, For: 500 * ms}, false},
	HungDisk:    {"hung-disk", Disk, "writes are not answered for so long", Dose{Every: 1 * m, For: 10 * s}, false},
	DiskFull:    {"disk-full", Disk, "the disk takes no more, for so long", Dose{Every: 2 * m, For: 20 * s}, false},
	ReadOnly:    {"read-only", Disk, "the disk may not be written for so long", Dose{Every: 2 * m, For: 20 * s}, false},
	DiskGone:    {"disk-gone", Disk, "the disk does nothing but fail for so long", Dose{Every: 2 * m, For: 20 * s}, false},
	WriteError:  {"write-error", Disk, "the disk fails to write a block, and says so", Dose{Chance: 200}, false},
	ReadError:   {"read-error", Disk, "the disk fails to read a block, and says so", Dose{Chance: 200}, false},
	HashError:   {"hash-error", Disk, "the disk fails to read a piece that is to be verified, and says so", Dose{Chance: 1000}, false},
	LostWrite:   {"lost-write", Disk, "the disk says that it has written a block, and has not", Dose{Chance: 500}, false},
	Misdirected: {"misdirected-write", Disk, "the disk writes a block over another one, and says nothing", Dose{Chance: 500}, true},
	LyingDisk:   {"lying-disk", Disk, "the disk keeps other bytes of a block than it was given, and says nothing", Dose{Chance: 500}, true},
	BitRot:      {"bit-rot", Disk, "a block that was right turns wrong on the disk, and nobody is told", Dose{Every: 1 * m}, true},

	BadPieces:        {"bad-pieces", Protocol, "a peer sends other bytes of a block than the right ones", Dose{Chance: million}, true},
	NoAnswer:         {"no-answer", Protocol, "a peer does not answer a request", Dose{Chance: 300_000}, true},
	RejectAll:        {"reject-all", Protocol, "a peer rejects a request that it could serve", Dose{Chance: million}, true},
	RepeatedPiece:    {"repeated-piece", Protocol, "a peer sends a block twice", Dose{Chance: 100_000}, true},
	UnsolicitedPiece: {"unsolicited-piece", Protocol, "a peer sends a block that nobody asked it for", Dose{Chance: 100_000}, true},
	FalseHave:        {"false-have", Protocol, "a peer tells of a piece whether it has it or not", Dose{Chance: 100_000}, true},
	OverClaim:        {"over-claim", Protocol, "a peer says at first that it has everything", Dose{Chance: million}, true},
	SpareBits:        {"spare-bits", Protocol, "a peer says what it has by a bitfield with spare bits", Dose{Chance: million}, true},
	NeverUnchoke:     {"never-unchoke", Protocol, "a peer does not say that it unchokes", Dose{Chance: million}, true},
	ChokeFlapping:    {"choke-flapping", Protocol, "a peer chokes and unchokes behind any other message", Dose{Chance: 200_000}, true},
	RequestFlood:     {"request-flood", Protocol, "a peer asks for fifty or six hundred blocks by chance behind any other message", Dose{Chance: 50_000}, true},
	KeepAliveFlood:   {"keep-alive-flood", Protocol, "a peer says fifty times that it is alive behind any other message", Dose{Chance: 50_000}, true},
	UnknownMessage:   {"unknown-message", Protocol, "a peer sends a message that there is not", Dose{Chance: 10_000}, true},
	LostMessage:      {"lost-message", Protocol, "a peer leaves out a message", Dose{Chance: 50_000}, true},
	RepeatedMessage:  {"repeated-message", Protocol, "a peer says something twice", Dose{Chance: 100_000}, true},
	SwappedMessages:  {"swapped-messages", Protocol, "a peer says something only after what follows it", Dose{Chance: 100_000}, true},
	BitFlip:          {"bit-flip", Protocol, "a bit of a message is wrong", Dose{Chance: 10_000}, true},
	Truncation:       {"truncation", Protocol, "a message ends before its end", Dose{Chance: 10_000}, true},
	WrongLength:      {"wrong-length", Protocol, "the length before a message is wrong", Dose{Chance: 10_000}, true},
	SlowDrip:         {"slow-drip", Protocol, "the bytes of a message come one by one, so long after each other", Dose{Chance: 100_000, For: 200 * ms}, true},
	WrongTorrent:     {"wrong-torrent", Protocol, "a handshake names another torrent", Dose{Chance: 300_000}, true},
}
