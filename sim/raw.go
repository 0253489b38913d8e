package sim

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// Raw is a peer that says what a script tells it to, right or wrong, and reads what it is told. It has one connection
// at a time.
type Raw struct {
	ID       bt.PeerID
	Reserved wire.Reserved // what it offers
	Refuses  bool          // nobody can connect to it
	Silent   bool          // nor does anybody learn that
	Slow     bool          // nobody can connect to it before Answer
	Over     bt.Transport  // what it connects over
	From     uint16        // the port that it connects from over TCP; 0 is the usual one
	ByHand   bool          // who is connected to it writes by Node.Write alone
	Innocent bool          // it gives nobody a reason for a ban

	world   *World
	name    string
	addr    netip.AddrPort
	end     *End
	ear     tap
	asked   []bt.Block
	unsent  []byte
	gathers bool             // what it writes waits
	calling bool             // it is connecting
	waiting func(f bt.Fault) // answers who dials it
}

// AddRaw adds a scripted peer, which offers Fast and extensions.
func (w *World) AddRaw(name string, at netip.AddrPort) *Raw {
	r := &Raw{world: w, name: name, addr: at, ID: peerID(name)}
	r.Reserved = wire.NewHandshake(bt.InfoHash{}, r.ID).Reserved
	if !r.addr.IsValid() {
		r.addr = w.nextAddr()
	}
	w.settle(r)
	return r
}

// Name is the peer's name.
func (r *Raw) Name() string { return r.name }

// Addr is where the peer listens.
func (r *Raw) Addr() netip.AddrPort { return r.addr }

// Ephemeral is the port that scripted peers connect from.
const Ephemeral = 50000

// Connect opens a connection to a host, once the world goes on.
func (r *Raw) Connect(to Host) {
	own := netip.AddrPortFrom(r.addr.Addr(), cmp.Or(r.From, Ephemeral))
	if r.Over == bt.UTP {
		own = r.addr
	}
	r.calling = true
	r.world.dial(r, own, to.Addr(), r.Over, func(e *End, f bt.Fault) {
		r.calling = false
		if f == bt.OK {
			r.accept(e)
		}
	})
}

func (r *Raw) accept(e *End) {
	r.end, r.ear, r.asked, e.sink = e, tap{}, nil, r
	if r.ByHand {
		e.stop(true)
	}
	if len(r.unsent) > 0 {
		r.Write(nil)
	}
}

// Connected tells whether the peer has a connection, or is about to have one.
func (r *Raw) Connected() bool { return r.calling || r.end != nil && !r.end.closed }

// Begin keeps bytes that the peer sends as soon as it has its next connection.
func (r *Raw) Begin(b []byte) { r.unsent = append(r.unsent, b...) }

// Write sends bytes, or keeps them until there is a connection.
func (r *Raw) Write(b []byte) {
	if r.end == nil || r.gathers {
		r.unsent = append(r.unsent, b...)
		return
	}
	r.end.write(segment{data: append(r.unsent, b...)})
	r.unsent = nil
}

// Gather lets bytes wait that the peer writes, or no longer: those that have waited are sent as one, before payload too.
func (r *Raw) Gather(on bool) {
	if r.gathers = on; !on && len(r.unsent) > 0 {
		r.Write(nil)
	}
}

// WritePayload sends payload.
func (r *Raw) WritePayload(run Run) {
	if r.gathers {
		r.Gather(false)
		defer r.Gather(true)
	}
	if r.end != nil {
		r.end.write(segment{run: run})
	}
}

// Close ends the connection.
func (r *Raw) Close(f bt.Fault) {
	if r.end != nil {
		r.end.close(f)
	}
}

// Stop lets the peer take no more bytes, or take them again, as long as it is connected.
func (r *Raw) Stop(on bool) {
	if r.end != nil && !r.end.closed {
		r.end.stop(on)
	}
}

// Sip lets the peer take so many bytes more, about, and then none, as long as it is connected.
func (r *Raw) Sip(n int) {
	if r.end != nil && !r.end.closed {
		r.end.sip(n)
	}
}

// Waiting tells whether somebody dials the peer, and waits for an answer.
func (r *Raw) Waiting() bool { return r.waiting != nil }

// Answer is what the last one hears who dials the peer and waits.
func (r *Raw) Answer(f bt.Fault) {
	r.waiting(f)
	r.waiting = nil
}

// Asked lists the requests that the peer was sent and has not answered, the oldest first.
func (r *Raw) Asked() []bt.Block { return r.asked }

// Answered takes a request off the list.
func (r *Raw) Answered(b bt.Block) {
	if i := slices.Index(r.asked, b); i >= 0 {
		r.asked = slices.Delete(r.asked, i, i+1)
	}
}

func (r *Raw) arrived(f *flight) {
	r.end.took(f.size())
	if f.end {
		r.end.close(bt.EOF)
	} else {
		r.ear.read(r.world.hangar.data(f), r.hear)
		r.ear.pass(int(f.run.Range.Length))
	}
	r.world.hangar.land(f)
}

// hear keeps the list of requests.
func (r *Raw) hear(m wire.Message, text string) {
	switch {
	case strings.HasPrefix(text, "handshake"):
	case m.ID == wire.Request:
		r.asked = append(r.asked, m.Block)
	case m.ID == wire.Cancel:
		r.Answered(m.Block)
	}
}

func (r *Raw) writable() {}

func (r *Raw) host() Host { return r }
