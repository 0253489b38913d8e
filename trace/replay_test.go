package trace_test

import (
	"bytes"
	"io"
	"net/netip"
	"testing"
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
	"peerwire/trace"
)

// recorded lets a scenario that ships live for a while, and gives the trace of it.
func recorded(t testing.TB, name string, peers int, until time.Duration) []byte {
	t.Helper()
	text, _ := scenarios.Text(name)
	s, err := scenario.Read(name+".toml", text)
	if err != nil {
		t.Fatal(err)
	}
	if s.Peers() > peers && s.Scale(peers) != nil {
		t.Fatalf("%s cannot have %d peers", name, peers)
	}
	s.Until = scenario.Span(until)
	var to bytes.Buffer
	sum := sim.NewTrace()
	sum.Record = trace.NewWriter(&to, "test")
	if err := crowd.New(s, sum).Run(bt.Never); err != nil {
		t.Fatal(err)
	}
	if err := sum.Record.Flush(); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}

// replayed replays a trace.
func replayed(t testing.TB, text []byte) (*trace.Difference, trace.Tally) {
	t.Helper()
	r, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d, tally, err := trace.Replay(r)
	if err != nil {
		t.Fatal(err)
	}
	return d, tally
}

// Every session of a simulated world, told the same once more, answers the same to the byte: with crashes, liars, disks that fail and
// nodes that leave.
func TestReplayOfWorlds(t *testing.T) {
	for _, name := range []string{"first-pair", "churn", "liar", "seed-gone"} {
		text := recorded(t, name, 45, 15*time.Second)
		d, tally := replayed(t, text)
		if d != nil {
			t.Errorf("%s: %+v", name, d)
		}
		t.Logf("%s: %d bytes, %+v", name, len(text), tally)
		if tally.Sessions < 2 || tally.Answers < tally.Calls/2 || tally.Bytes == 0 {
			t.Errorf("%s: %+v were compared", name, tally)
		}
	}
}

// A change of any answer that a trace has is found, and the call it belongs to is named.
func TestPlantedChange(t *testing.T) {
	text := recorded(t, "first-pair", 2, time.Second)
	r, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[trace.Kind]int)
	for rec := (trace.Record{}); r.Next(&rec) == nil; {
		if rec.Kind < trace.Moved || kinds[rec.Kind] == 20 {
			continue
		}
		kinds[rec.Kind]++
		bad := bytes.Clone(text)
		bad[rec.Offset+1] ^= 1
		mend(bad)
		again, err := trace.NewReader(bytes.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := trace.Replay(again)
		switch {
		case d == nil && err == nil:
			t.Fatalf("nobody finds the change at %d, in what was %v", rec.Offset, rec.Kind)
		case d != nil && (d.Call.Call != rec.Call || d.Node == "" || d.Want == nil || d.Want.Offset != rec.Offset):
			t.Fatalf("what was changed at %d, in call %d, is found as %+v, %+v", rec.Offset, rec.Call, d.Want, d)
		}
	}
	for k := trace.Moved; k <= trace.Due; k++ {
		if kinds[k] < 10 {
			t.Errorf("only %d were %v", kinds[k], k)
		}
	}
}

// An answer that a trace lacks is found too.
func TestMissingAnswer(t *testing.T) {
	text := recorded(t, "first-pair", 2, time.Second)
	r, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	last := trace.Record{}
	for rec := (trace.Record{}); r.Next(&rec) == nil; last = rec {
	}
	if last.Kind < trace.Moved {
		t.Fatalf("the last record is no answer: %+v", last)
	}
	text = text[:last.Offset]
	shorten(text)
	if d, _ := replayed(t, text); d == nil || d.Want != nil || d.Got == nil || d.Got.Kind != last.Kind || d.Call.Call != last.Call {
		t.Errorf("%+v, without %+v", d, last)
	}
}

// To record takes no memory by the event, and not to record nothing at all.
func TestNoAllocations(t *testing.T) {
	w := trace.NewWriter(io.Discard, "test")
	cfg := bt.DefaultConfig()
	for name, s := range map[string]trace.Session{
		"on":  w.Session("a", netip.AddrPort{}, cfg, 0, core.New(cfg, nil)),
		"off": trace.NewSession(core.New(cfg, nil)),
	} {
		id, now := 1|bt.Accepted, bt.Instant(0)
		drain := func() {
			for e := (bt.Effect{}); s.Poll(&e); {
			}
		}
		s.Handle(now, bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{Geometry: bt.Geometry{PieceLength: 1 << 20, Total: 1 << 30}}})
		drain()
		s.Handle(now, bt.Event{Kind: bt.Accept, Conn: id, Addr: netip.MustParseAddrPort("10.0.0.1:6881")})
		drain()
		hello := wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{}, bt.PeerID{1}))
		s.Handle(now, bt.Event{Kind: bt.Received, Conn: id, Data: hello})
		drain()
		buf, says := make([]byte, 4096), append(wire.AppendInterested(nil), 0, 0)
		toggle := byte(0)
		if n := testing.AllocsPerRun(1000, func() {
			now += 1e6
			toggle ^= 1
			says[4] = byte(wire.Interested) + toggle
			s.Handle(now, bt.Event{Kind: bt.Received, Conn: id, Data: says})
			drain()
			s.Transmit(now, id, buf)
			drain()
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
}

// A call that panics is the last in its trace, whole, and panics again when it is replayed.
func TestPanicIsRecorded(t *testing.T) {
	var to bytes.Buffer
	w := trace.NewWriter(&to, "test")
	cfg := bt.DefaultConfig()
	s := w.Session("a", netip.AddrPort{}, cfg, 0, core.New(cfg, nil))
	func() {
		defer func() { _ = recover() }()
		s.Handle(7, bt.Event{Kind: bt.Accept, Conn: 1})
	}()
	d, _ := replayed(t, to.Bytes())
	if d == nil || d.Call.Now != 7 || d.Call.Event.Kind != bt.Accept || d.Panics == "" {
		t.Errorf("%+v", d)
	}
}
