package minitracker

import (
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"peerwire/core/bt"
)

// Limits on what strangers can make the tracker keep.
const (
	maxSwarms  = 256
	maxMembers = 1000   // of one swarm
	maxLog     = 10_000 // announces written down; later ones are served, but not written down

	maxPeers     = 200 // given in one answer
	defaultPeers = 50  // given to a client that does not say how many it wants

	forgetAfter = 3 // intervals without an announce until a member is forgotten
)

// Announce is one announce as the tracker understood it.
type Announce struct {
	Protocol   string // "http" or "udp"
	InfoHash   bt.InfoHash
	PeerID     bt.PeerID
	Peer       netip.AddrPort // where the announce came from, with the port it named
	Event      string         // "started", "completed", "stopped" or empty
	Uploaded   uint64         // bytes
	Downloaded uint64         // bytes
	Left       uint64         // bytes
	NumWant    int            // negative when the client did not say
	Key        uint32         // 0 when the client gave none
	URLData    string         // over UDP: path and query of the URL as the client repeats them (BEP 41)
}

// member is a peer of a swarm.
type member struct {
	id   bt.PeerID
	peer netip.AddrPort
	seed bool
	seen time.Time
}

// answer is what an announce gets.
type answer struct {
	members           []member
	seeders, leechers int
}

var (
	errPort = errors.New("invalid port")
	errFull = errors.New("this tracker has no room for more")
)

// swarms are all swarms and the log. The zero value is not ready: see newSwarms.
type swarms struct {
	mu     sync.Mutex
	life   time.Duration // of a member that is not heard of
	byHash map[bt.InfoHash][]member
	log    []Announce
}

func newSwarms(interval time.Duration) swarms {
	return swarms{life: forgetAfter * interval, byHash: make(map[bt.InfoHash][]member)}
}

// announce takes a peer into its swarm, or out of it, and gives it the others.
func (s *swarms) announce(now time.Time, a Announce) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log) < maxLog {
		s.log = append(s.log, a)
	}
	if a.Peer.Port() == 0 {
		return answer{}, errPort
	}
	// A peer is its id and its address family: a client with both families announces over each.
	same := func(m member) bool { return m.id == a.PeerID && m.peer.Addr().Is4() == a.Peer.Addr().Is4() }
	members := slices.DeleteFunc(s.byHash[a.InfoHash], func(m member) bool { return same(m) || now.Sub(m.seen) > s.life })
	if a.Event != "stopped" {
		if len(members) == maxMembers || len(s.byHash) == maxSwarms && s.byHash[a.InfoHash] == nil {
			return answer{}, errFull
		}
		members = append(members, member{id: a.PeerID, peer: a.Peer, seed: a.Left == 0, seen: now})
	}
	if len(members) == 0 {
		delete(s.byHash, a.InfoHash)
		return answer{}, nil
	}
	s.byHash[a.InfoHash] = members
	return others(members, a), nil
}

// others counts a swarm and chooses whom to give: the latest first, since they are likeliest to be there still. Nobody
// gets itself, a seed gets no seeds, and who leaves gets nobody.
func others(members []member, a Announce) answer {
	want := a.NumWant
	if want < 0 {
		want = defaultPeers
	}
	want = min(want, maxPeers)
	if a.Event == "stopped" {
		want = 0
	}
	var ans answer
	for _, m := range slices.Backward(members) {
		if m.seed {
			ans.seeders++
		} else {
			ans.leechers++
		}
		if len(ans.members) < want && m.id != a.PeerID && !(m.seed && a.Left == 0) {
			ans.members = append(ans.members, m)
		}
	}
	return ans
}

// Announces gives what the tracker was told so far, in order: the first ten thousand announces.
func (s *Server) Announces() []Announce {
	s.swarms.mu.Lock()
	defer s.swarms.mu.Unlock()
	return slices.Clone(s.swarms.log)
}

// Counts gives the number of complete and incomplete peers of a swarm.
func (s *Server) Counts(hash bt.InfoHash) (seeders, leechers int) {
	s.swarms.mu.Lock()
	defer s.swarms.mu.Unlock()
	for _, m := range s.swarms.byHash[hash] {
		if m.seed {
			seeders++
		} else {
			leechers++
		}
	}
	return seeders, leechers
}
