package model_test

import (
	"flag"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim"
	"peerwire/sim/model"
	"peerwire/sim/script"
)

// machine drives a node through a random history. Whatever it does is a command of a transcript.
type machine struct {
	history history
	script  *script.Script
	node    *sim.Node
	model   *model.Model // that follows the node
	peers   []*peer
	live    []*sim.Torrent // that the node takes part in
	joined  int
	other   bool  // there is a torrent that the node takes no part in
	err     error // what the model disagrees with, or what else is wrong
}

// peer is a scripted peer that says what the machine draws.
type peer struct {
	raw  *sim.Raw // nil before it plays a part
	role role
	line string // that brings it on
	fast bool
	ext  bool

	// Of its connection.
	torrent *sim.Torrent // that it speaks of
	shaken  bool         // it has said its handshake
	stuffed bool         // it takes no bytes
	owed    string       // how the payload that it has begun to send goes on; empty when it has not
	rest    bt.Block     // what is left of it
	asked   []bt.Block
}

// role is who a peer is.
type role struct{ name, id, addr string }

// cast is who plays in a history: eight peers, and three of them once more, so that there are duplicates. V and W are behind one address; Y
// says that it is X.
var cast = []role{
	{"A", "A", "10.0.0.1:6881"}, {"Z", "Z", "10.0.0.2:6881"}, {"B", "B", "10.0.0.3:6881"}, {"X", "X", "10.0.0.4:6881"},
	{"V", "V", "10.0.0.5:6881"}, {"W", "W", "10.0.0.5:6882"}, {"D", "D", "[2001:db8::7]:6881"}, {"Y", "X", "10.0.0.8:6881"},
	{"A2", "A", "10.0.0.1:7001"}, {"Z2", "Z", "10.0.0.2:7001"}, {"B2", "B", "10.0.0.3:7001"},
}

// TestSessionAgainstModel compares a session with the model after every call of a random history: messages legal and illegal, cut
// anywhere; timers at their time, before, after, long after; disk answers late, lost and bad; connections lost and made again. Where they
// disagree, what is left of the history when it is shrunk stands as a transcript.
func TestSessionAgainstModel(t *testing.T) {
	preset("rapid.seed", "1") // the same histories on every run; -rapid.seed=N for others
	preset("rapid.steps", "70")
	checks := 120
	if testing.Short() {
		checks *= 5 // rapid makes a fifth of them then, too few to have seen every flag change
	}
	preset("rapid.checks", strconv.Itoa(checks))
	seen := newTally()
	if m, said := disagreement(t, seen.judge, seen.clauses); m != nil {
		m.history.shrink()
		t.Fatalf("%s\n\n%s\n%s", said, m.history.transcript(), m.model.Describe())
	}
	seen.report(t)
}

// disagreement is the shortest history that was found in which something goes wrong, and what was said of it; nil when there is none.
func disagreement(t *testing.T, judge func(*model.Model) sim.Judge, rec *clause.Recorder) (last *machine, said string) {
	q := &quiet{T: t}
	rapid.Check(q, func(t *rapid.T) {
		m := newMachine(t, judge, rec)
		t.Repeat(m.actions(func(t *rapid.T) {
			if m.err != nil {
				last = m
				t.Fatal(m.err)
			}
		}))
	})
	if q.failed && last == nil {
		t.Fatal(q.said)
	}
	return last, q.said
}

// quiet is a test that may fail without a word; it keeps the first.
type quiet struct {
	*testing.T
	said   string
	failed bool
}

func (q *quiet) Errorf(format string, args ...any) {
	if q.failed = true; q.said == "" {
		q.said = fmt.Sprintf(format, args...)
	}
}
func (q *quiet) Error(args ...any)   { q.Errorf("%s", fmt.Sprint(args...)) }
func (q *quiet) Fail()               { q.failed = true }
func (q *quiet) FailNow()            { q.failed = true }
func (q *quiet) Failed() bool        { return q.failed }
func (q *quiet) Log(...any)          {}
func (q *quiet) Logf(string, ...any) {}

// preset gives a flag another value than its own, unless the user did.
func preset(name, value string) {
	if f := flag.Lookup(name); f != nil && f.Value.String() == f.DefValue {
		_ = f.Value.Set(value)
	}
}

// actions are what a history is made of; check is called after each.
func (m *machine) actions(check func(*rapid.T)) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":          check,
		"greet":     m.greet,
		"greet 2":   m.greet,
		"greet 3":   m.greet,
		"give":      m.give,
		"give 2":    m.give,
		"atone":     m.atone,
		"atone 2":   m.atone,
		"spoil":     m.spoil,
		"spoil 2":   m.spoil,
		"decline":   m.decline,
		"idle":      m.idle,
		"connect":   m.connect,
		"shake":     m.shake,
		"learn":     m.learn,
		"accept":    m.accept,
		"say":       m.say,
		"say more":  m.say,
		"say again": m.say,
		"misspeak":  m.misspeak,
		"answer":    m.answer,
		"answer 2":  m.answer,
		"pay":       m.pay,
		"disk":      m.disk,
		"disk all":  m.diskAll,
		"repair":    m.repair,
		"time":      m.time,
		"time 2":    m.time,
		"stuff":     m.stuff,
		"trickle":   m.trickle,
		"lose":      m.lose,
		"torrents":  m.leaveOrJoin,
		"flood":     m.flood,
		"clog":      m.clog,
	}
}

// newMachine begins a history. What the model is let see is up to a judge; the clauses that are reached are counted.
func newMachine(t *rapid.T, judge func(*model.Model) sim.Judge, rec *clause.Recorder) *machine {
	m := &machine{history: history{judge: judge}}
	if rapid.Bool().Draw(t, "cut") {
		m.history.cutting = sim.Chance
	}
	o := m.history.options()
	o.Recorder = rec
	o.Judge = func(cfg bt.Config) sim.Judge {
		m.model = model.New(cfg)
		return judge(m.model)
	}
	m.script = script.New(o)
	slots := fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "slots"))
	policies := []bt.SlotPolicy{bt.FixedSlots, bt.FixedSlots, bt.FixedSlots, bt.RateSlots, bt.UnlimitedSlots}
	if p := rapid.SampledFrom(policies).Draw(t, "policy"); p != bt.FixedSlots {
		slots = p.String()
	}
	order := rapid.SampledFrom([]bt.SeedOrder{bt.RoundRobin, bt.RoundRobin, bt.FastestUpload, bt.AntiLeech}).Draw(t, "order")
	m.do("node M addr=10.0.1.1:6881 seed=%d conns=%d halfopen=%d slots=%s order=%s transport=%v torrent=none", rapid.IntRange(1, 1<<16).Draw(t, "seed"),
		rapid.IntRange(3, 14).Draw(t, "conns"), rapid.IntRange(1, 3).Draw(t, "half-open"), slots, order,
		rapid.SampledFrom([]bt.Transports{bt.OnlyTCP, bt.OnlyUTP, bt.TCPAndUTP, bt.TCPAndUTP}).Draw(t, "transports"))
	m.node = m.script.World().Host("M").(*sim.Node)
	m.do("disk M by-hand")
	for _, r := range cast {
		p := &peer{role: r, fast: rapid.IntRange(0, 3).Draw(t, "fast") > 0, ext: rapid.IntRange(0, 3).Draw(t, "extensions") > 0}
		p.line = fmt.Sprintf("raw %s id=%s addr=%s waits", r.name, r.id, r.addr)
		if !p.fast {
			p.line += " fast=off"
		}
		if !p.ext {
			p.line += " ext=off"
		}
		m.peers = append(m.peers, p)
	}
	m.join(t)
	if rapid.Bool().Draw(t, "two torrents") {
		m.join(t)
	}
	return m
}

// bring lets a peer play a part from now on.
func (m *machine) bring(p *peer) {
	if p.raw == nil {
		m.do("%s", p.line)
		p.raw = m.script.World().Host(p.role.name).(*sim.Raw)
	}
}

// do plays a command.
func (m *machine) do(format string, args ...any) {
	if m.err != nil {
		return
	}
	line := fmt.Sprintf(format, args...)
	m.history.lines = append(m.history.lines, line)
	m.script.Do(line, "")
	m.err = m.script.Err()
}

// connected tells whether the peer has a connection.
func (p *peer) connected() bool { return p.raw != nil && p.raw.Connected() }

// waited tells whether the node waits for the peer to accept a connection.
func (p *peer) waited() bool { return p.raw != nil && p.raw.Waiting() }

// seenOf is the connection of a peer, as the node sees it; false when there is none that stands.
func (m *machine) seenOf(p *peer) (core.PeerSnapshot, bool) {
	labels, all := m.node.Peers()
	for i := range all {
		if labels[i] == p.role.name && !all[i].State.Queued() && !all[i].State.Connecting() {
			return all[i], true
		}
	}
	return core.PeerSnapshot{}, false
}

// asks lists what the node asks of a peer, as the model has it: what was withdrawn, too.
func (m *machine) asks(p *peer) []bt.Block {
	if c, ok := m.seenOf(p); ok && p.connected() {
		return m.model.Outstanding(c.Conn)
	}
	return nil
}

// drawPeer draws one of the peers that fit.
func (m *machine) drawPeer(t *rapid.T, fits func(*peer) bool) *peer {
	var list []*peer
	for _, p := range m.peers {
		if fits(p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		t.Skip("no such peer")
	}
	return list[rapid.IntRange(0, len(list)-1).Draw(t, "peer")]
}

// talking draws a peer that has said its handshake, and is not in the middle of a block.
func (m *machine) talking(t *rapid.T) *peer {
	return m.drawPeer(t, func(p *peer) bool { return p.connected() && p.shaken && p.owed == "" })
}

func (m *machine) drawTorrent(t *rapid.T) *sim.Torrent {
	if len(m.live) == 0 {
		t.Skip("no torrent")
	}
	return m.live[rapid.IntRange(0, len(m.live)-1).Draw(t, "torrent")]
}
