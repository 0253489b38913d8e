package specmap

import (
	"strings"
	"testing"
)

const goodSpec = `## MSG: messages

**MSG-1** · MUST · we · BEP 3\
We do.

**MSG-2** · SHOULD · peer · BEP 3, deployed: libtorrent · violation ` + "`have-out-of-range`" + ` → close\
It does,
in two lines.

## FST: fast

**FST-4** · MAY · we · decision\
We may.
`

func TestParse(t *testing.T) {
	clauses, err := Parse(goodSpec)
	if err != nil {
		t.Fatal(err)
	}
	if len(clauses) != 3 {
		t.Fatalf("%d clauses, want 3", len(clauses))
	}
	want := Clause{Group: "MSG", Number: 2, Strength: "SHOULD", Binds: "peer", Source: "BEP 3, deployed: libtorrent",
		Violation: "have-out-of-range", Consequence: "close", Text: "It does, in two lines.", Line: 6}
	if clauses[1] != want {
		t.Errorf("have %+v\nwant %+v", clauses[1], want)
	}
	if id, name, violation := want.ID(), want.Const(), want.ViolationConst(); id != "MSG-2" || name != "MSG2" || violation != "HaveOutOfRange" {
		t.Errorf("names %s %s %s", id, name, violation)
	}
}

func TestParseRefuses(t *testing.T) {
	peer := " · MUST · peer · BEP 3 · violation `a-b` → close\\\nIt does.\n\n"
	we := " · MUST · we · BEP 3\\\nWe do.\n\n"
	for _, c := range []struct{ name, text, want string }{
		{"strength", "**MSG-1** · must · we · BEP 3\\\nWe do.\n", "malformed head"},
		{"party", "**MSG-1** · MUST · they · BEP 3\\\nWe do.\n", "malformed head"},
		{"source", "**MSG-1** · MUST · we · hearsay\\\nWe do.\n", "malformed head"},
		{"number", "**MSG-01** · MUST · we · BEP 3\\\nWe do.\n", "malformed head"},
		{"consequence", "**MSG-1** · MUST · peer · BEP 3 · violation `a-b` → shout\\\nIt does.\n", "malformed head"},
		{"violation's name", "**MSG-1** · MUST · peer · BEP 3 · violation `A_b` → close\\\nIt does.\n", "malformed head"},
		{"duplicate id", "**MSG-1**" + we + "**MSG-1**" + we, "already"},
		{"duplicate violation", "**MSG-1**" + peer + "**MSG-2**" + peer, "already"},
		{"order", "**MSG-2**" + we + "**MSG-1**" + we, "out of order"},
		{"wrong section", "**FST-1**" + we, "stands in section"},
		{"peer without violation", "**MSG-1** · MUST · peer · BEP 3\\\nIt does.\n", "exactly when it binds the peer"},
		{"violation of ours", "**MSG-1** · MUST · we · BEP 3 · violation `a-b` → close\\\nWe do.\n", "exactly when it binds the peer"},
		{"no text", "**MSG-1** · MUST · we · BEP 3\\\n\nLater.\n", "says nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("## MSG: messages\n\n" + c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("have %v, want %q", err, c.want)
			}
		})
	}
}
