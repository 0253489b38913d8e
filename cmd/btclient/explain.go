package main

import (
	"strings"

	"peerwire/cmd/btclient/internal/ui"
	"peerwire/core"
	"peerwire/core/bt"
)

// explainAll stands for every connection.
const explainAll = "all"

// explainTo adds why flags are as they are, for the connections that the user has chosen.
func (j *job) explainTo(v *ui.View) {
	v.Explain = j.explain
	if j.explain == "" {
		return
	}
	for i := range j.snap.Peers {
		p := &j.snap.Peers[i]
		if j.explain != explainAll && !strings.HasPrefix(v.Peers[i].Addr, j.explain) {
			continue
		}
		all, ok := j.client.Why(p.Conn)
		if !ok {
			continue // it has ended since
		}
		for k := range all {
			v.Peers[i].Why = append(v.Peers[i].Why, reasonOf(&all[k], j.snap.Now))
		}
	}
}

func reasonOf(e *core.Explanation, now bt.Instant) ui.Reason {
	r := ui.Reason{
		Flag: e.Flag.String(), Is: e.Is, Since: max(0, now.Sub(e.Why.Since)), Text: e.Text(now),
		Reason: e.Why.Because.String(), Clause: e.Why.Because.Clause().String(),
	}
	for i, q := range e.Why.Because.Numbers() {
		r.Numbers = append(r.Numbers, ui.Number{Name: q.Name, Value: e.Why.Number(i)})
	}
	if e.Next != bt.Never {
		r.Next, r.NextIn = e.Timer.String(), e.Next.Sub(now)
	}
	return r
}
