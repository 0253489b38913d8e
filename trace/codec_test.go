package trace

import (
	"bytes"
	"io"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/core/wire"
)

// equal compares sets of pieces by what is in them, reasons and addresses by what they are.
var equal = cmp.Options{
	cmp.Comparer(func(a, b *bitset.BitSet) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(b)) }),
	cmp.Comparer(func(a, b bt.Why) bool { return a == b }),
	cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
}

// value draws any value of a vocabulary.
func value[T ~uint8](t *rapid.T, of vocabulary) T {
	return T(rapid.IntRange(0, len(vocabularies[of].names)-1).Draw(t, vocabularies[of].what))
}

func addrs() *rapid.Generator[netip.AddrPort] {
	return rapid.Custom(func(t *rapid.T) netip.AddrPort {
		port := rapid.Uint16().Draw(t, "port")
		switch rapid.IntRange(0, 3).Draw(t, "family") {
		case 0:
			return netip.AddrPort{}
		case 1:
			return netip.AddrPortFrom(netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "ip"))), port)
		case 2:
			return netip.AddrPortFrom(netip.MustParseAddr("fe80::1%eth0"), port)
		}
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "ip"))), port)
	})
}

// specs draws torrents.
func specs(t *rapid.T) *bt.TorrentSpec {
	s := &bt.TorrentSpec{
		InfoHash: bt.InfoHash(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "hash")),
		Private:  rapid.Bool().Draw(t, "private"), SuperSeed: rapid.Bool().Draw(t, "super"),
		AnyPiece: rapid.Bool().Draw(t, "any"),
		MaxConns: rapid.IntRange(-1, 100).Draw(t, "conns"), ReservedSlots: rapid.IntRange(0, 9).Draw(t, "reserved"),
	}
	if rapid.Bool().Draw(t, "known") {
		s.Geometry = bt.Geometry{PieceLength: 1 << 14, Total: rapid.Int64Range(1, 1<<20).Draw(t, "total")}
		s.Have = bitset.New(uint(s.Geometry.NumPieces()))
		for i := range s.Have.Len() {
			s.Have.SetTo(i, rapid.Bool().Draw(t, "has"))
		}
	}
	return s
}

// anything draws records of every kind, with every field that goes with it.
func anything(t *rapid.T) Record {
	now := bt.Instant(rapid.Int64Range(0, 1<<40).Draw(t, "now"))
	conn := bt.ConnID(rapid.Uint32().Draw(t, "conn"))
	r := Record{Kind: Kind(rapid.IntRange(int(Begun), int(Due)).Draw(t, "kind")), Now: now}
	u32 := func(what string) uint32 { return rapid.Uint32().Draw(t, what) }
	token := bt.Token(rapid.Uint64().Draw(t, "token"))
	block := bt.Block{Piece: u32("piece"), Begin: u32("begin"), Length: u32("length")}
	reason := bt.Reason{Cause: value[bt.Cause](t, causes), Fault: value[bt.Fault](t, faults), Rank: u32("rank"), Above: u32("above")}
	name := value[uint8](t, violations)
	reflect.ValueOf(&reason).Elem().FieldByName("Violation").SetUint(uint64(name))
	switch r.Kind {
	case Begun:
		cfg := bt.Config{
			Seed: rapid.Uint64().Draw(t, "seed"), PeerID: bt.PeerID(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "id")),
			ListenPort: 6881, Client: "someone", MaxConns: 7, MaxHalfOpen: -3, Transports: value[bt.Transports](t, transportSets),
			UploadSlots: 5, SlotPolicy: value[bt.SlotPolicy](t, slotPolicies), SeedOrder: value[bt.SeedOrder](t, seedOrders),
		}
		r.Begin = &Begin{Name: "peer1", Addr: addrs().Draw(t, "addr"), Config: cfg}
	case Told:
		r.Event = full(t, bt.Event{
			Kind: value[bt.EventKind](t, events), Transport: value[bt.Transport](t, transports), Source: value[bt.Source](t, sources),
			Fault: value[bt.Fault](t, faults), Good: rapid.Bool().Draw(t, "good"), Conn: conn, Torrent: bt.TorrentID(u32("torrent")), Piece: block.Piece,
			N: rapid.IntRange(0, MaxLeftOut).Draw(t, "n"), Token: token, Addr: addrs().Draw(t, "addr"), Spec: specs(t),
			Sums: []bt.Digest{{1, 2}, {3}}[:rapid.IntRange(0, 2).Draw(t, "sums")],
		})
	case Asked:
		r.Conn, r.Room = conn, rapid.IntRange(0, MaxRoom).Draw(t, "room")
	case Moved:
		r.Conn, r.Move = conn, Move{Flags: peerfsm.Flags(u32("flags")), Changed: peerfsm.Flags(u32("changed")), Closed: rapid.Bool().Draw(t, "closed")}
		r.Move.Banned = rapid.Bool().Draw(t, "banned")
		for f := range peerfsm.NumFlags {
			if r.Move.explains(f) {
				because := value[bt.Because](t, reasons)
				var numbers []int64
				for range because.Numbers() {
					numbers = append(numbers, int64(u32("number")))
				}
				r.Move.Whys[f] = bt.NewWhy(0, because, numbers...)
			}
		}
	case Said:
		r.Conn, r.Token, r.Size, r.Last = conn, token, 16384, rapid.Bool().Draw(t, "last")
		r.Bytes = rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")
	case Effected:
		r.Effect = fullEffect(bt.Effect{
			Kind: value[bt.EffectKind](t, effects), Want: value[bt.Want](t, wants), Transport: value[bt.Transport](t, transports),
			Fault: value[bt.Fault](t, faults), Sums: rapid.Bool().Draw(t, "sums"), Reason: reason, Conn: conn, Torrent: bt.TorrentID(u32("torrent")),
			Piece: block.Piece, N: 5, Size: 16384, Token: token, Block: block, Addr: addrs().Draw(t, "addr"),
			Until: bt.Instant(rapid.Int64().Draw(t, "until")),
		})
	case Due:
		r.Timer, r.At = value[bt.Timer](t, timers), now+bt.Instant(rapid.Int64Range(-5, 1<<50).Draw(t, "in"))
		if r.Timer == bt.NoTimer {
			r.At = bt.Never
		}
	}
	return r
}

// full leaves those fields of an event that go with its kind: what bt says of each kind is said here once more, for the record must hold no less.
func full(t *rapid.T, ev bt.Event) bt.Event {
	e := bt.Event{Kind: ev.Kind}
	switch ev.Kind {
	case bt.AddTorrent:
		e.Torrent, e.Spec = ev.Torrent, ev.Spec
	case bt.RemoveTorrent, bt.DiskReady:
		e.Torrent = ev.Torrent
	case bt.AddPeer:
		e.Torrent, e.Addr, e.Source = ev.Torrent, ev.Addr, ev.Source
	case bt.Dialled:
		e.Conn, e.Fault, e.Addr = ev.Conn, ev.Fault, ev.Addr
	case bt.Accept:
		e.Conn, e.Addr, e.Transport = ev.Conn, ev.Addr, ev.Transport
	case bt.Received:
		e.Conn = ev.Conn
	case bt.PayloadRead:
		e.Conn, e.N = ev.Conn, ev.N
	case bt.Closed:
		e.Conn, e.Fault = ev.Conn, ev.Fault
	case bt.Stored, bt.Fetched:
		e.Token, e.Fault = ev.Token, ev.Fault
	case bt.Verified:
		e.Torrent, e.Piece, e.Good, e.Sums, e.Fault = ev.Torrent, ev.Piece, ev.Good, ev.Sums, ev.Fault
	case bt.Tick:
	default:
		t.Fatalf("event %d is new", ev.Kind)
	}
	return e
}

func fullEffect(f bt.Effect) bt.Effect {
	e := bt.Effect{Kind: f.Kind}
	switch f.Kind {
	case bt.Dial:
		e.Conn, e.Torrent, e.Addr, e.Transport = f.Conn, f.Torrent, f.Addr, f.Transport
	case bt.Need:
		e.Conn, e.N, e.Want, e.Size, e.Token = f.Conn, f.N, f.Want, f.Size, f.Token
	case bt.WantWrite, bt.PauseRead, bt.ResumeRead:
		e.Conn = f.Conn
	case bt.Close:
		e.Conn, e.Reason = f.Conn, f.Reason
	case bt.Store:
		e.Token, e.Torrent, e.Block = f.Token, f.Torrent, f.Block
	case bt.Release:
		e.Token = f.Token
	case bt.Fetch:
		e.Conn, e.Token, e.Torrent, e.Block = f.Conn, f.Token, f.Torrent, f.Block
	case bt.Verify:
		e.Torrent, e.Piece, e.Sums = f.Torrent, f.Piece, f.Sums
	case bt.Passed:
		e.Torrent, e.Piece = f.Torrent, f.Piece
	case bt.Completed, bt.MorePeers:
		e.Torrent = f.Torrent
	case bt.Stalled:
		e.Torrent, e.Fault = f.Torrent, f.Fault
	case bt.Banned:
		e.Torrent, e.Addr, e.Until, e.Reason = f.Torrent, f.Addr, f.Until, f.Reason
	case bt.Noticed:
		e.Conn, e.Torrent, e.Addr, e.Reason = f.Conn, f.Torrent, f.Addr, f.Reason
	}
	return e
}

// Whatever a record says is read as it was written.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w codec
		var last, lastRead bt.Instant
		var wrote []Record
		for range rapid.IntRange(1, 20).Draw(t, "records") {
			rec := anything(t)
			w.record(&rec, &last)
			wrote = append(wrote, rec)
		}
		if w.err != nil {
			t.Fatal(w.err)
		}
		r := codec{read: true, buf: w.buf}
		for i := range wrote {
			var got Record
			if !wrote[i].Kind.answers() {
				got.Session = wrote[i].Session
			} else {
				got.Now = wrote[i].Now
			}
			if r.record(&got, &lastRead); r.err != nil {
				t.Fatal(r.err)
			}
			if len(got.Bytes) == 0 {
				got.Bytes = wrote[i].Bytes
			}
			if diff := cmp.Diff(wrote[i], got, equal); diff != "" {
				t.Fatal(diff)
			}
		}
		if r.at != len(r.buf) {
			t.Fatalf("%d bytes are left", len(r.buf)-r.at)
		}
	})
}

// A field that is added to what a session is told must be in the trace too: whoever adds one comes by here.
func TestNothingIsForgotten(t *testing.T) {
	for what, want := range map[any]int{bt.Config{}: 10, bt.TorrentSpec{}: 8, bt.Reason{}: 5, bt.Transmission{}: 4} {
		if n := reflect.TypeOf(what).NumField(); n != want {
			t.Errorf("%T has %d fields, and the trace knows %d of them", what, n, want)
		}
	}
	if n := reflect.TypeOf(bt.Event{}).NumField(); n != 14 {
		t.Errorf("an event has %d fields", n)
	}
	if n := reflect.TypeOf(bt.Effect{}).NumField(); n != 15 {
		t.Errorf("an effect has %d fields", n)
	}
	for of := range numVocabularies {
		seen := make(map[string]bool)
		for _, name := range vocabularies[of].names {
			if seen[name] || len(name) > MaxName {
				t.Errorf("the %s %q is there twice, or has too long a name", vocabularies[of].what, name)
			}
			seen[name] = true
		}
	}
	fault, cause := bt.Fault(len(vocabularies[faults].names)), bt.Cause(len(vocabularies[causes].names))
	if fault.String() != "unknown fault" || cause.String() != "unknown cause" {
		t.Errorf("there are more faults or causes than the trace knows: %v, %v", fault, cause)
	}
}

// A trace whose program knew its values by other numbers is read by their names; what we have no name for is refused only where it is used.
func TestOtherNumbers(t *testing.T) {
	var d dictionary
	for of := range numVocabularies {
		d.names[of] = vocabularies[of].names
	}
	d.names[timers] = []string{"siesta", "rechoke", "none"}
	d.translate()
	var w codec
	w.number(uint64(Due), 255, "")
	w.number(1, 255, "")
	in := int64(5)
	w.signed(&in, "")
	var last bt.Instant
	var rec Record
	r := codec{read: true, buf: w.buf, dict: &d}
	if r.record(&rec, &last); r.err != nil || rec.Timer != bt.TimerRechoke {
		t.Errorf("%v, %v", rec.Timer, r.err)
	}
	w.buf[1] = 0
	r = codec{read: true, buf: w.buf, dict: &d, base: 100}
	r.record(&rec, &last)
	if r.err == nil || r.err.Error() != `offset 101: there is no timer 0 here, which the trace calls "siesta"` {
		t.Error(r.err)
	}
}

// What exceeds a limit is not written, and who writes goes on undisturbed.
func TestNotWritten(t *testing.T) {
	var to bytes.Buffer
	w := NewWriter(&to, "test")
	size := to.Len()
	w.rec = Record{Kind: Asked, Room: MaxRoom + 1}
	w.put()
	if err := w.Flush(); err == nil || to.Len() != size {
		t.Errorf("%v, and %d bytes", err, to.Len()-size)
	}
}

// A trace of the version before is read as it was written, and says so when it is to be replayed.
func TestVersionBefore(t *testing.T) {
	var to bytes.Buffer
	w := NewWriter(&to, "test")
	w.c.version = silent
	s := w.Session("a", netip.AddrPort{}, bt.DefaultConfig(), 0, core.New(bt.DefaultConfig(), nil))
	handle := func(ev bt.Event) {
		s.Handle(0, ev)
		for e := (bt.Effect{}); s.Poll(&e); {
		}
	}
	handle(bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{Geometry: bt.Geometry{PieceLength: 1 << 20, Total: 1 << 30}}})
	handle(bt.Event{Kind: bt.Accept, Conn: 1 | bt.Accepted, Addr: netip.MustParseAddrPort("10.0.0.1:6881")})
	handle(bt.Event{Kind: bt.Received, Conn: 1 | bt.Accepted, Data: wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{}, bt.PeerID{1}))})
	room := make([]byte, 4096)
	sent := s.Transmit(0, 1|bt.Accepted, room)
	if err := w.Flush(); err != nil || !sent.Last {
		t.Fatal(sent, err)
	}
	to.Bytes()[len(magic)] = silent
	r, err := NewReader(bytes.NewReader(to.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var said []byte
	for rec := (Record{}); err == nil; err = r.Next(&rec) {
		if rec.Kind == Said && !rec.Last {
			said = append(said, rec.Bytes...)
		}
	}
	if err != io.EOF || !bytes.Equal(said, room[:sent.N]) {
		t.Errorf("%v, and it says %q", err, said)
	}
	if r, err = NewReader(bytes.NewReader(to.Bytes())); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Replay(r); err == nil || !strings.HasPrefix(err.Error(), "offset 12: it is a trace of version 1, which can be shown and not replayed") {
		t.Error(err)
	}
}
