package bt

// SlotPolicy is where the number of upload slots comes from.
type SlotPolicy uint8

// The policies.
const (
	FixedSlots     SlotPolicy = iota // as many as Config.UploadSlots says [CHK-2]
	RateSlots                        // as many as the rates of upload bear, at least one [CHK-13]
	UnlimitedSlots                   // one for everybody who is interested [CHK-14]
)

var slotPolicyNames = [...]string{FixedSlots: "fixed", RateSlots: "auto", UnlimitedSlots: "unlimited"}

// String is the policy in one lower-case word.
func (p SlotPolicy) String() string {
	if int(p) < len(slotPolicyNames) {
		return slotPolicyNames[p]
	}
	return "unknown"
}

// SeedOrder is by what a seed's upload slots are won.
type SeedOrder uint8

// The orders.
const (
	RoundRobin    SeedOrder = iota // by turns [CHK-5]
	FastestUpload                  // by what the peer takes [CHK-11]
	AntiLeech                      // by how near the peer is to the beginning or the end [CHK-12]
)

var seedOrderNames = [...]string{RoundRobin: "round-robin", FastestUpload: "fastest", AntiLeech: "anti-leech"}

// String is the order in one lower-case word.
func (o SeedOrder) String() string {
	if int(o) < len(seedOrderNames) {
		return seedOrderNames[o]
	}
	return "unknown"
}
