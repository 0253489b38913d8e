package kept

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/trace"
)

// account is what a trace tells of one session: how it was made, and all that it was told, with what it asked for then.
type account struct {
	begin  trace.Begin
	born   bt.Instant
	places []place // of all sessions of the trace, in the order in which they were made
	calls  []call
}

// place is where somebody listens.
type place struct {
	name string
	at   netip.AddrPort
}

// call is one call of a core.
type call struct {
	now     bt.Instant
	told    bool // it is one of Handle, and else of Transmit
	event   bt.Event
	leftOut int // bytes of payload that Received had at its end
	conn    bt.ConnID
	room    int
	effects []bt.Effect
	said    []byte
	due     bt.Instant // the next deadline
}

// maxCalls is how many calls a core may have had that a transcript is made of.
const maxCalls = 50_000

var errTooLong = errors.New("it was told too much until then")

// recount reads in a trace what it tells of a node: of the last session of that name, or of the one that was called last when name is empty.
func recount(text []byte, name string) (*account, error) {
	a, number := &account{}, -1
	last := -1
	err := each(text, func(r *trace.Record) error {
		switch r.Kind {
		case trace.Begun:
			a.places = append(a.places, place{r.Begin.Name, r.Begin.Addr})
			if r.Begin.Name == name {
				number = r.Session
			}
		case trace.Told, trace.Asked:
			last = r.Session
		}
		return nil
	})
	if name == "" {
		number = last
	}
	if err == nil && number < 0 {
		err = fmt.Errorf("nothing was recorded of %q", name)
	}
	if err != nil {
		return nil, err
	}
	err = each(text, func(r *trace.Record) error {
		if r.Session == number {
			a.take(r)
		}
		if len(a.calls) > maxCalls {
			return errTooLong
		}
		return nil
	})
	return a, err
}

// each calls f with each record of a trace.
func each(text []byte, f func(r *trace.Record) error) error {
	r, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	var rec trace.Record
	for {
		switch err := r.Next(&rec); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := f(&rec); err != nil {
			return err
		}
	}
}

// take takes in a record. What it points to is borrowed.
func (a *account) take(r *trace.Record) {
	last := len(a.calls) - 1
	switch r.Kind {
	case trace.Begun:
		a.begin, a.born = *r.Begin, r.Now
	case trace.Told, trace.Asked:
		c := call{now: r.Now, told: r.Kind == trace.Told, event: r.Event, leftOut: r.LeftOut, conn: r.Conn, room: r.Room, due: bt.Never}
		if last >= 0 {
			c.due = a.calls[last].due
		}
		c.event.Data, c.event.Sums = slices.Clone(r.Event.Data), slices.Clone(r.Event.Sums)
		a.calls = append(a.calls, c)
	case trace.Effected:
		a.calls[last].effects = append(a.calls[last].effects, r.Effect)
	case trace.Said:
		a.calls[last].said = slices.Clone(r.Bytes)
	case trace.Due:
		a.calls[last].due = r.At
	}
}

// spec is the torrent that the session took part in first; nil when there is none.
func (a *account) spec() *bt.TorrentSpec {
	for i := range a.calls {
		if e := &a.calls[i].event; a.calls[i].told && e.Kind == bt.AddTorrent {
			return e.Spec
		}
	}
	return nil
}

// nameOf is the name of who listens at an address, of all its ports; empty when nobody does.
func (a *account) nameOf(at netip.Addr) (string, netip.AddrPort) {
	for _, p := range slices.Backward(a.places) {
		if p.at.Addr() == at {
			return p.name, p.at
		}
	}
	return "", netip.AddrPort{}
}
