package kept

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"peerwire/sim/campaign"
	"peerwire/sim/check"
	"peerwire/sim/scenario"
	"peerwire/trace"
)

const liar = `
until = "5m"
[torrent]
size = "64 KiB"
piece = "16 KiB"
[[peers]]
name = "seed"
have = "all"
[[peers]]
name = "liar"
have = "all"
[[peers]]
name = "peer"
count = 2
[[faults]]
name = "bad-pieces"
peers = "liar"
chance = 1000000
`

// What a core does in a swarm that is a failure, here the ban of a liar whom the transcript takes for innocent, is kept as a short transcript that
// fails so; and that passes when it is none.
func TestTranscript(t *testing.T) {
	s, err := scenario.Read("liars.toml", []byte(liar))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	w := trace.NewWriter(&text, "test")
	if v := campaign.Run(s, campaign.Options{Record: w}); v.Failed() || w.Flush() != nil {
		t.Fatalf("%+v", v)
	}
	v := campaign.Verdict{Checker: string(check.Innocents), Text: "it bans the liar", Node: "peer1", Virtual: 5 * time.Minute}
	a, err := recount(text.Bytes(), v.Node)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := a.transcript(s.Called(), v, func(netip.Addr) bool { return false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := Play(kept); Checker(kept) != v.Checker || got.Checker != v.Checker || got.Node != v.Node {
		t.Errorf("%+v\n%s", got, kept)
	}
	if got := Play(strings.ReplaceAll(kept, " innocent\n", "\n")); got.Failed() {
		t.Errorf("%+v\n%s", got, kept)
	}
	if n := strings.Count(kept, "\n"); n > 60 || !strings.Contains(kept, "peer1 bans ") || !strings.Contains(kept, "liar answers ") {
		t.Errorf("%d lines\n%s", n, kept)
	}
	over := func() bool { return true }
	if _, err := a.transcript(s.Called(), v, nil, over); err != errLate {
		t.Error(err)
	}
	if _, err := Transcript(s, v, over); err != errLate {
		t.Error(err)
	}
	v.Node = "nobody"
	if _, err := recount(text.Bytes(), v.Node); err == nil {
		t.Error("something was recorded of nobody")
	}
	if _, err := Transcript(s, campaign.Verdict{Checker: string(check.Liveness)}, nil); err != errSwarm {
		t.Error(err)
	}
	if _, err := Transcript(s, v, nil); err != errOther {
		t.Error(err)
	}
}
