package campaign

import (
	"fmt"
	"runtime/debug"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/model"
	"peerwire/sim/scenario"
	"peerwire/trace"
)

// Options is what a trial is told.
type Options struct {
	Most uint64                   // events, after which a run is one that does not end; 0 is as many as its scenario can need
	Also func(*crowd.Crowd) error // one checker more, which looks at the whole crowd; nil when there is none

	Enough func() bool // ends the run, when it is true; nil when there is always time

	Record *trace.Writer // records every core; nil records none
}

// Verdict is what came of a run.
type Verdict struct {
	Checker string        // that failed; empty when none did
	Text    string        // what it said
	Node    string        // with whose core something is wrong; empty when it is nobody's in particular, or a core panicked
	Late    bool          // it was ended in its midst: there was no more time, and nothing is said of what would have come
	Beyond  bool          // the swarm lost a piece by what befell it, and could not complete
	Stack   string        // of a panic
	Events  uint64        // that any core was told
	Virtual time.Duration // that the run took, until a checker failed or it was over
	Hash    sim.Sum       // of all that happened
	Faults  uint64        // that were injected
}

// Failed tells whether a checker did.
func (v *Verdict) Failed() bool { return v.Checker != "" }

// trial is a run under way.
type trial struct {
	crowd   *crowd.Crowd
	trace   *sim.Trace
	options Options
	next    uint64 // events, at which the checkers look again
	every   uint64
	checker string
	err     error
	late    bool
}

// Run lets a scenario run under all checkers, to its end or until one of them fails. The same scenario has the same verdict everywhere.
func Run(s *scenario.Scenario, o Options) (v Verdict) {
	t := &trial{trace: sim.NewTrace(), options: o, every: lookEvery * (1 + uint64(s.Peers())/16 + uint64(s.Torrent.Size)/bt.BlockSize/128)}
	t.trace.Record = o.Record
	if o.Most == 0 {
		t.options.Most = bound(s)
	}
	defer func() {
		if r := recover(); r != nil {
			v.Checker, v.Text, v.Stack = Panic, fmt.Sprint(r), string(debug.Stack())
		}
		v.Events, v.Hash = t.trace.Events(), t.trace.Sum()
		if t.crowd != nil {
			v.Virtual = time.Duration(t.crowd.Now())
			v.Faults = t.injected()
		}
	}()
	t.crowd = crowd.NewChecked(s, sim.Options{Swift: true, Asked: true, Apart: true, Trace: t.trace, Judge: judges(s)})
	t.run(bt.Instant(s.Until))
	if t.err == nil {
		t.look()
	}
	if t.err != nil {
		v.Checker, v.Text, v.Node = t.checker, t.err.Error(), NodeOf(t.err)
	}
	v.Late = t.late && t.err == nil
	r := t.crowd.Recovery()
	v.Beyond = r.BeyondHelp()
	return v
}

// lookEvery is after how many events the checkers look again that are not asked after each; with many peers or blocks it is more.
const lookEvery = 24

// run lets the crowd go on to a time. The checkers look when all has happened that is to happen at one time.
func (t *trial) run(to bt.Instant) {
	w := t.crowd.World()
	for t.err == nil && !t.over() {
		more := w.RunUntil(to, func() bool { return t.crowd.Over() || t.trace.Events() >= t.next })
		w.Settle()
		if err := w.Fault(); err != nil {
			t.fail(CheckerOf(err), err)
			return
		}
		if !more || t.crowd.Over() {
			return
		}
		t.look()
		t.next = t.trace.Events() + t.every
		if n := t.trace.Events(); n > t.options.Most {
			t.fail(Endless, fmt.Errorf("t=%v it does not end: there were %d events", w.Now(), n))
		}
	}
}

// over tells whether there is no more time.
func (t *trial) over() bool {
	t.late = t.options.Enough != nil && t.options.Enough()
	return t.late
}

// look asks the checkers that look at the whole crowd.
func (t *trial) look() {
	err := t.crowd.Check()
	if err == nil && t.options.Also != nil {
		err = t.options.Also(t.crowd)
	}
	if err != nil {
		t.fail(CheckerOf(err), err)
	}
}

func (t *trial) fail(checker string, err error) {
	if t.err == nil {
		t.checker, t.err = checker, err
	}
}

// injected is how many faults there were.
func (t *trial) injected() uint64 {
	n := t.crowd.World().Faults()
	return n.Total()
}

// bound is how many events a run can need, generously: each block asked for and sent over and over, each piece told to everybody, and timers.
func bound(s *scenario.Scenario) uint64 {
	peers, g := uint64(s.Peers()), s.Torrent.Geometry()
	conns := uint64(1)
	for i := range s.Groups {
		conns = max(conns, min(peers, uint64(s.Groups[i].Connections)))
	}
	blocks := uint64(g.Total)/bt.BlockSize + uint64(g.NumPieces())
	timers := uint64(time.Duration(s.Until)/time.Second) / 5
	return 50_000 + peers*(40*blocks+conns*(8*uint64(g.NumPieces())+4*timers))
}

// judgedWork is how much the model does in a run: so many calls of one core without peers or pieces, about. It takes a hundred times as long as a
// core, and longer with many peers and pieces.
const judgedWork = 6000

// judgedSize is the largest torrent of which the model can keep account in a bearable time.
const judgedSize = 1024 * bt.BlockSize

// judges lets the model follow the cores of a scenario, the first calls of all together; nil where the model cannot.
func judges(s *scenario.Scenario) func(cfg bt.Config) sim.Judge {
	if s.Torrent.Size > judgedSize {
		return nil
	}
	for i := range s.Groups {
		if s.Groups[i].SuperSeed {
			return nil
		}
	}
	left := judgedWork / (1 + s.Peers()/4 + int(s.Torrent.Geometry().NumPieces())/8)
	return func(cfg bt.Config) sim.Judge { return &bounded{model: model.New(cfg), left: &left} }
}

// Judge lets the model follow a core, for so many calls.
func Judge(cfg bt.Config, calls int) sim.Judge { return &bounded{model: model.New(cfg), left: &calls} }

// bounded is a model that looks away when there was enough to see.
type bounded struct {
	model *model.Model
	left  *int // of all of them together
	done  bool
	next  bt.Instant // what the core is to be called for next, and when
	timer bt.Timer
}

// Follow lets the model follow, as long as there is something left. Which block another peer takes over when a peer is looked at in end-game, at the
// very nanosecond at which that peer would be snubbed, the model cannot tell: it looks away from then on.
func (b *bounded) Follow(s *model.Step) error {
	if *b.left--; *b.left < 0 || b.done {
		b.done = true
		return nil
	}
	err := b.model.Follow(s)
	if err != nil && b.timer == bt.TimerEndGame && b.next == s.Now {
		b.done, err = true, nil
	}
	b.next, b.timer = s.Next, s.Timer
	return err
}
