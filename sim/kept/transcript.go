package kept

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"peerwire/core/bt"
	"peerwire/sim/campaign"
	"peerwire/sim/check"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
	"peerwire/trace"
)

// Errors that say why there is no transcript of a failure.
var (
	errSwarm = errors.New("it is a failure of the swarm, and of no core's conversation")
	errAlone = errors.New("the core does not fail in the same conversation without the swarm around it")
	errOther = errors.New("the scenario does not fail so when it runs again")
	errLate  = errors.New("there was no time to make one")
)

// ofSwarm are the checkers that look at nobody's core in particular.
var ofSwarm = map[string]bool{
	string(check.Liveness): true, string(check.Conservation): true, string(check.Uplink): true, campaign.Endless: true,
}

// Transcript is the conversation of the core with which something is wrong when a scenario runs, which has failed with v: as short as could be made until
// enough, which may be nil, is true. It fails with the same checker when it is played.
func Transcript(s *scenario.Scenario, v campaign.Verdict, enough func() bool) (string, error) {
	if ofSwarm[v.Checker] {
		return "", errSwarm
	}
	var text bytes.Buffer
	var world *crowd.Crowd
	record := trace.NewWriter(&text, "campaign")
	again := campaign.Run(s, campaign.Options{Record: record, Enough: enough, Also: func(c *crowd.Crowd) error { world = c; return nil }})
	if again.Late {
		return "", errLate
	}
	if again.Checker != v.Checker {
		return "", errOther
	}
	if err := record.Flush(); err != nil {
		return "", err
	}
	a, err := recount(text.Bytes(), v.Node)
	if err != nil {
		return "", err
	}
	var suspect func(netip.Addr) bool
	if v.Checker == string(check.Innocents) {
		suspect = world.Suspect
	}
	return a.transcript(s.Called(), v, suspect, enough)
}

// transcript is the shortest that fails as the core did; suspect, if there is one, tells of whom others may think ill.
func (a *account) transcript(torrent string, v campaign.Verdict, suspect func(netip.Addr) bool, enough func() bool) (string, error) {
	for _, m := range manners {
		lines, setup, err := retell(a, m, torrent, bt.Instant(v.Virtual), suspect)
		if err != nil {
			return "", err
		}
		k := &shortener{checker: v.Checker, lines: lines, enough: enough}
		if k.fails(lines) {
			k.shorten(setup)
			return write(k.lines, v, a.begin.Name), nil
		}
		if k.over() {
			return "", errLate
		}
	}
	return "", errAlone
}

// write writes a transcript, with what is seen when it is played.
func write(lines []string, v campaign.Verdict, who string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", strings.ReplaceAll(v.Text, "\n", " "))
	fmt.Fprintf(&b, "# What %s is told fails as long as its core has the bug. What it answers is what was seen then; nobody compares it.\n", who)
	fmt.Fprintf(&b, "%s%s\n", forChecker, v.Checker)
	p := newPlayer(v.Checker, nil)
	for i := 0; i < len(lines); i++ {
		if p.verdict.Failed() {
			break
		}
		line := lines[i]
		if !setsUp(line) || i+1 == len(lines) || !setsUp(lines[i+1]) {
			fmt.Fprintf(&b, "\n%s\n----\n%s", line, p.do(line, ""))
			continue
		}
		b.WriteString("\nscene\n")
		for ; i < len(lines) && setsUp(lines[i]); i++ {
			p.do(lines[i], "")
			b.WriteString(lines[i] + "\n")
		}
		i--
		b.WriteString("----\nok\n")
	}
	return b.String()
}

// setsUp tells whether nobody needs to see what comes of a line.
func setsUp(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case lenient, "torrent", "raw", "node":
		return true
	}
	return verb == "disk" && strings.HasSuffix(rest, " by-hand")
}
