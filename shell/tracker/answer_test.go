package tracker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseAnswer(t *testing.T) {
	const interval = "8:intervali1800e"
	usual := func(change func(*Response)) Response {
		r := Response{Interval: 30 * time.Minute, Seeders: -1, Leechers: -1}
		change(&r)
		return r
	}
	list := func(texts ...string) func(*Response) { return func(r *Response) { r.Peers = peers(texts...) } }
	for _, c := range []struct {
		name, body string
		want       Response
	}{
		{"everything", "d8:completei5e11:external ip4:\x01\x02\x03\x0410:incompletei7e" + interval +
			"12:min intervali900e5:peers6:\x0a\x00\x00\x01\x1a\xe110:tracker id3:abc15:warning message5:\x1bslowe",
			Response{Interval: 30 * time.Minute, MinInterval: 15 * time.Minute, Seeders: 5, Leechers: 7,
				Peers: peers("10.0.0.1:6881"), TrackerID: "abc", Warning: "?slow", ExternalIP: netip.MustParseAddr("1.2.3.4")}},
		{"both families", "d" + interval + "5:peers6:\x01\x02\x03\x04\x1a\xe1" +
			"6:peers618:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1e",
			usual(list("1.2.3.4:6881", "[2001:db8::1]:6881"))},
		{"long form", "d" + interval + "5:peersld2:ip7:1.2.3.47:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881eed2:ip11:2001:db8::24:porti80eeee",
			usual(list("1.2.3.4:6881", "[2001:db8::2]:80"))},
		{"long form, bad entries", "d" + interval + "5:peersli1eled2:ip9:localhost4:porti1025eed2:ip7:1.2.3.44:porti65536eed2:ip7:1.2.3.44:porti-1ee" +
			"d2:ip7:1.2.3.4ed4:porti7eed2:ipi7e4:porti7eed2:ip7:1.2.3.44:port4:6881ed2:ip7:4.3.2.14:porti99eeee", usual(list("4.3.2.1:99"))},
		{"mapped address", "d" + interval + "5:peersld2:ip14:::ffff:1.2.3.44:porti80eed2:ip7:1.2.3.44:porti80eeee", usual(list("1.2.3.4:80"))},
		{"ports 0 and 1", "d" + interval + "5:peers18:\x01\x02\x03\x04\x00\x00\x01\x02\x03\x04\x00\x01\x01\x02\x03\x04\x00\x02e", usual(list("1.2.3.4:2"))},
		{"useless addresses", "d" + interval + "5:peers18:\x00\x00\x00\x00\x00\x50\xe0\x00\x00\x01\x00\x50\xff\xff\xff\xff\x00\x50e", usual(list())},
		{"link-local without zone", "d" + interval + "6:peers618:\xfe\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x50e", usual(list())},
		{"unsorted keys, rest", "d5:peers0:" + interval + "e\r\n", usual(list())},
		{"nothing said", "de", usual(list())},
		{"absurd counts", "d8:completei-3e10:incompletei9223372036854775807e" + interval + "e", usual(list())},
		{"long tracker id", "d" + interval + fmt.Sprintf("10:tracker id300:%se", strings.Repeat("x", 300)), usual(list())},
		{"external ip of 3 bytes", "d11:external ip3:abc" + interval + "e", usual(list())},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseAnswer([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
				cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseAnswerRefuses(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"empty", "", "malformed answer: "},
		{"html", "<html><body>500</body></html>", "malformed answer: "},
		{"truncated", "d8:intervali1800e", "malformed answer: "},
		{"no dictionary", "i1e", "malformed answer: no dictionary"},
		{"peers of 7 bytes", "d5:peers7:abcdefge", "malformed answer: a compact peer list of 7 bytes is no multiple of 6"},
		{"peers6 of 6 bytes", "d6:peers66:abcdefe", "malformed answer: a compact peer list of 6 bytes is no multiple of 18"},
		{"peers a number", "d5:peersi1ee", "malformed answer: peers that are no list"},
		{"failure a number", "d14:failure reasoni1ee", "malformed answer: a failure reason that is no text"},
		{"nested", strings.Repeat("l", 1000), "malformed answer: "},
		{"tokens", "d5:peersl" + strings.Repeat("le", 300_000) + "ee", "malformed answer: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseAnswer([]byte(c.body))
			if !errors.Is(err, ErrMalformed) || !strings.HasPrefix(err.Error(), c.want) || got.Peers != nil {
				t.Errorf("got %v, %v; want %q", got, err, c.want)
			}
		})
	}
	_, err := parseAnswer([]byte("d14:failure reason8:go\x1baway\ne"))
	var failure *FailureError
	if !errors.As(err, &failure) || failure.Reason != "go?away" {
		t.Errorf("got %v", err)
	}
}

func TestClampIntervals(t *testing.T) {
	const minimum = int64(-1) << 63
	for _, c := range []struct {
		interval, minInterval int64
		want, wantMin         time.Duration
	}{
		{1800, 0, 30 * time.Minute, 0},
		{0, 0, defaultInterval, 0},
		{-1, 0, 60 * time.Second, 0},
		{minimum, minimum, 60 * time.Second, 0},
		{59, 0, 60 * time.Second, 0},
		{1<<63 - 1, 1<<63 - 1, 24 * time.Hour, 24 * time.Hour},
		{86401, 0, 24 * time.Hour, 0},
		{10, 7, 10 * time.Second, 7 * time.Second}, // the tracker itself permits less than a minute
		{1, 1, 5 * time.Second, 5 * time.Second},
		{10, 90, 90 * time.Second, 90 * time.Second}, // and may forbid its own interval
		{0, 3600, time.Hour, time.Hour},
		{0, 10, defaultInterval, 10 * time.Second},
	} {
		if got, gotMin := clampIntervals(c.interval, c.minInterval); got != c.want || gotMin != c.wantMin {
			t.Errorf("interval %d, min interval %d: got %v, %v; want %v, %v", c.interval, c.minInterval, got, gotMin, c.want, c.wantMin)
		}
	}
}

func TestPeersAreLimited(t *testing.T) {
	var compact []byte
	for i := range uint32(3 * MaxPeers) {
		compact = binary.BigEndian.AppendUint32(compact, 0x01000000+i/2) // each twice
		compact = binary.BigEndian.AppendUint16(compact, 6881)
	}
	answer, err := parseAnswer(fmt.Appendf(nil, "d5:peers%d:%se", len(compact), compact))
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Peers) != MaxPeers {
		t.Errorf("%d peers of %d different ones", len(answer.Peers), 3*MaxPeers/2)
	}
	checkPeers(t, answer.Peers)
}

// checkPeers wants what Response promises of its peers.
func checkPeers(t *testing.T, all []netip.AddrPort) {
	t.Helper()
	if len(all) > MaxPeers {
		t.Fatalf("%d peers", len(all))
	}
	sorted := slices.SortedFunc(slices.Values(all), netip.AddrPort.Compare)
	if len(slices.Compact(sorted)) != len(all) {
		t.Fatal("a peer occurs twice")
	}
	for _, p := range all {
		if p.Port() <= PlaceholderPort || !dialable(p.Addr()) || p.Addr().Is4In6() || p.Addr().Zone() != "" {
			t.Fatalf("peer %v is of no use", p)
		}
	}
}

// checkResponse wants what Response promises.
func checkResponse(t *testing.T, r Response) {
	t.Helper()
	checkPeers(t, r.Peers)
	if r.Interval < max(floorInterval, r.MinInterval) || r.Interval > maxInterval || r.MinInterval == 0 && r.Interval < lowInterval {
		t.Fatalf("interval %v, min interval %v", r.Interval, r.MinInterval)
	}
	if r.MinInterval != 0 && r.MinInterval < floorInterval || r.Seeders < -1 || r.Leechers < -1 {
		t.Fatalf("min interval %v, %d seeders, %d leechers", r.MinInterval, r.Seeders, r.Leechers)
	}
	if len(r.TrackerID) > maxTrackerID || r.Warning != printable(r.Warning) {
		t.Fatalf("tracker id %q, warning %q", r.TrackerID, r.Warning)
	}
}

func FuzzHTTPAnswer(f *testing.F) {
	for _, seed := range []string{
		"de", "", "<html>", "d14:failure reason4:nonee", "d14:failure reasoni1ee",
		"d8:completei5e11:external ip4:\x01\x02\x03\x0410:incompletei7e8:intervali1800e12:min intervali900e" +
			"5:peers6:\x0a\x00\x00\x01\x1a\xe110:tracker id3:abc15:warning message4:slowe",
		"d8:intervali1e5:peersld2:ip7:1.2.3.47:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881eeee",
		"d6:peers618:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1e",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := parseAnswer(body)
		var failure *FailureError
		switch {
		case errors.As(err, &failure):
			if failure.Reason != printable(failure.Reason) {
				t.Fatalf("reason %q", failure.Reason)
			}
		case err != nil:
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("error %v is of no kind", err)
			}
		default:
			checkResponse(t, answer)
		}
	})
}
