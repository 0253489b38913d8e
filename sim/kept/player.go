package kept

import (
	"fmt"
	"math"
	"net/netip"
	"strings"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/campaign"
	"peerwire/sim/check"
	"peerwire/sim/script"
)

// Script is the checker of a transcript with which something is wrong itself.
const Script = "script"

// player plays a transcript command by command, and lets all checkers look that look at one core.
type player struct {
	script  *script.Script
	nodes   []*sim.Node
	round   check.Round
	verdict campaign.Verdict
}

// newPlayer plays in a world of its own. checker is the one that the transcript is kept for: the model follows when it is the model's. What is played
// goes into a trace, if there is one.
func newPlayer(checker string, t *sim.Trace) *player {
	p := &player{}
	o := sim.Options{Seed: 1, Apart: true, Watch: p.watch, Trace: t}
	if strings.HasPrefix(checker, "model ") {
		o.Judge = func(cfg bt.Config) sim.Judge { return campaign.Judge(cfg, math.MaxInt) }
	}
	p.script = script.New(o)
	return p
}

// watch gives a node somebody who looks at it after every event. The torrent must be there before the node.
func (p *player) watch(n *sim.Node) sim.Watcher {
	torrents := p.script.World().Torrents()
	if len(torrents) == 0 {
		return nil
	}
	p.nodes = append(p.nodes, n)
	return check.Watch(n, torrents[0], p.rules(n))
}

// rules are what a node was told to keep to.
func (p *player) rules(n *sim.Node) check.Rules {
	r := check.RulesOf(n.Config())
	r.Innocent = p.innocent
	return r
}

// innocent tells whether a peer is at an address that the transcript calls innocent.
func (p *player) innocent(at netip.Addr) bool {
	for _, h := range p.script.World().Hosts() {
		if r, ok := h.(*sim.Raw); ok && r.Innocent && r.Addr().Addr() == at {
			return true
		}
	}
	return false
}

// do plays a command and gives what was to be seen; nothing is played any more when a checker has failed.
func (p *player) do(line, input string) (seen string) {
	if p.verdict.Failed() {
		return ""
	}
	defer func() {
		if r := recover(); r != nil {
			p.verdict = campaign.Verdict{Checker: campaign.Panic, Text: fmt.Sprint(r)}
			seen = sim.Format(p.script.World().Journal()) + "fault: " + p.verdict.Text + "\n"
		}
	}()
	seen = p.script.Do(line, input)
	if err := p.script.World().Fault(); err != nil {
		p.fail(campaign.CheckerOf(err), err)
	} else if err := p.script.Err(); err != nil {
		p.fail(Script, err)
	} else if err := p.look(); err != nil {
		p.fail(campaign.CheckerOf(err), err)
		seen += "fault: " + err.Error() + "\n"
	}
	return seen
}

func (p *player) fail(checker string, err error) {
	p.verdict = campaign.Verdict{Checker: checker, Text: err.Error(), Node: campaign.NodeOf(err)}
}

// look asks the checkers that do not look after every event.
func (p *player) look() error {
	w := p.script.World()
	for _, n := range p.nodes {
		t := w.Torrents()[0]
		ts, ok := n.Torrent(t.ID)
		if !ok {
			continue
		}
		if err := p.round.Node(w.Now(), n, t, p.rules(n)); err != nil {
			return err
		}
		if ts.Finished && !n.Complete(t) {
			return &check.Failure{Checker: check.Complete, Node: n.Name(), At: w.Now(), What: "it is complete, and something is not on its disk"}
		}
	}
	return nil
}

// Play plays a whole transcript.
func Play(text string) campaign.Verdict {
	p := newPlayer(Checker(text), nil)
	script.Each(text, func(line, input string) bool {
		p.do(line, input)
		return !p.verdict.Failed()
	})
	return p.verdict
}

// forChecker stands before the checker that a transcript is kept for.
const forChecker = "# checker: "

// Checker is the checker that a transcript is kept for; empty when it says none.
func Checker(text string) string {
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, forChecker); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}
