package scenario

// Field is a key that a scenario may have.
type Field struct {
	Key     string // "peers.up"
	Kind    string // what its value is
	Default string
	Means   string
}

// Fields lists all keys, in the order of the documentation.
func Fields() []Field {
	return []Field{
		{"about", "text", "", "what the scenario shows, in a sentence"},
		{"seed", "number", "1", "all chance follows from it"},
		{"until", "time", "24h", "when the run ends, if it did not before: it does when nobody is left who could complete"},
		{"transport", "text", "tcp", "what peers dial over: tcp, utp or both"},

		{"torrent.name", "text", "the scenario's", "of it follows the info-hash, and of that which pieces are allowed fast"},
		{"torrent.size", "size", "100 MiB", "of the whole torrent"},
		{"torrent.piece", "size", "256 KiB", "of a piece"},

		{"line.latency", "time", "25ms", "from one peer to another"},
		{"line.jitter", "time", "0", "as much later, at most, something arrives"},
		{"line.loss", "number", "0", "of a million packets so many are lost, and sent again"},
		{"line.window", "size", "256 KiB", "bytes of one connection on their way, at most"},
		{"line.start", "size", "14480 B", "the same at first: it grows with what arrives"},
		{"line.plain", "bool", "false", "the network hides that peers speak Fast and extensions, so nobody does"},
		{"line.datagrams", "bool", "true", "uTP is core/utp's, on datagrams that are lost, late or out of order; else it is a stream like TCP's"},

		{"tracker.numwant", "number", "50", "peers in an answer, at most"},
		{"tracker.interval", "time", "30m", "from one announce to the next"},
		{"tracker.min-interval", "time", "1m", "the same for a peer that asks for more"},

		{"peers", "group", "", "[[peers]] begins a group; there may be many"},
		{"peers.name", "text", "", "what the group is called; of several peers each has a number behind it"},
		{"peers.count", "number", "1", "how many there are"},
		{"peers.have", "text", "none", `which pieces they have: none, all, or a part drawn by chance, such as "30 %"`},
		{"peers.up", "rate", "unlimited", "what a peer can send, over all its connections"},
		{"peers.down", "rate", "unlimited", "what a peer can receive"},
		{"peers.connections", "number", "50", "of one peer, at most"},
		{"peers.half-open", "number", "30", "connections that one peer dials at a time, at most"},
		{"peers.slots", "number", "8", "peers that it uploads to at a time; of a free rider 0"},
		{"peers.slot-policy", "text", "fixed", "where the number of slots comes from: fixed, auto (by the rates) or unlimited"},
		{"peers.seed-order", "text", "round-robin", "who gets a seed's slots: round-robin, fastest or anti-leech"},
		{"peers.picks", "text", "rarest", "how a new piece is chosen: rarest or random (to compare with)"},
		{"peers.super-seed", "bool", "false", "show pieces one by one once complete"},

		{"peers.arrive", "time", "0", "when the first arrives, and all others unless one of the next three says otherwise"},
		{"peers.arrive-within", "time", "0", "they arrive spread over so long a time, by chance"},
		{"peers.arrive-every", "time", "0", "they arrive one by one, so long after another in the mean, by chance (Poisson)"},
		{"peers.arrive-at", "times", "", "they arrive at these times"},
		{"peers.stays", "text", "always", "always, complete (until it has everything), or one-copy (until all pieces are with others)"},
		{"peers.seed-for", "time", "0", "how much longer it stays, in the mean, by chance; needs stays = \"complete\""},
		{"peers.leaves-at", "number", "0", "percent of the pieces with which it gives up; 0 is never"},
		{"peers.disk-latency", "time", "0", "of each answer of the disk"},

		{"faults", "fault", "", "[[faults]] begins a fault; there may be many"},
		{"faults.name", "text", "", "which: see btsim scenarios --faults"},
		{"faults.peers", "text", "everybody", "the group of those who have it"},
		{"faults.share", "number", "100", "percent of these peers have it, drawn by chance"},
		{"faults.from", "time", "0", "when it begins"},
		{"faults.until", "time", "the end", "when it is over"},
		{"faults.chance", "number", "the fault's", "of a million occasions it happens on so many"},
		{"faults.every", "time", "the fault's", "so much time passes from one to the next, in the mean, by chance"},
		{"faults.for", "time", "the fault's", "how long it lasts each time, or by how much something is late"},

		{"heal.at", "time", "never", "when all faults end, disks and links work again, and who crashed is back"},
		{"heal.within", "time", "", "so much later all who are there must be complete, but for those whom others may rightly ban; the run ends then"},
	}
}
