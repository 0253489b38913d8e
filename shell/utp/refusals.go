package utp

import (
	"context"
	"errors"
	"net/netip"
	"sync"

	"peerwire/core/bt"
)

// refusals end the dials of peers to whom, as the network says, nothing gets through: most of the time because nobody listens there. Else each of
// them would wait for its whole time, and so whoever speaks TCP only would be found late.
type refusals struct {
	mu    sync.Mutex
	dials map[netip.AddrPort]map[*waiting]bool
}

// waiting is a dial that is not answered.
type waiting struct{ end context.CancelCauseFunc }

// refused is why a dial ended, as the network said.
type refused bt.Fault

func (refused) Error() string { return "utp: the network says that it is in vain" }

// await gives a context that ends when the network says that dials of a peer are in vain. over is to be called after the dial.
func (r *refusals) await(ctx context.Context, to netip.AddrPort) (limited context.Context, over func()) {
	limited, end := context.WithCancelCause(ctx)
	w := &waiting{end}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dials == nil {
		r.dials = make(map[netip.AddrPort]map[*waiting]bool)
	}
	if r.dials[to] == nil {
		r.dials[to] = make(map[*waiting]bool)
	}
	r.dials[to][w] = true
	return limited, func() {
		end(nil)
		r.mu.Lock()
		defer r.mu.Unlock()
		if delete(r.dials[to], w); len(r.dials[to]) == 0 {
			delete(r.dials, to)
		}
	}
}

// tell ends the dials of a peer.
func (r *refusals) tell(to netip.AddrPort, fault bt.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for w := range r.dials[to] {
		w.end(refused(fault))
	}
}

// verdict is what becomes of a dial's error: what the network said, if it ended the dial.
func verdict(ctx context.Context, err error) error {
	var why refused
	if err != nil && errors.As(context.Cause(ctx), &why) {
		return failed(why)
	}
	return err
}
