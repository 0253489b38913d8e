package clause

import "testing"

func TestParseFindsEveryClause(t *testing.T) {
	for id := ID(1); int(id) < len(clauses); id++ {
		if found, ok := Parse(id.String()); !ok || found != id {
			t.Errorf("Parse(%q) = %v, %v", id.String(), found, ok)
		}
	}
	for _, text := range []string{"", "MSG-0", "MSG-999", "msg-1", "MSG1"} {
		if id, ok := Parse(text); ok {
			t.Errorf("Parse(%q) = %v", text, id)
		}
	}
}

func TestViolationsBelongToClausesOfThePeer(t *testing.T) {
	seen := map[ID]bool{}
	for v := Violation(1); int(v) < len(violations); v++ {
		if v.Clause().Binds() != Peer {
			t.Errorf("%s breaks %s, which binds us", v, v.Clause())
		}
		if seen[v.Clause()] {
			t.Errorf("%s has two violations", v.Clause())
		}
		seen[v.Clause()] = true
	}
	for id := ID(1); int(id) < len(clauses); id++ {
		if id.Binds() == Peer && !seen[id] {
			t.Errorf("%s binds the peer and has no violation", id)
		}
	}
}

// Values that name nothing must not take a log line down.
func TestOutOfRange(t *testing.T) {
	if s := ID(60000).String(); s != "clause(60000)" {
		t.Error(s)
	}
	if s := Violation(255).String(); s != "violation(255)" {
		t.Error(s)
	}
	if ID(60000).Strength() != Must || ID(60000).Binds() != Us || Violation(255).Clause() != 0 || Violation(255).Consequence() != Ignore {
		t.Error("what names nothing has properties")
	}
	if s := Strength(9).String() + Consequence(9).String(); s != "strength(9)consequence(9)" {
		t.Error(s)
	}
}

func TestRecorder(t *testing.T) {
	r := new(Recorder)
	r.Hit(HSK1)
	r.Hit(HSK1)
	r.Hit(60000)
	if r.Hits(HSK1) != 2 || r.Hits(HSK2) != 0 || r.Hits(60000) != 0 {
		t.Errorf("%d %d", r.Hits(HSK1), r.Hits(HSK2))
	}
	var none *Recorder
	none.Hit(HSK1)
	if none.Hits(HSK1) != 0 {
		t.Error("a nil recorder counts")
	}
	if n := testing.AllocsPerRun(100, func() { r.Hit(MSG4); none.Hit(MSG4) }); n != 0 {
		t.Errorf("%v allocations a hit", n)
	}
}
