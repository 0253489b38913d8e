package fault

import "time"

const (
	ms = time.Millisecond
	s  = time.Second
	m  = time.Minute
)

var infos = [numKinds]Info{
	Jitter:  {"jitter", Network, "what a peer sends arrives later, by up to so much", Dose{For: 200 * ms}, false},
	Loss:    {"loss", Network, "packets that a peer sends are lost, and sent again a round trip later", Dose{Chance: 20_000}, false},
	Reset:   {"reset", Network, "a connection of a peer is reset", Dose{Every: 30 * s}, false},
	SynLoss: {"syn-loss", Network, "whoever dials a peer gets no answer", Dose{Chance: 300_000}, false},

	Pause:      {"pause", Peer, "a machine stands still: it reads, writes and does nothing", Dose{Every: 2 * m, For: 40 * s}, false},
	Crash:      {"crash", Peer, "a client dies; its disk keeps what was written, and it is back later", Dose{Every: 3 * m, For: 20 * s}, false},
	PowerLoss:  {"power-loss", Peer, "a machine loses power, and perhaps what was not synced; it is back later", Dose{Every: 3 * m, For: 20 * s}, false},
	LostRecord: {"lost-record", Peer, "the same, and the resume record is lost too: it looks at the whole disk", Dose{Every: 3 * m, For: 20 * s}, false},

	WriteError: {"write-error", Disk, "the disk fails to write a block, and says so", Dose{Chance: 200}, false},
	ReadError:  {"read-error", Disk, "the disk fails to read a block, and says so", Dose{Chance: 200}, false},
	HashError:  {"hash-error", Disk, "the disk fails to read a piece that is to be verified, and says so", Dose{Chance: 1000}, false},
	DiskFull:   {"disk-full", Disk, "the disk takes no more", Dose{Every: 2 * m, For: 20 * s}, false},
	HungDisk:   {"hung-disk", Disk, "writes are not answered for so long", Dose{Every: 1 * m, For: 10 * s}, false},
	BitRot:     {"bit-rot", Disk, "a block that was right turns wrong on the disk, and nobody is told", Dose{Every: 1 * m}, true},
	LyingDisk:  {"lying-disk", Disk, "the disk keeps other bytes of a block than it was given, and says nothing", Dose{Chance: 500}, true},

	BadPieces: {"bad-pieces", Protocol, "a peer sends other bytes of a block than the right ones", Dose{Chance: million}, true},
}
