package specmap

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Clause is one clause of SPEC.md, as its head and text say.
type Clause struct {
	Group       string // three capitals, such as "MSG"
	Number      int    // from 1, unique in the group
	Strength    string // "MUST", "SHOULD" or "MAY"
	Binds       string // "we" or "peer"
	Source      string // BEPs, deployed clients, or "decision", comma-separated
	Violation   string // kebab-case name; empty when the clause binds us
	Consequence string // "ignore", "count", "reject", "close" or "ban"; empty when it binds us
	Text        string // what follows the head, up to the first empty line
	Line        int    // of the head in SPEC.md, from 1
}

// ID is the clause's id as SPEC.md writes it, such as "MSG-4".
func (c Clause) ID() string { return c.Group + "-" + strconv.Itoa(c.Number) }

// Const is the name of the clause's constant in core/clause, such as "MSG4".
func (c Clause) Const() string { return c.Group + strconv.Itoa(c.Number) }

// ViolationConst is the name of the violation's constant, such as "HaveOutOfRange".
func (c Clause) ViolationConst() string {
	var b strings.Builder
	for word := range strings.SplitSeq(c.Violation, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return strings.ReplaceAll(b.String(), "Bittorrent", "BitTorrent")
}

// A head ends in a backslash, which is Markdown for a line break.
var (
	headStart = regexp.MustCompile(`^\*\*[A-Z]{3}-`)
	head      = regexp.MustCompile(`^\*\*([A-Z]{3})-([1-9][0-9]{0,2})\*\* · (MUST|SHOULD|MAY) · (we|peer) · (` + sources + `)` +
		"(?: · violation `([a-z]+(?:-[a-z]+)*)` → (ignore|count|reject|close|ban))?\\\\$")
	section = regexp.MustCompile(`^## ([A-Z]{3}): (.+)$`)
)

// sources is the pattern of a clause's third field.
const sources = source + `(?:, ` + source + `)*`
const source = `(?:BEP [0-9]+|deployed: [A-Za-z0-9]+|decision)`

// Parse reads the clauses of a specification, in its order. The error joins every
// fault of form: a malformed head, a duplicate id or violation, a number out of order, a
// clause outside its group's section, a peer's clause without violation.
func Parse(text string) ([]Clause, error) {
	r := reader{ids: map[string]int{}, violations: map[string]int{}}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if m := section.FindStringSubmatch(line); m != nil {
			r.group, r.last = m[1], 0
		}
		if headStart.MatchString(line) {
			r.clause(i+1, line, following(lines[i+1:]))
		}
	}
	return r.clauses, errors.Join(r.faults...)
}

// following joins the lines up to the first empty one.
func following(lines []string) string {
	end := slices.Index(lines, "")
	if end < 0 {
		end = len(lines)
	}
	return strings.Join(lines[:end], " ")
}

// reader gathers clauses and faults.
type reader struct {
	clauses    []Clause
	faults     []error
	group      string         // of the section we are in
	last       int            // number of the last clause in it
	ids        map[string]int // line of each id
	violations map[string]int // line of each violation
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("SPEC.md:%d: "+format, append([]any{line}, args...)...))
}

// clause reads one head and judges it against those before it.
func (r *reader) clause(line int, headLine, text string) {
	m := head.FindStringSubmatch(headLine)
	if m == nil {
		r.fault(line, "malformed head %q", headLine)
		return
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		r.fault(line, "%v", err)
		return
	}
	c := Clause{Group: m[1], Number: number, Strength: m[3], Binds: m[4], Source: m[5], Violation: m[6], Consequence: m[7], Text: text, Line: line}
	if before, taken := r.ids[c.ID()]; taken {
		r.fault(line, "%s is defined in line %d already", c.ID(), before)
	}
	if before, taken := r.violations[c.Violation]; taken && c.Violation != "" {
		r.fault(line, "violation %s is defined in line %d already", c.Violation, before)
	}
	if c.Group != r.group {
		r.fault(line, "%s stands in section %q", c.ID(), r.group)
	}
	if c.Number <= r.last {
		r.fault(line, "%s is out of order", c.ID())
	}
	if (c.Binds == "peer") != (c.Violation != "") {
		r.fault(line, "%s: a clause has a violation exactly when it binds the peer", c.ID())
	}
	if c.Text == "" {
		r.fault(line, "%s says nothing", c.ID())
	}
	r.last = c.Number
	r.ids[c.ID()], r.violations[c.Violation] = line, line
	r.clauses = append(r.clauses, c)
}
