package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/fault"
)

// result is a run as it is shown.
type result struct {
	crowd.Summary
	Wall    time.Duration
	Weight  int64  // bytes of memory a peer
	Mallocs uint64 // allocations of the run
	Events  uint64 // that any core was told
	Hash    string
	Checked bool   // a second run was the same
	Report  string // the page of its report; empty when none was written
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// rate is events a second of wall time.
func (r *result) rate() int64 {
	return int64(r.Messages) * int64(time.Second) / max(1, int64(r.Wall))
}

// allocations is how many of them an event took, setting up and all.
func (r *result) allocations() json.Number {
	n := r.Mallocs * 1000 / max(1, r.Messages)
	return json.Number(fmt.Sprintf("%d.%03d", n/1000, n%1000))
}

// percent writes thousandths.
func percent(permille int) string { return fmt.Sprintf("%d.%d %%", permille/10, permille%10) }

func mebibytes(n int64) string { return grouped((n+1<<19)>>20) + " MiB" }

// write shows a result to people.
func (r *result) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, seed %d: %s, %d completed in %s\n\n", r.Scenario, r.Seed, plural(r.Peers, "peer"), r.Completed, seconds(r.Virtual))
	fmt.Fprintln(w, "group\tpeers\tcompleted\tfirst\tmedian\t95 %\tlast\tdownloaded\tuploaded")
	for _, g := range r.Groups {
		fmt.Fprintf(w, "%s\t%d\t%d\t", g.Name, g.Peers, g.Times.Count)
		if t := g.Times; t.Count > 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t", seconds(t.Least), seconds(t.Median), seconds(t.P95), seconds(t.Most))
		} else {
			fmt.Fprint(w, "-\t-\t-\t-\t")
		}
		fmt.Fprintf(w, "%s\t%s\n", mebibytes(g.Downloaded), mebibytes(g.Uploaded))
	}
	fmt.Fprintln(w)
	line := func(what, format string, args ...any) { fmt.Fprintf(w, what+"\t"+format+"\n", args...) }
	switch {
	case r.Distance > 0:
		line("bound", "%s at best for all; it took %d.%02d times that (Kumar and Ross)", seconds(time.Duration(r.Bound)), r.Distance/1000, r.Distance%1000/10)
	case r.Bound != bt.Never:
		line("bound", "%s at best for all (Kumar and Ross)", seconds(time.Duration(r.Bound)))
	}
	line("utilisation", "%s of what all could have sent", percent(r.Utilisation))
	line("fairness", "%d of 1000 (Jain's index of download rates)", r.Fairness)
	line("overhead", "%s of what was delivered is no payload or in vain; %s protocol for %s payload", percent(r.Overhead),
		mebibytes(int64(r.Control)), mebibytes(r.Total.Downloaded))
	if r.Left+r.Crashes+r.Bans > 0 {
		line("life", "%d left, %d of them incomplete; %d crashes; %d bans, %d of them of innocents", r.Left, r.Quitters, r.Crashes, r.Bans, r.Innocent)
	}
	if injected := r.Faults.Mask().Kinds(); len(injected) > 0 {
		var list []string
		for _, k := range injected {
			list = append(list, k.String()+" "+grouped(int64(r.Faults[k])))
		}
		line("faults", "%s", strings.Join(list, ", "))
	}
	if h := r.Recovery; h.BeyondHelp() {
		line("healed", "beyond help: %d pieces are lost; %d of %d are complete", h.Lost, h.Completed, h.Core)
	} else if h.Begun {
		line("healed", "%d of %d are complete after %s", h.Completed, h.Core, seconds(h.Took))
	}
	line("events", "%s messages delivered, %s a second, %s allocations each", grouped(int64(r.Messages)), grouped(r.rate()), r.allocations())
	line("wall time", "%s", seconds(r.Wall))
	line("memory", "%s bytes a peer", grouped(r.Weight))
	line("trace hash", "%s", r.Hash)
	if r.Checked {
		line("check", "a second run was the same in all its %s events", grouped(int64(r.Events)))
	}
	if r.Report != "" {
		line("report", "%s", r.Report)
	}
	return w.Flush()
}

// thousandths is a time in seconds, as JSON has it.
func thousandths(d time.Duration) json.Number {
	ms := d.Milliseconds()
	return json.Number(fmt.Sprintf("%d.%03d", ms/1000, ms%1000))
}

// times is the "completion" of the JSON object.
type times struct {
	Count  int         `json:"count"`
	First  json.Number `json:"first_seconds"`
	P25    json.Number `json:"p25_seconds"`
	Median json.Number `json:"median_seconds"`
	P75    json.Number `json:"p75_seconds"`
	P95    json.Number `json:"p95_seconds"`
	Last   json.Number `json:"last_seconds"`
	Mean   json.Number `json:"mean_seconds"`
}

func timesOf(t crowd.Times) times {
	return times{t.Count, thousandths(t.Least), thousandths(t.P25), thousandths(t.Median), thousandths(t.P75), thousandths(t.P95),
		thousandths(t.Most), thousandths(t.Mean)}
}

// boundOf is the "bound_seconds" of the JSON object; empty when nothing is known.
func boundOf(r *result) json.Number {
	if r.Bound == bt.Never {
		return ""
	}
	return thousandths(time.Duration(r.Bound).Round(time.Millisecond))
}

// recovery is how the peers fared after all was healed.
type recovery struct {
	Core      int         `json:"peers"`
	Completed int         `json:"completed"`
	Lost      int         `json:"lost_pieces"`
	Took      json.Number `json:"seconds"`
}

func recoveryOf(r *crowd.Recovery) *recovery {
	if !r.Begun {
		return nil
	}
	return &recovery{r.Core, r.Completed, r.Lost, thousandths(r.Took)}
}

// counts is how often each fault was injected, by its name.
type counts map[string]uint64

func countsOf(of *fault.Counts) counts {
	c := counts{}
	for _, k := range of.Mask().Kinds() {
		c[k.String()] = of[k]
	}
	return c
}

// writeJSON writes a result as one object; docs/json.md has its keys.
func (r *result) writeJSON(out io.Writer) error {
	type group struct {
		Name       string `json:"name"`
		Peers      int    `json:"peers"`
		Times      times  `json:"completion"`
		Downloaded int64  `json:"downloaded_bytes"`
		Uploaded   int64  `json:"uploaded_bytes"`
	}
	groups := []group{}
	for _, g := range r.Groups {
		groups = append(groups, group{g.Name, g.Peers, timesOf(g.Times), g.Downloaded, g.Uploaded})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Scenario    string      `json:"scenario"`
		Seed        uint64      `json:"seed"`
		Peers       int         `json:"peers"`
		Completed   int         `json:"completed"`
		Virtual     json.Number `json:"virtual_seconds"`
		Wall        json.Number `json:"wall_seconds"`
		Events      uint64      `json:"events"`
		Rate        int64       `json:"events_per_second"`
		Mallocs     json.Number `json:"allocations_per_event"`
		Weight      int64       `json:"bytes_per_peer"`
		Hash        string      `json:"trace_hash"`
		Checked     bool        `json:"checked"`
		Times       times       `json:"completion"`
		Bound       json.Number `json:"bound_seconds,omitempty"`
		Distance    int         `json:"bound_ratio_permille,omitempty"`
		Utilisation int         `json:"utilisation_permille"`
		Fairness    int         `json:"fairness_permille"`
		Overhead    int         `json:"overhead_permille"`
		Left        int         `json:"left"`
		Quitters    int         `json:"left_incomplete"`
		Crashes     int         `json:"crashes"`
		Bans        int         `json:"bans"`
		Innocent    int         `json:"bans_of_innocents"`
		Payload     int64       `json:"payload_bytes"`
		Protocol    uint64      `json:"protocol_bytes"`
		Announces   int         `json:"announces"`
		Wasted      int64       `json:"wasted_bytes"`
		Corrupt     int64       `json:"corrupt_bytes"`
		Faults      counts      `json:"faults"`
		Recovery    *recovery   `json:"recovery,omitempty"`
		Groups      []group     `json:"groups"`
	}{
		r.Scenario, r.Seed, r.Peers, r.Completed, thousandths(r.Virtual), thousandths(r.Wall), r.Messages, r.rate(),
		r.allocations(), r.Weight, r.Hash, r.Checked, timesOf(r.Times), boundOf(r), r.Distance, r.Utilisation, r.Fairness, r.Overhead,
		r.Left, r.Quitters, r.Crashes, r.Bans, r.Innocent, r.Total.Downloaded,
		r.Control, r.Announces, r.Total.Wasted, r.Total.Corrupt, countsOf(&r.Faults), recoveryOf(&r.Recovery), groups,
	})
}
