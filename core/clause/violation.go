package clause

import "strconv"

// Violation is the breach of one clause that binds the peer. The zero Violation is none.
type Violation uint8

// Clause is the clause that was broken; zero for no violation.
func (v Violation) Clause() ID { return violations[v.index()].clause }

// Consequence is what the violation costs; Ignore for no violation.
func (v Violation) Consequence() Consequence { return violations[v.index()].consequence }

// String is the name as SPEC.md writes it, such as "have-out-of-range".
func (v Violation) String() string {
	if int(v) >= len(violations) {
		return "violation(" + strconv.Itoa(int(v)) + ")"
	}
	return violations[v].name
}

// index is a safe index into violations: 0 for what names none.
func (v Violation) index() int {
	if int(v) >= len(violations) {
		return 0
	}
	return int(v)
}

// breach is what the generated table holds of a violation.
type breach struct {
	name        string
	clause      ID
	consequence Consequence
}

// Consequence is what a violation costs the peer, mildest first.
type Consequence uint8

// The five consequences.
const (
	Ignore Consequence = iota // pass over it
	Count                     // pass over it, and count a strike [LIM-5]
	Reject                    // answer with a reject where Fast allows, and count a strike
	Close                     // close the connection
	Ban                       // close, and refuse the address while the ban lasts [TRU-7]
)

var consequenceNames = [...]string{"ignore", "count", "reject", "close", "ban"}

// String is the consequence as SPEC.md writes it.
func (c Consequence) String() string {
	if int(c) < len(consequenceNames) {
		return consequenceNames[c]
	}
	return "consequence(" + strconv.Itoa(int(c)) + ")"
}
