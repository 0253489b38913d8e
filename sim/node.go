package sim

import (
	"net/netip"
	"slices"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/sim/model"
	"peerwire/trace"
)

// Node is a client: a session of the core, and around it what a shell does, on virtual sockets and a virtual disk.
type Node struct {
	Disk Disk

	world    *World
	name     string
	addr     netip.AddrPort
	place    int32 // among the world's hosts
	session  trace.Session
	ids      []bt.ConnID // of sockets, in the same order
	sockets  []*socket
	gone     bool               // it has left the world
	buffers  row                // payload that is being received, or waits to be stored; and what was read for connections that are gone
	reading  []bt.Token         // of the buffers that the disk reads into
	events   int                // that the core was given
	lastIn   bt.ConnID          // of the connections that were accepted
	lastOut  uint16             // port, above the first, that was dialled from
	planned  bt.Instant         // when Handle is called at the latest
	asleep   bt.Instant         // until when the machine is suspended
	ahead    time.Duration      // by so much its clock is ahead of the world's
	super    bool               // it super-seeds
	blind    bool               // it chooses new pieces at random
	sock     *udp               // nil until it is needed
	uplink   *uplink            // of all its connections together; nil when each has its own
	downlink *pipe              // the same for what comes; nil when it has no limit
	reports  func(e *bt.Effect) // is told what asks for nothing; nil when nobody cares
	judge    Judge              // follows the core; nil when nobody does
	ills     *Ills              // nil when it never has any
	watcher  Watcher            // nil when nobody looks
	config   bt.Config
	witness  Witness // is told what the node says; nil when nobody cares
}

// NodeSpec is what a node is told once. What is zero is chosen for it.
type NodeSpec struct {
	Name   string
	Addr   netip.AddrPort
	Config bt.Config // Seed, PeerID, ListenPort and Client are filled in when they are zero

	SuperSeed bool  // it super-seeds what it has
	AnyPiece  bool  // it chooses new pieces at random, not by rarity
	Uplink    int64 // bytes a second that it can send, over all connections together; 0 leaves each to its Line
	Downlink  int64 // the same for what it receives; 0 is without limit

	Ills *Ills // its faults; nil when it never has any

	// Reports is told each effect that asks for nothing of a shell: Passed, Completed, MorePeers and the like. It may plan, and do
	// nothing at once.
	Reports func(e *bt.Effect)
	Witness Witness // is told what the node says; nil when nobody cares
}

// AddNode adds a node that takes part in nothing.
func (w *World) AddNode(spec NodeSpec) *Node {
	n := &Node{
		world: w, name: spec.Name, addr: spec.Addr, super: spec.SuperSeed, blind: spec.AnyPiece,
		reports: spec.Reports, ills: spec.Ills, witness: spec.Witness,
		downlink: newPipe(spec.Downlink), planned: bt.Never,
	}
	if !n.addr.IsValid() {
		n.addr = w.nextAddr()
	}
	if spec.Uplink > 0 {
		n.uplink = &uplink{node: n, rate: spec.Uplink, full: spec.Uplink}
	}
	cfg := spec.Config
	if cfg.PeerID == (bt.PeerID{}) {
		cfg.PeerID = peerID(spec.Name)
	}
	if cfg.Seed == 0 {
		cfg.Seed = w.options.Seed<<16 + uint64(len(w.hosts)) + 1
	}
	if cfg.Client == "" {
		cfg.Client = "sim"
	}
	cfg.ListenPort = n.addr.Port()
	n.config = cfg
	n.session = w.options.Trace.listen(n, cfg, core.NewWith(&w.scratch, cfg, w.options.Recorder))
	if w.options.Judge != nil {
		n.judge = w.options.Judge(cfg)
	}
	n.place = w.settle(n)
	if w.options.Watch != nil {
		n.watcher = w.options.Watch(n)
	}
	n.Disk.ills = n.ills
	return n
}

// Sent is how many bytes went through the node's uplink, and how long that took; nothing when it has none.
func (n *Node) Sent() (bytes int64, busy time.Duration) {
	if n.uplink == nil {
		return 0, 0
	}
	return n.uplink.sent, n.uplink.spent
}

// Ahead is for how long the node's uplink is taken by what Sent counts already: what is small goes before blocks that wait.
func (n *Node) Ahead() time.Duration {
	if n.uplink == nil {
		return 0
	}
	return max(0, n.uplink.busy.Sub(n.world.now))
}

// Name is the node's name.
func (n *Node) Name() string { return n.name }

// Addr is where the node listens.
func (n *Node) Addr() netip.AddrPort { return n.addr }

// Config is what the node's core was told once.
func (n *Node) Config() bt.Config { return n.config }

// Session is the core that runs in the node. It must not be changed but by the node.
func (n *Node) Session() *core.Session { return n.session.Session }

// Join lets the node take part in a torrent, of which it has some pieces.
func (n *Node) Join(t *Torrent, has func(piece uint32) bool) { n.JoinWith(t, has, bt.TorrentSpec{}) }

// JoinWith is Join with what the user wants of the torrent: a limit of connections, reserved upload slots.
func (n *Node) JoinWith(t *Torrent, has func(piece uint32) bool, spec bt.TorrentSpec) {
	spec.InfoHash, spec.Geometry, spec.Private = t.InfoHash, t.Geometry, t.Private
	spec.Have = pieceSet(t.Geometry.NumPieces(), has)
	spec.SuperSeed, spec.AnyPiece = n.super, n.blind
	n.Disk.add(t, has)
	n.handle(bt.Event{Kind: bt.AddTorrent, Torrent: t.ID, Spec: &spec})
}

// Quit lets the node take no more part in a torrent.
func (n *Node) Quit(t *Torrent) { n.handle(bt.Event{Kind: bt.RemoveTorrent, Torrent: t.ID}) }

// Learn tells the node of a peer of a torrent.
func (n *Node) Learn(t *Torrent, at netip.AddrPort, from bt.Source) {
	n.handle(bt.Event{Kind: bt.AddPeer, Torrent: t.ID, Addr: at, Source: from})
}

// Repair lets the disk work again, and tells the node.
func (n *Node) Repair() {
	n.Disk.Full, n.Disk.Unread, n.Disk.Unhash = bt.OK, bt.OK, bt.OK
	n.Ready()
}

// Ready tells the node that the disk works again, whether or not that is so.
func (n *Node) Ready() {
	for _, v := range n.Disk.volumes {
		n.handle(bt.Event{Kind: bt.DiskReady, Torrent: v.torrent.ID})
	}
}

// Hold keeps the disk from answering to Store, or lets it answer all that waits.
func (n *Node) Hold(on bool) {
	n.Disk.Holding = on
	if !on {
		for _, ask := range n.Disk.held {
			n.world.send(n.world.now, errand{node: n, ask: ask})
		}
		n.Disk.held = nil
	}
}

// Write lets the core write to a host, once: with so much room, or with the usual if that is 0. It is false when the core has nothing to write to it.
func (n *Node) Write(to Host, room int) bool {
	i := slices.IndexFunc(n.sockets, func(s *socket) bool { return s.end != nil && s.end.far.owner() == to && s.wants && !s.end.closed })
	if i < 0 {
		return false
	}
	all := n.world.room[:]
	if room > 0 {
		all = all[:min(room, len(all))]
	}
	n.sockets[i].transmit(all)
	return true
}

// Unanswered is how much the disk was asked for that waits for an answer.
func (n *Node) Unanswered() int { return len(n.Disk.held) }

// Asked is what the disk was asked for that waits for an answer, in this order; only to be read.
func (n *Node) Asked() []bt.Effect { return n.Disk.held }

// Answer lets the disk answer what it was asked for as the i-th of all that waits: with a fault, or with a digest of each block or none.
func (n *Node) Answer(i int, f bt.Fault, sums bool) {
	ask := n.Disk.held[i]
	n.Disk.held = slices.Delete(n.Disk.held, i, i+1)
	n.answer(&ask, f, sums)
}

// Sleep suspends the node's machine until a time.
func (n *Node) Sleep(until bt.Instant) {
	n.asleep = until
	n.planned = bt.Never
	n.wind()
}

// Now is the time of the node's world.
func (n *Node) Now() bt.Instant { return n.world.now }

// Watcher is who looks at the node; nil when nobody does.
func (n *Node) Watcher() Watcher { return n.watcher }

// Wake ends a sleep.
func (n *Node) Wake() {
	if n.Asleep() {
		n.Sleep(n.world.now)
	}
}

// Called is when the node's core is going to be called at the latest.
func (n *Node) Called() bt.Instant { return n.planned }

// Asleep tells whether the node's machine is suspended.
func (n *Node) Asleep() bool { return n.world.now < n.asleep }

// Complete tells whether the node has all of a torrent, in the core and on the disk.
func (n *Node) Complete(t *Torrent) bool {
	ts, ok := n.Torrent(t.ID)
	return ok && ts.Finished && n.Disk.complete(t.ID)
}

// handle gives the core an event, and does what it asks.
func (n *Node) handle(ev bt.Event) {
	if n.world.options.Apart && ev.Kind != bt.Tick {
		if due, _ := n.session.NextDeadline(); due <= n.world.now {
			n.handle(bt.Event{Kind: bt.Tick})
		}
	}
	if t := n.world.options.Trace; t != nil {
		t.note(n.world.now, n, &ev)
	}
	if n.watcher != nil {
		n.told(ev)
	}
	n.session.Handle(n.Clock(), ev)
	if n.judge == nil {
		n.drain(nil)
		return
	}
	judged := ev                        // a copy, or every event would be moved to the heap
	judged.Data = slices.Clone(ev.Data) // where the bytes stand is used again once they are taken, or their connection is closed
	n.drain(&model.Step{Now: n.Clock(), Event: &judged})
}

// drain does all that the core asks for after a call, which is judged when it is given, and looks whether all is well.
func (n *Node) drain(step *model.Step) {
	for e := &n.world.effect; n.session.Poll(e); {
		if step != nil {
			step.Effects = append(step.Effects, *e)
		}
		if n.watcher != nil {
			n.watcher.Did(e)
		}
		n.execute(e)
	}
	if step != nil {
		n.judged(step)
	}
	if !n.world.options.Swift || n.world.options.Asked {
		n.check()
	}
	if n.watcher != nil {
		if err := n.watcher.Done(); err != nil {
			n.world.broke(err)
		}
	}
	n.wind()
}

// checkedAtOnce is the size of a disk, in blocks, up to which the core is checked after every event. With a larger one it is checked less
// often, as checking takes time in proportion.
const checkedAtOnce = 256

// check looks whether the core's invariants hold.
func (n *Node) check() {
	n.events++
	if n.events%(1+n.Disk.size()/checkedAtOnce) != 0 {
		return
	}
	if err := n.session.Check(); err != nil {
		n.world.broke(&Trouble{At: n.world.now, Node: n.name, Err: err})
	}
}

// plan lets something happen to the node.
func (n *Node) plan(at bt.Instant, k kind) {
	n.world.queue.plan(at, happening{who: n.place, kind: k})
}

// wind sees to it that the core is called at its next deadline.
func (n *Node) wind() {
	if n.session.NotBefore().Add(-n.ahead) >= n.planned {
		return // as it is after most calls
	}
	at, _ := n.session.NextDeadline()
	if at == bt.Never {
		return
	}
	if at = max(at.Add(-n.ahead), n.world.now, n.asleep); at >= n.planned {
		return
	}
	n.planned = at
	n.plan(at, ticking)
}

// tick calls the core, if it is time.
func (n *Node) tick(at bt.Instant) {
	if n.planned == at {
		n.planned = bt.Never
	}
	if due, _ := n.session.NextDeadline(); due <= n.Clock() && n.world.now >= n.asleep {
		n.handle(bt.Event{Kind: bt.Tick})
	}
	n.wind()
}

// talks tells whether there is a journal.
func (n *Node) talks() bool { return !n.world.options.Swift }

func (n *Node) tell(text string) { n.world.tell(n.name, "", text) }
