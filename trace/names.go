package trace

import (
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// vocabulary is a kind of values that have names. A trace lists them all at its head, in their order, so that who reads it need not know the
// numbers of the program that wrote it.
type vocabulary uint8

const (
	events vocabulary = iota
	effects
	wants
	transports
	transportSets
	sources
	faults
	causes
	violations
	reasons
	timers
	slotPolicies
	seedOrders
	flagNames
	numVocabularies
)

// eventNames and effectNames are what the kinds are called.
var (
	eventNames = [...]string{
		bt.Tick: "tick", bt.AddTorrent: "add-torrent", bt.RemoveTorrent: "remove-torrent", bt.AddPeer: "learn", bt.Dialled: "dialled",
		bt.Accept: "accept", bt.Received: "hear", bt.PayloadRead: "payload", bt.Closed: "closed", bt.Stored: "stored", bt.Fetched: "fetched",
		bt.Verified: "verified", bt.DiskReady: "disk-ready",
	}
	effectNames = [...]string{
		bt.None: "none", bt.Dial: "dial", bt.Need: "need", bt.WantWrite: "want-write", bt.PauseRead: "pause-read", bt.ResumeRead: "resume-read",
		bt.Close: "close", bt.Store: "store", bt.Release: "release", bt.Fetch: "fetch", bt.Verify: "verify", bt.Passed: "passed",
		bt.Completed: "completed", bt.Stalled: "stalled", bt.MorePeers: "more-peers", bt.Banned: "banned", bt.Noticed: "noticed",
	}
	wantNames = [...]string{bt.WantBytes: "bytes", bt.WantPayload: "payload", bt.WantDiscard: "discard"}
)

// vocabularies tells of each what its values are, and what they are called.
var vocabularies = [numVocabularies]struct {
	what  string
	names []string
}{
	events:        {"event", eventNames[:]},
	effects:       {"effect", effectNames[:]},
	wants:         {"want", wantNames[:]},
	transports:    {"transport", namesOf[bt.Transport](uint8(bt.UTP))},
	transportSets: {"set of transports", namesOf[bt.Transports](uint8(bt.TCPAndUTP))},
	sources:       {"source", namesOf[bt.Source](uint8(bt.Exchange))},
	faults:        {"fault", namesOf[bt.Fault](uint8(bt.Overrun))},
	causes:        {"cause", namesOf[bt.Cause](uint8(bt.TurnedOver))},
	violations:    {"violation", namesOf[clause.Violation](lastViolation())},
	reasons:       {"reason", namesOf[bt.Because](uint8(bt.NumReasons - 1))},
	timers:        {"timer", namesOf[bt.Timer](uint8(bt.NumTimers - 1))},
	slotPolicies:  {"slot policy", namesOf[bt.SlotPolicy](uint8(bt.UnlimitedSlots))},
	seedOrders:    {"seed order", namesOf[bt.SeedOrder](uint8(bt.AntiLeech))},
	flagNames:     {"flag", namesOf[peerfsm.Flag](uint8(peerfsm.NumFlags - 1))},
}

// namesOf lists the names of all values up to the last.
func namesOf[T interface {
	~uint8
	String() string
}](last uint8) (names []string) {
	for i := range int(last) + 1 {
		names = append(names, T(i).String())
	}
	return names
}

// lastViolation is the last that there is: behind it there are numbers only.
func lastViolation() (v uint8) {
	for !strings.HasPrefix(clause.Violation(v+1).String(), "violation(") {
		v++
	}
	return v
}

// dictionary is what the values of a trace mean here. A nil one is that of this program.
type dictionary struct {
	names  [numVocabularies][]string
	values [numVocabularies][]int16 // here; -1 where there is no such thing
}

// meaning translates a value; false when there is no such thing here.
func (d *dictionary) meaning(of vocabulary, v uint8) (uint8, bool) {
	if d == nil {
		return v, int(v) < len(vocabularies[of].names)
	}
	if int(v) >= len(d.values[of]) || d.values[of][v] < 0 {
		return 0, false
	}
	return uint8(d.values[of][v]), true
}

// called says how the trace calls a value that there is not here.
func (d *dictionary) called(of vocabulary, v uint8) string {
	if d == nil || int(v) >= len(d.names[of]) {
		return ""
	}
	return ", which the trace calls " + strconv.QuoteToASCII(d.names[of][v])
}

// translate finds out what the names of the trace mean here.
func (d *dictionary) translate() {
	for of := range numVocabularies {
		known := make(map[string]int16)
		for v, name := range vocabularies[of].names {
			known[name] = int16(v)
		}
		for _, name := range d.names[of] {
			v, ok := known[name]
			if !ok {
				v = -1
			}
			d.values[of] = append(d.values[of], v)
		}
	}
}

// names is the list of all vocabularies.
func (c *codec) names(d *dictionary) {
	n := int(numVocabularies)
	at := c.at
	if c.count(&n, MaxNames, "a number of lists of names"); n != int(numVocabularies) {
		c.fail(at, "there are "+strconv.Itoa(n)+" lists of names, not "+strconv.Itoa(int(numVocabularies)))
	}
	for of := range numVocabularies {
		n := len(d.names[of])
		c.count(&n, MaxNames, "a number of names")
		for i := 0; i < n && c.err == nil; i++ {
			var name string
			if !c.read {
				name = d.names[of][i]
			}
			if c.text(&name, "a name"); c.read {
				d.names[of] = append(d.names[of], name)
			}
		}
	}
}
