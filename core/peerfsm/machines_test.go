package peerfsm

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"peerwire/core/bt"
	"peerwire/core/fsm"
)

// The flag is datadriven's too, which some test of this binary may have brought along.
func init() {
	if flag.Lookup("rewrite") == nil {
		flag.Bool("rewrite", false, "write golden files anew")
	}
}

func rewriting() bool {
	f := flag.Lookup("rewrite")
	return f.Value.String() == "true"
}

// golden compares a text with a file, or writes the file.
func golden(t *testing.T, path, have string) {
	t.Helper()
	if rewriting() {
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), have); diff != "" {
		t.Errorf("%s is stale; run the tests with -rewrite if the change is meant:\n%s", path, diff)
	}
}

// The whole matrix of every machine is on file, so that no change of it goes unseen.
func TestMatrices(t *testing.T) {
	for _, m := range machines {
		name := strings.ReplaceAll(m.Name(), " ", "-")
		golden(t, filepath.Join("testdata", "machines", name+".golden"), m.Matrix())
	}
}

// titles are the status methods that each machine stands behind.
var titles = [numMachines]string{
	mLink: "Queued, Connecting, Handshake", mBinding: "Torrent", mOrigin: "LocalConnection", mExtensions: "SupportExtensions",
	mSlot: "Choked, OptimisticUnchoke", mInterest: "Interesting", mTheirChoke: "RemoteChoked", mTheirInterest: "RemoteInterested",
	mService: "Snubbed", mTrust: "OnParole", mSupply: "Pieces, Seed", mIntent: "UploadOnly",
}

// section is the part of SPEC.md between the markers.
func section() string {
	var b strings.Builder
	for i, m := range machines {
		fmt.Fprintf(&b, "### Machine %s: %s\n\n", m.Name(), titles[i])
		if i == mOrigin {
			b.WriteString("It has two states, outgoing and incoming, and no events.\n\n")
			continue
		}
		fmt.Fprintf(&b, "```mermaid\n%s```\n\n%s\n", m.Mermaid(), m.Rows())
	}
	fmt.Fprintf(&b, "### What couples the machines\n\nWhenever a machine enters a state, something happens to another:\n\n%s\n", joint.Rules())
	fmt.Fprintf(&b, "Some events are refused unless another machine is in a certain state:\n\n%s\n", joint.Needs())
	fmt.Fprintf(&b, "Together the machines have %d reachable states.\n", len(reachable()))
	return b.String()
}

// SPEC.md shows the tables as they are.
func TestSpecIsFresh(t *testing.T) {
	const path, begin, end = "../../SPEC.md", "<!-- generated: machines -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the markers %q and %q", path, begin, end)
	}
	golden(t, path, head+begin+"\n"+section()+"\n"+end+tail)
}

// reachable lists every state of the machines together that any history leads to, in the order found.
func reachable() []State {
	states := []State{NewState(bt.Outgoing), NewState(bt.Incoming)}
	seen := map[State]bool{states[0]: true, states[1]: true}
	for i := 0; i < len(states); i++ {
		for e := range Ev(numEvents) {
			s := states[i]
			s.Step(e, nil)
			if !seen[s] {
				seen[s] = true
				states = append(states, s)
			}
		}
	}
	return states
}

// Every state of every machine is reached within the whole, and every event is legal somewhere.
func TestNothingIsDead(t *testing.T) {
	var seen [numMachines][fsm.MaxStates]bool
	var legal [numEvents]bool
	for _, before := range reachable() {
		for m, at := range before.at {
			seen[m][at] = true
		}
		for e := range Ev(numEvents) {
			s := before
			_, ok := s.Step(e, nil)
			legal[e] = legal[e] || ok
		}
	}
	for i, m := range machines {
		for s := range m.States() {
			if !seen[i][s] {
				t.Errorf("nothing leads to %s %s", m.Name(), m.StateName(fsm.State(s)))
			}
		}
	}
	for e, ok := range legal {
		if !ok {
			t.Errorf("%s is never legal", eventNames[e])
		}
	}
}

// Every rule, and every need of every event, makes a difference in some reachable state: none
// follows from the others.
func TestNoCouplingIsIdle(t *testing.T) {
	states := reachable()
	for i := range rules {
		if sameWithout(t, states, slices.Delete(slices.Clone(rules), i, i+1), needs) {
			t.Errorf("rule %d changes nothing", i)
		}
	}
	for i, n := range needs {
		for k := range n.On {
			fewer := slices.Clone(needs)
			fewer[i].On = slices.Delete(slices.Clone(n.On), k, k+1)
			if len(fewer[i].On) == 0 {
				fewer = slices.Delete(fewer, i, i+1)
			}
			if sameWithout(t, states, rules, fewer) {
				t.Errorf("need %d of %s refuses nothing", i, eventNames[n.On[k]])
			}
		}
	}
}

// sameWithout tells whether other rules and needs do the same with every event in all the states.
func sameWithout(t *testing.T, states []State, rules []fsm.Rule, needs []fsm.Need) bool {
	t.Helper()
	other, err := fsm.Join(machines, rules, needs)
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range states {
		for e := range Ev(numEvents) {
			have, want := before, before
			_, ok := other.Step(have.at[:], e, nil)
			_, wantOK := want.Step(e, nil)
			if have != want || ok != wantOK {
				return false
			}
		}
	}
	return true
}
