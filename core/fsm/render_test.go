package fsm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	m := mustCompile(t, door(), doorEvents)
	for _, c := range []struct{ name, got, want string }{
		{"rows", RowLines(m.Rows()).Markdown(), `| event | from | to | clause |
| --- | --- | --- | --- |
| pull | shut, ajar | ajar | HSK-1 |
| push | ajar | shut | HSK-2 |
| turn | shut | locked | HSK-3 |
| turn | locked | shut | HSK-4 |
`},
		{"matrix", m.Matrix().Columns(), `door  shut    ajar  locked  clause
pull  ajar    ajar  -       HSK-1
push  -       shut  -       HSK-2
turn  locked  -     shut    HSK-3, HSK-4
`},
		{"mermaid", m.Mermaid(), `stateDiagram-v2
    [*] --> shut
    ajar --> ajar: pull
    ajar --> shut: push
    locked --> shut: turn
    shut --> ajar: pull
    shut --> locked: turn
    [*] --> locked
`},
		{"graphviz", m.Graphviz(), `digraph "door" {
    "ajar" -> "ajar" [ label = "pull" ];
    "ajar" -> "shut" [ label = "push" ];
    "locked" -> "shut" [ label = "turn" ];
    "shut" -> "ajar" [ label = "pull" ];
    "shut" -> "locked" [ label = "turn" ];

    "ajar";
    "locked";
    "shut" [color = "red"];
    "locked" [color = "red"];
}
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRenderJoint(t *testing.T) {
	j := mustJoin(t)
	if diff := cmp.Diff(`| when | enters | then | clause |
| --- | --- | --- | --- |
| door | ajar | switch on | HSK-5 |
| door | shut | switch off | HSK-6 |
| lamp | on | fright | HSK-7 |
`, RuleLines(j.Rules()).Markdown()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`| event | only while | is | clause |
| --- | --- | --- | --- |
| turn | lamp | off | HSK-8 |
| switch on, soothe | door | shut, ajar | HSK-9 |
`, NeedLines(j.Needs()).Markdown()); diff != "" {
		t.Error(diff)
	}
}

// Who asks for some machines is told what acts on them, and what they act on.
func TestCouplingsOf(t *testing.T) {
	j := mustJoin(t)
	if diff := cmp.Diff([]NamedRule{{"lamp", "on", "fright", "HSK-7"}}, j.Rules(theCat)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]NamedNeed{{[]string{"soothe"}, "door", []string{"shut", "ajar"}, "HSK-9"}}, j.Needs(theCat)); diff != "" {
		t.Error(diff)
	}
	if n := len(j.Rules(theDoor, theCat)); n != 3 {
		t.Errorf("%d rules for door and cat, want all three", n)
	}
}

// A machine without rows is drawn all the same.
func TestDrawConstant(t *testing.T) {
	m := mustCompile(t, Table{Name: "side", States: []string{"left", "right"}, Starts: []State{0, 1}}, doorEvents)
	if diff := cmp.Diff("stateDiagram-v2\n    [*] --> left\n    [*] --> right\n", m.Mermaid()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("digraph \"side\" {\n\n    \"left\" [color = \"red\"];\n    \"right\" [color = \"red\"];\n}\n", m.Graphviz()); diff != "" {
		t.Error(diff)
	}
}
