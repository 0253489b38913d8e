package specmap

import (
	"slices"
	"testing"
)

func TestGaps(t *testing.T) {
	clauses, err := Parse(goodSpec)
	if err != nil {
		t.Fatal(err)
	}
	none := &Citations{}
	if gaps := Gaps(clauses, nil, none); !slices.Equal(gaps, []Gap{{ID: "MSG-1", Code: true, Test: true}}) {
		t.Errorf("have %v, want the one MUST", gaps)
	}
	here := map[string][]string{"MSG-1": {"here"}}
	if gaps := Gaps(clauses, nil, &Citations{Code: here}); !slices.Equal(gaps, []Gap{{ID: "MSG-1", Code: false, Test: true}}) {
		t.Errorf("have %v, want a missing test", gaps)
	}
	if gaps := Gaps(clauses, nil, &Citations{Code: here, Test: here}); len(gaps) != 0 {
		t.Errorf("have %v, want none", gaps)
	}
}

func TestGapsOfValue(t *testing.T) {
	clauses, err := Parse(goodSpec)
	if err != nil {
		t.Fatal(err)
	}
	table := []Constant{{Name: "wait", Value: 3, Unit: "s", Clause: "FST-4"}}
	here := map[string][]string{"MSG-1": {"here"}}
	for _, c := range []struct {
		value int64
		want  []Gap
	}{{3e9, nil}, {3, []Gap{{ID: "FST-4", Value: true}}}} {
		found := &Citations{Code: here, Test: here, Values: map[string][]int64{"FST-4": {c.value}}}
		if gaps := Gaps(clauses, table, found); !slices.Equal(gaps, c.want) {
			t.Errorf("%d: have %v, want %v", c.value, gaps, c.want)
		}
	}
}

func TestRatchet(t *testing.T) {
	both, code, test := Gap{ID: "MSG-1", Code: true, Test: true}, Gap{ID: "MSG-1", Code: true, Test: false}, Gap{ID: "MSG-1", Code: false, Test: true}
	value := Gap{ID: "MSG-1", Value: true}
	for _, c := range []struct {
		name          string
		gaps, pending []Gap
		faults        int
		pruned        []Gap
	}{
		{"nothing", nil, nil, 0, nil},
		{"all pending", []Gap{both}, []Gap{both}, 0, []Gap{both}},
		{"not listed", []Gap{both}, nil, 2, nil},
		{"half listed", []Gap{both}, []Gap{test}, 1, []Gap{test}},
		{"covered", nil, []Gap{both}, 2, nil},
		{"half covered", []Gap{test}, []Gap{both}, 1, []Gap{test}},
		{"value not listed", []Gap{value}, nil, 1, nil},
		{"value covered", nil, []Gap{value}, 1, nil},
		{"value pending", []Gap{value}, []Gap{value}, 0, []Gap{value}},
		{"exchanged", []Gap{test}, []Gap{code}, 2, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if bad := Ratchet(c.gaps, c.pending); len(bad) != c.faults {
				t.Errorf("have %q, want %d faults", bad, c.faults)
			}
			if pruned := Prune(c.gaps, c.pending); !slices.Equal(pruned, c.pruned) {
				t.Errorf("pruned to %v, want %v", pruned, c.pruned)
			}
		})
	}
}

func TestParseGaps(t *testing.T) {
	gaps, err := ParseGaps("# head\n\nMSG-1 code test\nMSG-2 test value\n")
	if want := []Gap{{ID: "MSG-1", Code: true, Test: true}, {ID: "MSG-2", Test: true, Value: true}}; err != nil || !slices.Equal(gaps, want) {
		t.Errorf("have %v, %v, want %v", gaps, err, want)
	}
	for _, text := range []string{"MSG-1", "MSG-1 later", "MSG-1 code soon"} {
		if _, err := ParseGaps(text); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
}
