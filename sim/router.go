package sim

import (
	"net/netip"
	"slices"
)

// router is what a host stands behind: the host is reached at the outside address too, and seen at it.
type router struct {
	host    Host
	outside netip.AddrPort
}

// Route puts a host behind a router, which may be that of others too. From outside it is reached at the address given, and there it is
// seen with the router's IP; only behind one router hosts see each other as they are.
func (w *World) Route(h Host, outside netip.AddrPort) {
	w.routers = append(w.routers, router{h, outside})
	w.locate(outside, h)
}

// unroute takes a host away from behind its routers.
func (w *World) unroute(h Host) {
	w.routers = slices.DeleteFunc(w.routers, func(r router) bool {
		if r.host == h && w.places[r.outside] == h {
			delete(w.places, r.outside)
		}
		return r.host == h
	})
}

// outside is where a host is reached and seen from outside; not valid when it stands behind no router.
func (w *World) outside(h Host) netip.AddrPort {
	for _, r := range w.routers {
		if r.host == h {
			return r.outside
		}
	}
	return netip.AddrPort{}
}

// seen is the address that a host is seen with by whom it has reached at an address of his; own is its own end.
func (w *World) seen(from Host, own netip.AddrPort, by Host, at netip.AddrPort) netip.AddrPort {
	out := w.outside(from)
	if !out.IsValid() || at == by.Addr() && w.outside(by).Addr() == out.Addr() {
		return own
	}
	return netip.AddrPortFrom(out.Addr(), own.Port())
}
