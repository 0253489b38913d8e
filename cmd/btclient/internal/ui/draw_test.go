package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/bt"
)

// views are what the goldens draw.
var views = map[string]*View{
	"checking": {Name: "debian.iso", State: Checking, Done: 120 << 20, Total: 650 << 20},
	"starting": {Name: "debian.iso", State: Downloading, Total: 650 << 20, Pieces: 1300, Known: 2, Peers: []Peer{
		{Addr: "192.0.2.1:6881", Link: "connecting", Flags: LocalConnection},
		{Addr: "192.0.2.2:6881", Over: bt.UTP, Link: "queued", Flags: LocalConnection},
	}},
	"downloading": {
		Name: "debian.iso", State: Downloading, Elapsed: 75 * time.Second,
		Done: 301 << 20, Total: 650 << 20, PiecesDone: 602, Pieces: 1300,
		Opened:   bt.Kinds{bt.TCP: {bt.Incoming: 3, bt.Outgoing: 4}, bt.UTP: {bt.Incoming: 5, bt.Outgoing: 6}},
		DownRate: 12_345_678, UpRate: 234_567, Downloaded: 305 << 20, Uploaded: 17 << 20, Known: 41,
		Peers: []Peer{
			{Addr: "192.0.2.1:6881", Client: "Transmission 3.00", Flags: LocalConnection | SupportExtensions | Interesting | Choked | UploadOnly | Seed,
				Pieces: 1300, DownRate: 11_000_000, Asked: 112, Target: 128},
			{Addr: "198.51.100.7:51413", Over: bt.UTP, Client: "libtorrent/2.0.9.0",
				Flags:  SupportExtensions | Interesting | RemoteInterested | OptimisticUnchoke,
				Pieces: 700, DownRate: 1_345_678, UpRate: 234_567, Asked: 3, Target: 16, Serving: 12},
			{Addr: "192.0.2.9:6881", Link: "handshake"},
			{Addr: "[2001:db8:85a3::8a2e:370:7334]:6881", Client: "aria2/1.36.0", Flags: Interesting | RemoteChoked | Snubbed | OnParole | Choked,
				Pieces: 12},
		},
		Trackers: []Tracker{
			{URL: "http://tracker.example/announce", State: "working", Seeders: 12, Leechers: 3, Next: 29 * time.Minute},
			{URL: "udp://other.example:6969/announce", State: "failing", Error: "tracker udp://other.example:6969/announce: no answer in time",
				Seeders: -1, Leechers: -1, Next: 12 * time.Second},
			{URL: "http://third.example/announce", State: "idle", Seeders: -1, Leechers: -1},
		},
	},
	"explained": {
		Name: "debian.iso", State: Downloading, Done: 301 << 20, Total: 650 << 20, PiecesDone: 602, Pieces: 1300, Explain: "192.0.2.1",
		Peers: []Peer{{Addr: "192.0.2.1:6881", Over: bt.UTP, Client: "Transmission 3.00", Flags: Choked, Pieces: 12, Why: []Reason{
			{Flag: "Choked", Is: true, Text: "choked for 41 s: rank 7 of 4 slots, 12 kB/s against 31 kB/s; optimistic turn in 18 s [CHK-4]"},
			{Flag: "SupportExtensions", Text: "no extensions for 60 s: its handshake lacks the bit [FLG-7]"},
		}}},
	},
	"stalled": {
		Name: "debian.iso", State: Stalled, Stalled: true, Fault: "write downloads/debian.iso: no space left on device",
		Done: 301 << 20, Total: 650 << 20, PiecesDone: 602, Pieces: 1300,
	},
	"seeding": {
		Name: "日本語の本.epub", State: Seeding, Done: 1 << 20, Total: 1 << 20, PiecesDone: 64, Pieces: 64,
		UpRate: 999_999, Uploaded: 5 << 30, Known: 1,
		Peers: []Peer{
			{Addr: "192.0.2.1:6881", Client: "読む\x1b[31m", Flags: RemoteInterested | SupportExtensions, Pieces: 3, UpRate: 999_999, Serving: 250},
		},
	},
}

func members() []Member {
	seed := View{Done: 128 << 20, Total: 128 << 20, UpRate: 100 << 20, Uploaded: 77 << 20, Pieces: 1024, Peers: []Peer{{}, {}}}
	leecher := View{
		Done: 100 << 20, Total: 128 << 20, DownRate: 190 << 20, UpRate: 9 << 20, Downloaded: 101 << 20, Uploaded: 12 << 20, Pieces: 1024,
		Peers: []Peer{
			{Addr: "127.0.0.1:40001", Over: bt.UTP, Client: "seed-1", Flags: LocalConnection | Interesting | Seed, Pieces: 1024,
				DownRate: 100 << 20, Asked: 500, Target: 500},
			{Addr: "127.0.0.1:51001", Link: "handshake"},
		},
	}
	return []Member{{"seed-1", seed}, {"leecher-1", leecher}}
}

// TestDraw draws at the sizes that the goldens name; -rewrite writes them anew.
func TestDraw(t *testing.T) {
	datadriven.RunTest(t, "testdata/draw", func(t *testing.T, d *datadriven.TestData) string {
		k := Look{Unicode: !d.HasArg("ascii"), Width: 100, Height: 40}
		d.MaybeScanArgs(t, "width", &k.Width)
		d.MaybeScanArgs(t, "height", &k.Height)
		switch d.Cmd {
		case "meter":
			return text(DrawMeter("hashing", 300<<20, 650<<20, 512<<20, k))
		case "swarm":
			return text(DrawSwarm("demo of 128 MiB, 0.6 s", members(), 1, k))
		case "plain":
			return PlainLine(views[d.CmdArgs[0].Key]) + "\n"
		}
		return text(Draw(views[d.Cmd], k))
	})
}

func text(lines []Line) string {
	var s strings.Builder
	for _, l := range lines {
		s.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	return s.String()
}

// TestFit draws everything at every size: nothing is wider or higher than there is room for, nor holds a character that
// a terminal would obey.
func TestFit(t *testing.T) {
	for width := range 130 {
		for height := range 30 {
			for _, unicode := range []bool{true, false} {
				k := Look{Width: width, Height: height, Unicode: unicode}
				for name, v := range views {
					checkFit(t, name, k, Draw(v, k))
				}
				checkFit(t, "swarm", k, DrawSwarm("demo", members(), 1, k))
				checkFit(t, "meter", k, DrawMeter("hashing", 3, 9, 1, k))
			}
		}
	}
}

func checkFit(t *testing.T, name string, k Look, lines []Line) {
	t.Helper()
	if len(lines) > k.Height {
		t.Fatalf("%s at %+v: %d lines", name, k, len(lines))
	}
	for _, l := range lines {
		s := l.String()
		if l.Width() > k.Width || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("%s at %+v: %d columns: %q", name, k, l.Width(), s)
		}
	}
}

// TestBar wants a bar to have the same width throughout, never to be full before all is there, and to grow only.
func TestBar(t *testing.T) {
	for _, total := range []int64{1, 7, 1000, 1 << 62} {
		last := -1
		for i := range int64(101) {
			done := total / 100 * i
			full, empty := bar(done, total, 20, true)
			if w := width(full) + width(empty); w != 20 {
				t.Fatalf("%d of %d: %d columns", done, total, w)
			}
			if done < total && full == strings.Repeat("█", 20) {
				t.Fatalf("%d of %d: the bar is full", done, total)
			}
			if width(full) < last {
				t.Fatalf("%d of %d: the bar shrinks", done, total)
			}
			last = width(full)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Bytes(0), "0 B"}, {Bytes(999), "999 B"}, {Bytes(1000), "0.98 KiB"}, {Bytes(1536), "1.50 KiB"}, {Bytes(123456789), "118 MiB"},
		{Bytes(1<<40 - 1), "1.00 TiB"}, {Bytes(1<<63 - 1), "8.00 EiB"}, {Rate(1 << 20), "1.00 MiB/s"},
		{Portion(0, 5), "0 of 5 B"}, {Portion(1<<19, 1<<20), "0.50 of 1.00 MiB"},
		{Percent(0, 0), "100 %"}, {Percent(0, 1), "0.0 %"}, {Percent(9999, 10000), "99.9 %"}, {Percent(1, 1), "100 %"},
		{Percent(1<<62, 1<<63-1), "50.0 %"}, {Percent(1<<61-1, 1<<61), "99.9 %"},
		{Duration(0), "0 s"}, {Duration(59400 * time.Millisecond), "59 s"}, {Duration(59600 * time.Millisecond), "1 min 00 s"},
		{Duration(3 * time.Hour), "3 h 00 min"}, {Duration(50 * time.Hour), "2 d 2 h"},
		{Count(1, "peer"), "1 peer"}, {Count(0, "peer"), "0 peers"},
		{clip("日本", 3), "日"}, {pad("日本", 3), "日 "}, {padLeft("ab", 4), "  ab"}, {fmt.Sprint(width("e\u0301")), "1"},
		{(LocalConnection | Seed).String(), "o---------s"}, {Flags(allFlags).String(), "oxIciCOSpUs"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestLeft(t *testing.T) {
	for _, c := range []struct {
		v    View
		want time.Duration
		ok   bool
	}{
		{View{State: Downloading, Total: 100, DownRate: 10}, 11 * time.Second, true},
		{View{State: Downloading, Total: 100}, 0, false},
		{View{State: Downloading, Total: 100, Done: 100, DownRate: 1}, 0, false},
		{View{State: Stalled, Total: 100, DownRate: 10}, 0, false},
		{View{State: Downloading, Total: 1 << 62, DownRate: 1}, 0, false},
	} {
		if got, ok := c.v.Left(); got != c.want || ok != c.ok {
			t.Errorf("%+v: %v %v", c.v, got, ok)
		}
	}
}
