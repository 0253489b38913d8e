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
	if gaps := Gaps(clauses, none); !slices.Equal(gaps, []Gap{{"MSG-1", true, true}}) {
		t.Errorf("have %v, want the one MUST", gaps)
	}
	here := map[string][]string{"MSG-1": {"here"}}
	if gaps := Gaps(clauses, &Citations{Code: here}); !slices.Equal(gaps, []Gap{{"MSG-1", false, true}}) {
		t.Errorf("have %v, want a missing test", gaps)
	}
	if gaps := Gaps(clauses, &Citations{Code: here, Test: here}); len(gaps) != 0 {
		t.Errorf("have %v, want none", gaps)
	}
}

func TestRatchet(t *testing.T) {
	both, code, test := Gap{"MSG-1", true, true}, Gap{"MSG-1", true, false}, Gap{"MSG-1", false, true}
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
	gaps, err := ParseGaps("# head\n\nMSG-1 code test\nMSG-2 test\n")
	if want := []Gap{{"MSG-1", true, true}, {"MSG-2", false, true}}; err != nil || !slices.Equal(gaps, want) {
		t.Errorf("have %v, %v, want %v", gaps, err, want)
	}
	for _, text := range []string{"MSG-1", "MSG-1 later", "MSG-1 code soon"} {
		if _, err := ParseGaps(text); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
}
