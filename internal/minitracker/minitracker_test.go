package minitracker

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"

	"go.uber.org/goleak"
)

// TestMain finds goroutines that are left behind. One that is none of ours may live half a second longer than the tests: a
// server of net/http waits so long for a client to read the last of a connection that it closes.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

func start(t *testing.T, config Config) *Server {
	t.Helper()
	s, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// get makes a request and gives the status and body of the answer.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// query is an announce of the peer whose id ends with the given letter, to the swarm of twenty 'h'.
func query(letter string, port, left int, more string) string {
	return fmt.Sprintf("?info_hash=hhhhhhhhhhhhhhhhhhhh&peer_id=aaaaaaaaaaaaaaaaaaa%s&port=%d&uploaded=0&downloaded=0&left=%d%s", letter, port, left, more)
}

func TestHTTP(t *testing.T) {
	s := start(t, Config{Interval: time.Minute, MinInterval: 10 * time.Second})
	for _, c := range []struct{ query, want string }{
		{query("1", 7001, 0, "&event=started&compact=1"),
			"d8:completei1e11:external ip4:\x7f\x00\x00\x0110:incompletei0e8:intervali60e12:min intervali10e5:peers0:6:peers60:e"},
		{query("2", 7002, 9, "&event=started&compact=1"),
			"d8:completei1e11:external ip4:\x7f\x00\x00\x0110:incompletei1e8:intervali60e12:min intervali10e5:peers6:\x7f\x00\x00\x01\x1b\x596:peers60:e"},
		{query("3", 7003, 9, ""), "d8:completei1e11:external ip4:\x7f\x00\x00\x0110:incompletei2e8:intervali60e12:min intervali10e5:peersl" +
			"d2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaa24:porti7002eed2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaa14:porti7001eeee"},
		{query("3", 7003, 9, "&numwant=1&no_peer_id=1"), "d8:completei1e11:external ip4:\x7f\x00\x00\x0110:incompletei2e8:intervali60e" +
			"12:min intervali10e5:peersld2:ip9:127.0.0.14:porti7002eeee"},
		{query("2", 7002, 0, "&event=completed&compact=1"), // a seed is given leechers only
			"d8:completei2e11:external ip4:\x7f\x00\x00\x0110:incompletei1e8:intervali60e12:min intervali10e5:peers6:\x7f\x00\x00\x01\x1b\x5b6:peers60:e"},
		{query("3", 7003, 9, "&event=stopped&compact=1"),
			"d8:completei2e11:external ip4:\x7f\x00\x00\x0110:incompletei0e8:intervali60e12:min intervali10e5:peers0:6:peers60:e"},
		{query("4", 0, 9, ""), "d14:failure reason12:invalid porte"},
		{query("4", 65536, 9, ""), "d14:failure reason12:invalid porte"},
		{query("44", 7004, 9, ""), "d14:failure reason15:invalid peer_ide"},
		{query("4", 7004, -9, ""), "d14:failure reason12:invalid lefte"},
		{"?info_hash=short", "d14:failure reason17:invalid info_hashe"},
	} {
		if status, body := get(t, s.URLs()[0]+c.query); status != http.StatusOK || body != c.want {
			t.Errorf("%s:\ngot  %d %q\nwant %q", c.query, status, body, c.want)
		}
	}
	if seeders, leechers := s.Counts(bt.InfoHash([]byte("hhhhhhhhhhhhhhhhhhhh"))); seeders != 2 || leechers != 0 {
		t.Errorf("%d seeders, %d leechers", seeders, leechers)
	}
	if _, body := get(t, s.URLs()[0]+"?%zz"); !strings.HasPrefix(body, "d14:failure reason") {
		t.Errorf("got %q", body)
	}
	if status, _ := get(t, strings.TrimSuffix(s.URLs()[0], "announce")+"scrape"); status != http.StatusNotFound {
		t.Errorf("got %d", status)
	}
	if status, _ := get(t, s.URLs()[0]+query("1", 7001, 0, "&x="+strings.Repeat("x", 64<<10))); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a request of 64 KiB: %d", status)
	}
}

// Members of both families are told apart in the compact form (BEP 7).
func TestBothFamilies(t *testing.T) {
	s := start(t, Config{Addrs: []string{"127.0.0.1:0", "[::1]:0"}})
	get(t, s.URLs()[0]+query("1", 7001, 9, ""))
	get(t, s.URLs()[1]+query("1", 7001, 9, "")) // the same client over its other family is another member
	_, body := get(t, s.URLs()[1]+query("2", 7002, 9, "&compact=1"))
	if want := "5:peers6:\x7f\x00\x00\x01\x1b\x596:peers618:" + strings.Repeat("\x00", 15) + "\x01\x1b\x59e"; !strings.HasSuffix(body, want) {
		t.Errorf("got %q", body)
	}
}

func TestUDP(t *testing.T) {
	s := start(t, Config{Interval: time.Minute})
	from := netip.MustParseAddrPort("127.0.0.1:9000")
	now := time.Unix(1_000_000_000, 0)
	reply := s.replyTo([]byte("\x00\x00\x04\x17\x27\x10\x19\x80\x00\x00\x00\x00TRAN"), from, now)
	if len(reply) != 16 || string(reply[:8]) != "\x00\x00\x00\x00TRAN" {
		t.Fatalf("connect: %q", reply)
	}
	announce := func(letter byte, left uint64, tail string) []byte {
		d := append([]byte(nil), reply[8:16]...)
		d = append(d, "\x00\x00\x00\x01TRAN"+strings.Repeat("h", 20)+strings.Repeat("a", 19)...)
		d = append(d, letter)
		d = append(d, make([]byte, 8)...)
		d = binary.BigEndian.AppendUint64(d, left)
		d = append(d, make([]byte, 8)...)
		return append(append(d, "\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x09\xff\xff\xff\xff\x1b\x59"...), tail...)
	}
	if got := s.replyTo(announce('1', 0, ""), from, now); string(got) != "\x00\x00\x00\x01TRAN\x00\x00\x00\x3c\x00\x00\x00\x00\x00\x00\x00\x01" {
		t.Errorf("the first announce: %q", got)
	}
	want := "\x00\x00\x00\x01TRAN\x00\x00\x00\x3c\x00\x00\x00\x01\x00\x00\x00\x01\x7f\x00\x00\x01\x1b\x59"
	if got := s.replyTo(announce('2', 5, "\x01\x02\x03/an\x02\x06nounce\x07"), from, now); string(got) != want {
		t.Errorf("the second announce: %q", got)
	}
	if got := s.Announces()[1]; got.URLData != "/announce" || got.Event != "started" || got.NumWant != -1 || got.Key != 9 || got.Left != 5 {
		t.Errorf("understood %+v", got)
	}
	scrape := append(append([]byte(nil), reply[8:16]...), "\x00\x00\x00\x02TRAN"...)
	if got := s.replyTo(scrape, from, now); !strings.HasPrefix(string(got), "\x00\x00\x00\x03TRAN") {
		t.Errorf("a scrape: %q", got)
	}
	elsewhere := netip.MustParseAddrPort("127.0.0.2:9000")
	for name, got := range map[string][]byte{
		"of another address": s.replyTo(announce('3', 5, ""), elsewhere, now),
		"too late":           s.replyTo(announce('3', 5, ""), from, now.Add(2*connectionWindow)),
		"too short":          s.replyTo(announce('3', 5, "")[:announceSize-1], from, now),
		"much too short":     s.replyTo(announce('3', 5, "")[:connectSize-1], from, now),
		"empty":              s.replyTo(nil, from, now),
		"no magic":           s.replyTo(make([]byte, connectSize), from, now),
	} {
		if got != nil {
			t.Errorf("a datagram %s is answered: %q", name, got)
		}
	}
	if got := s.replyTo(announce('3', 5, ""), from, now.Add(connectionWindow)); got == nil {
		t.Error("the connection id is forgotten too early")
	}
}

func TestLimits(t *testing.T) {
	now := time.Unix(1_000_000_000, 0)
	s := newSwarms(time.Minute)
	one := func(i, hash int, at time.Time) (answer, error) {
		a := Announce{Peer: netip.MustParseAddrPort("127.0.0.1:7000"), Left: 1, NumWant: 1 << 30}
		binary.BigEndian.PutUint32(a.PeerID[:], uint32(i))
		binary.BigEndian.PutUint32(a.InfoHash[:], uint32(hash))
		return s.announce(at, a)
	}
	for i := range maxMembers {
		if _, err := one(i, 0, now); err != nil {
			t.Fatal(i, err)
		}
	}
	if _, err := one(maxMembers, 0, now); err != errFull {
		t.Errorf("one member too many: %v", err)
	}
	got, err := one(0, 0, now) // one who is there already
	if err != nil || len(got.members) != maxPeers || got.leechers != maxMembers {
		t.Errorf("%d peers of %d, %v", len(got.members), got.leechers, err)
	}
	for hash := 1; hash < maxSwarms; hash++ {
		if _, err := one(0, hash, now); err != nil {
			t.Fatal(hash, err)
		}
	}
	if _, err := one(0, maxSwarms, now); err != errFull {
		t.Errorf("one swarm too many: %v", err)
	}
	got, err = one(maxMembers, 0, now.Add(forgetAfter*time.Minute+1)) // the others were not heard of since
	if err != nil || got.leechers != 1 {
		t.Errorf("%d leechers, %v", got.leechers, err)
	}
	for range maxLog {
		one(0, 0, now)
	}
	if len(s.log) != maxLog {
		t.Errorf("%d announces written down", len(s.log))
	}
}

func TestStartSaysWhereItCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := Start(Config{Addrs: []string{"127.0.0.1:0", taken.Addr().String()}}); err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("got %v", err)
	}
}
