package bt

// Config is what a Session is told once, at New.
type Config struct {
	Seed       uint64 // all that is random in the core follows from it
	PeerID     PeerID // ours; the same on every connection
	ListenPort uint16 // told to peers we dial (BEP 10, "p"); 0 when we do not listen
	Client     string // told to peers (BEP 10, "v"); at most MaxClientName bytes

	MaxConns    int // connections of all torrents together, half-open ones included
	MaxHalfOpen int // connections being dialled at one time

	Transports Transports // that may be dialled [DIA-17]

	UploadSlots int        // peers unchoked at one time, the optimistic ones included; only FixedSlots looks at it
	SlotPolicy  SlotPolicy // where the number of slots comes from
	SeedOrder   SeedOrder  // by what a seed's slots are won
}

// DefaultConfig gives the limits of SPEC.md, with no identity and seed 0. What it leaves out is right when it is zero.
func DefaultConfig() Config {
	return Config{
		MaxConns:    200, // [LIM-1]
		MaxHalfOpen: 30,  // [DIA-1]
		UploadSlots: 8,   // [CHK-2]
	}
}
