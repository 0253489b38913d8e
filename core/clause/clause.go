package clause

import "strconv"

// ID names one clause of SPEC.md. The zero ID names none. Its number is for this
// build only: store its String.
type ID uint16

// String is the id as SPEC.md writes it, such as "MSG-4".
func (id ID) String() string {
	if id == 0 || int(id) >= len(clauses) {
		return "clause(" + strconv.Itoa(int(id)) + ")"
	}
	return clauses[id].name
}

// Strength tells how firmly the clause binds; of an ID that is none, Must.
func (id ID) Strength() Strength { return clauses[id.index()].strength }

// Binds tells whom the clause binds; of an ID that is none, Us.
func (id ID) Binds() Party { return clauses[id.index()].binds }

// index is a safe index into clauses: 0 for what names no clause.
func (id ID) index() int {
	if int(id) >= len(clauses) {
		return 0
	}
	return int(id)
}

// Parse finds the ID that a text such as "MSG-4" names, and tells whether there is one.
func Parse(text string) (ID, bool) {
	for id := 1; id < len(clauses); id++ {
		if clauses[id].name == text {
			return ID(id), true
		}
	}
	return 0, false
}

// row is what the generated table holds of a clause.
type row struct {
	name     string
	strength Strength
	binds    Party
}

// Strength is how firmly a clause binds, as in RFC 2119.
type Strength uint8

// The three strengths.
const (
	Must Strength = iota
	Should
	May
)

var strengthNames = [...]string{"MUST", "SHOULD", "MAY"}

// String is "MUST", "SHOULD" or "MAY".
func (s Strength) String() string {
	if int(s) < len(strengthNames) {
		return strengthNames[s]
	}
	return "strength(" + strconv.Itoa(int(s)) + ")"
}

// Party is whom a clause binds.
type Party uint8

// The two parties.
const (
	Us   Party = iota // the implementation that follows SPEC.md
	Peer              // whoever is at the other end
)

// String is "we" or "peer", as SPEC.md writes them.
func (p Party) String() string {
	if p == Us {
		return "we"
	}
	return "peer"
}
