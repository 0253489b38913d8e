package dial

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func ip(text string) netip.Addr { return netip.MustParseAddr(text) }

// Our address is what most peers say, each address having one vote, its last. [DIA-15]
func TestTold(t *testing.T) {
	e := NewExternal(6881)
	for _, step := range []struct{ peer, says, want string }{
		{"5.0.0.1", "9.0.0.1", "9.0.0.1"},
		{"5.0.0.2", "9.0.0.2", "9.0.0.1"}, // as many: the one believed in before
		{"5.0.0.3", "9.0.0.2", "9.0.0.2"},
		{"5.0.0.1", "9.0.0.1", "9.0.0.2"}, // said again: one vote still
		{"5.0.0.2", "9.0.0.1", "9.0.0.1"}, // changed its mind
		{"5.0.0.4", "0.0.0.0", "9.0.0.1"},
		{"5.0.0.5", "224.0.0.1", "9.0.0.1"},
		{"5.0.0.6", "255.255.255.255", "9.0.0.1"},
		{"5.0.0.4", "10.0.0.9", "9.0.0.1"}, // not of its kind
		{"5.0.0.5", "127.0.0.1", "9.0.0.1"},
		{"5.0.0.6", "100.64.0.1", "9.0.0.1"},
		{"5.0.0.7", "2001:db8::1", "9.0.0.1"},
		{"::ffff:5.0.0.8", "::ffff:9.0.0.2", "9.0.0.1"},
		{"::ffff:5.0.0.3", "9.0.0.1", "9.0.0.1"},
	} {
		e.Told(ip(step.peer), ip(step.says))
		if got := e.Addr(ip("8.8.8.8")); got != ip(step.want) {
			t.Errorf("%s says %s: we are %s, want %s", step.peer, step.says, got, step.want)
		}
	}
	if n := len(e.kinds[global4].votes); n != 4 {
		t.Errorf("%d votes", n)
	}
	if all := e.All(); len(all) != 1 {
		t.Errorf("known are %v", all)
	}
}

// Each kind of address is known apart. [DIA-15]
func TestKinds(t *testing.T) {
	e := NewExternal(6881)
	for _, v := range [][2]string{
		{"5.0.0.1", "9.0.0.1"}, {"10.0.0.1", "10.0.0.2"}, {"2001:db8::1", "2001:db8:9::1"}, {"fe80::1", "fd00::2"},
	} {
		e.Told(ip(v[0]), ip(v[1]))
	}
	for _, v := range [][2]string{
		{"8.8.8.8", "9.0.0.1"}, {"::ffff:8.8.8.8", "9.0.0.1"}, {"192.168.1.1", "10.0.0.2"}, {"127.0.0.1", "10.0.0.2"}, {"169.254.0.1", "10.0.0.2"},
		{"100.64.1.1", "10.0.0.2"}, {"2a00::1", "2001:db8:9::1"}, {"::1", "fd00::2"}, {"fc00::1", "fd00::2"},
	} {
		if got := e.Addr(ip(v[0])); got != ip(v[1]) {
			t.Errorf("for %s we are %s, want %s", v[0], got, v[1])
		}
	}
	if all := e.All(); len(all) != 4 {
		t.Errorf("known are %v", all)
	}
}

// An IPv6 network of 64 bits has one vote. [DIA-15]
func TestVotesOfANetwork(t *testing.T) {
	e := NewExternal(6881)
	e.Told(ip("2001:db8::1"), ip("2a00::1"))
	for _, peer := range []string{"2001:db8:1::1", "2001:db8:1::2", "2001:db8:1:0:ffff::"} {
		e.Told(ip(peer), ip("2a00::2"))
	}
	if got := e.Addr(ip("2a00::")); got != ip("2a00::1") {
		t.Errorf("we are %s by one network's word", got)
	}
	e.Told(ip("2001:db8:1:1::1"), ip("2a00::2"))
	if got := e.Addr(ip("2a00::")); got != ip("2a00::2") {
		t.Errorf("we are %s by the minority's word", got)
	}
}

// Until somebody tells, our sockets do; and without either nothing is ranked. [DIA-14] [DIA-15]
func TestSeen(t *testing.T) {
	e := NewExternal(6881)
	peer := addr("8.8.8.8:7000")
	if _, ok := e.Rank(peer); ok || e.Addr(peer.Addr()).IsValid() {
		t.Error("ranked without an address")
	}
	e.Seen(ip("5.0.0.1"), netip.Addr{})
	e.Seen(ip("5.0.0.1"), ip("0.0.0.0"))
	e.Seen(ip("5.0.0.1"), ip("2001:db8::1"))
	if _, ok := e.Rank(peer); ok {
		t.Error("ranked by no address")
	}
	e.Seen(ip("5.0.0.1"), ip("192.168.0.2")) // behind a router
	if rank, ok := e.Rank(peer); !ok || rank != Priority(addr("192.168.0.2:6881"), peer) {
		t.Errorf("%08x, %t", rank, ok)
	}
	e.Seen(ip("5.0.0.1"), ip("192.168.0.3"))
	e.Told(ip("5.0.0.1"), ip("9.0.0.1"))
	e.Seen(ip("5.0.0.1"), ip("192.168.0.4"))
	if rank, ok := e.Rank(addr("[::ffff:8.8.8.8]:7000")); !ok || rank != Priority(addr("9.0.0.1:6881"), peer) {
		t.Errorf("%08x, %t", rank, ok)
	}
	if rank, ok := e.Rank(addr("9.0.0.1:7000")); !ok || rank != Priority(addr("9.0.0.1:6881"), addr("9.0.0.1:7000")) {
		t.Errorf("one address, two ports: %08x, %t", rank, ok)
	}
	if _, ok := e.Rank(addr("10.0.0.1:7000")); ok {
		t.Error("ranked a kind of peer that we have not met")
	}
}

// The votes are bounded, and however they come the address is one that most of the last voters gave. [DIA-15]
func TestVotesAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := NewExternal(6881)
		type word struct{ peer, says byte }
		words := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) word {
			return word{rapid.Byte().Draw(t, "peer"), rapid.ByteRange(1, 4).Draw(t, "says")}
		}), 1, 200).Draw(t, "words")
		var last []word // each voter's, the newest at the end
		for _, w := range words {
			e.Told(netip.AddrFrom4([4]byte{5, 0, 0, w.peer}), netip.AddrFrom4([4]byte{9, 0, 0, w.says}))
			kept := last[:0:0]
			for _, o := range last {
				if o.peer != w.peer {
					kept = append(kept, o)
				}
			}
			last = append(kept, w)
			last = last[max(0, len(last)-32):]
			count := map[byte]int{}
			most := 0
			for _, o := range last {
				count[o.says]++
				most = max(most, count[o.says])
			}
			if got := e.Addr(ip("8.8.8.8")).As4(); count[got[3]] != most {
				t.Fatalf("we are %v with %d of %d votes", got, count[got[3]], len(last))
			}
			if len(e.kinds[global4].votes) != len(last) {
				t.Fatalf("%d votes, want %d", len(e.kinds[global4].votes), len(last))
			}
		}
	})
}
