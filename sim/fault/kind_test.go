package fault_test

import (
	"testing"

	"peerwire/sim/fault"
)

// Every fault has a name of its own, which finds it, and says what it is and how much of it there usually is.
func TestInfos(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range fault.All() {
		i := k.Info()
		if i.Name == "" || i.Means == "" || i.Usual == (fault.Dose{}) || seen[i.Name] {
			t.Errorf("%d: %+v", k, i)
		}
		seen[i.Name] = true
		if found, ok := fault.Named(i.Name); !ok || found != k {
			t.Errorf("%s finds %v", i.Name, found)
		}
		if i.Usual.Every > 0 && i.Usual.Chance > 0 {
			t.Errorf("%s comes by time and by chance", i.Name)
		}
	}
	if _, ok := fault.Named(""); ok {
		t.Error("a fault has no name")
	}
}

func TestMask(t *testing.T) {
	all := fault.Every()
	if kinds := fault.All(); all.Len() != len(kinds) || len(all.Kinds()) != len(kinds) || fault.Of(kinds...) != all {
		t.Errorf("%b %v", all, kinds)
	}
	m := fault.Of(fault.Loss, fault.Crash)
	if !m.Has(fault.Loss) || m.Has(fault.Reset) || m.Without(fault.Loss) != fault.Of(fault.Crash) || m.With(fault.Loss) != m {
		t.Errorf("%v", m.Kinds())
	}
	c := fault.Counts{}
	c[fault.Loss], c[fault.Crash] = 3, 4
	if c.Mask() != m || c.Total() != 7 {
		t.Errorf("%v %d", c.Mask().Kinds(), c.Total())
	}
}
