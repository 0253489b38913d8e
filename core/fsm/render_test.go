package fsm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	m := mustCompile(t, door(), doorEvents)
	for _, c := range []struct{ name, got, want string }{
		{"rows", m.Rows(), `| event | from | to | clause |
| --- | --- | --- | --- |
| pull | shut, ajar | ajar | HSK-1 |
| push | ajar | shut | HSK-2 |
| turn | shut | locked | HSK-3 |
| turn | locked | shut | HSK-4 |
`},
		{"matrix", m.Matrix(), `door  shut    ajar  locked
pull  ajar    ajar  -
push  -       shut  -
turn  locked  -     shut
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
`, j.Rules()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`| event | only while | is | clause |
| --- | --- | --- | --- |
| turn | lamp | off | HSK-8 |
| switch on, soothe | door | shut, ajar | HSK-9 |
`, j.Needs()); diff != "" {
		t.Error(diff)
	}
}
