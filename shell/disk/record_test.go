package disk

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// smallRecord is a torrent and a record of it.
func smallRecord() (Layout, record) {
	l, _ := torrentOf(21, bt.BlockSize, 50_000, -100, 70_000, 0)
	claims := bitset.New(uint(l.Geometry.NumPieces()))
	claims.Set(0).Set(3).Set(7)
	return l, record{generation: 5, clean: true, claims: claims,
		stamps: []stamp{{50_000, 1_700_000_000_123_456_789}, {}, {70_000, -1}, {0, 12}}}
}

func equalRecords(a, b *record) bool {
	return a.generation == b.generation && a.clean == b.clean && slices.Equal(a.stamps, b.stamps) && a.claims.Equal(b.claims)
}

// TestRecordGolden: records of every released version are readable for ever.
func TestRecordGolden(t *testing.T) {
	l, want := smallRecord()
	name := filepath.Join("testdata", "record-1.hex")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := hexLines(want.encode(&l)); got != string(text) {
		t.Errorf("version 1 is not written as it was; got\n%s", got)
	}
	got, err := decodeRecord(&l, parseHexLines(t, string(text)))
	if err != nil || !equalRecords(got, &want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// hexLines writes bytes in lines of 32.
func hexLines(b []byte) string {
	s := ""
	for part := range slices.Chunk(b, 32) {
		s += hex.EncodeToString(part) + "\n"
	}
	return s
}

func parseHexLines(t *testing.T, s string) []byte {
	t.Helper()
	var digits []byte
	for _, c := range []byte(s) {
		if c != '\n' {
			digits = append(digits, c)
		}
	}
	b, err := hex.DecodeString(string(digits))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRecordDamage flips every bit, and cuts at every length.
func TestRecordDamage(t *testing.T) {
	l, r := smallRecord()
	whole := r.encode(&l)
	for i := range len(whole) * 8 {
		b := slices.Clone(whole)
		b[i/8] ^= 1 << (i % 8)
		if _, err := decodeRecord(&l, b); !errors.Is(err, errRecordSum) {
			t.Fatalf("bit %d: %v", i, err)
		}
	}
	for n := range len(whole) {
		if _, err := decodeRecord(&l, whole[:n]); err == nil {
			t.Fatalf("%d bytes are enough", n)
		}
		b := append(slices.Clone(whole[:n]), make([]byte, len(whole)-n)...)
		if _, err := decodeRecord(&l, b); err == nil {
			t.Fatalf("%d bytes and then zeros are enough", n)
		}
	}
	if _, err := decodeRecord(&l, append(slices.Clone(whole), 0)); err == nil {
		t.Fatal("a byte more is not noticed")
	}
}

// reseal puts the right checksum under changed bytes.
func reseal(b []byte, change func(b []byte)) []byte {
	b = slices.Clone(b)
	change(b)
	return seal(b[:len(b)-32])
}

// TestRecordStrangers are whole records that are of no use all the same.
func TestRecordStrangers(t *testing.T) {
	l, r := smallRecord()
	whole := r.encode(&l)
	for _, c := range []struct {
		name   string
		change func(b []byte)
		want   error
	}{
		{"magic", func(b []byte) { b[0] = 'P' }, errRecordSum},
		{"later version", func(b []byte) { b[11] = 2 }, errRecordVersion},
		{"unknown flag", func(b []byte) { b[15] |= 2 }, errRecordShape},
		{"other info-hash", func(b []byte) { b[30]++ }, errRecordOther},
		{"other piece length", func(b []byte) { b[47]++ }, errRecordOther},
		{"other total", func(b []byte) { b[55]++ }, errRecordOther},
		{"other files", func(b []byte) { b[59]++ }, errRecordOther},
		{"a piece too many", func(b []byte) { b[len(b)-34] |= 1 }, errRecordShape},
		{"nothing", func([]byte) {}, nil},
	} {
		if _, err := decodeRecord(&l, reseal(whole, c.change)); !errors.Is(err, c.want) || err != nil && c.want == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestSlots: the newest whole record counts, whichever slot it is in, and its slot is not the next to be written.
func TestSlots(t *testing.T) {
	l, r := smallRecord()
	bytesOf := func(gen uint64) []byte {
		r.generation = gen
		return r.encode(&l)
	}
	damaged := bytesOf(9)
	damaged[70] ^= 4
	other, _ := torrentOf(22, bt.BlockSize, 50_000, -100, 70_000, 0)
	future := reseal(bytesOf(9), func(b []byte) { b[11] = 3 })
	foreign := r.encode(&other)
	for _, c := range []struct {
		name string
		a, b []byte
		gen  uint64
		next int
		err  error
	}{
		{"none", nil, nil, 0, 0, ErrNoRecord},
		{"one", bytesOf(1), nil, 1, 1, nil},
		{"newer second", bytesOf(1), bytesOf(2), 2, 0, nil},
		{"newer first", bytesOf(3), bytesOf(2), 3, 1, nil},
		{"damaged second", bytesOf(3), damaged, 3, 1, nil},
		{"damaged first", damaged, bytesOf(2), 2, 0, nil},
		{"damaged both", damaged, damaged, 0, 0, errRecordSum},
		{"only damaged", damaged, nil, 0, 0, errRecordSum},
		{"only zeros", make([]byte, 500), nil, 0, 0, errRecordSum},
		{"of another torrent", foreign, nil, 0, 0, errRecordOther},
		{"of the future", future, nil, 0, 0, errRecordVersion},
		{"of the future, and one of now", future, bytesOf(4), 4, 0, nil},
	} {
		d := newMemDisk()
		g, err := openLedger(&l, d, "dir")
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range [][]byte{c.a, c.b} {
			if b != nil {
				d.names[g.name].put(g.slotAt(i), b)
			}
		}
		got, err := g.load()
		if !errors.Is(err, c.err) || err == nil && (got.generation != c.gen || g.next != c.next || g.generation != c.gen) {
			t.Errorf("%s: %+v, %v, next slot %d", c.name, got, err, g.next)
		}
	}
}

// TestLedgerCrash lets the power fail at any operation of many saves: the newest record that was saved is there.
func TestLedgerCrash(t *testing.T) {
	lengths := make([]int64, 60) // some sectors
	lengths[0] = 100
	l, _ := torrentOf(23, bt.BlockSize, lengths...)
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 6))
		d := newMemDisk()
		var durable uint64
		for range 5 {
			d.powerAt(1 + r.IntN(25))
			durable = max(durable, saveUntilDeath(d, &l, r))
			d = d.crashed(r)
			g, err := openLedger(&l, d, "dir")
			if err != nil {
				t.Fatal(err)
			}
			rec, err := g.newest, g.newestErr
			if err != nil && durable > 0 || err == nil && rec.generation < durable {
				t.Fatalf("seed %d: generation %d was saved, and is lost: %v", seed, durable, err)
			}
			g.close()
		}
	}
}

// saveUntilDeath saves record after record, and tells the generation of the last.
func saveUntilDeath(d *memDisk, l *Layout, r *rand.Rand) (durable uint64) {
	g, err := openLedger(l, d, "dir")
	if err != nil {
		return 0
	}
	defer g.close()
	if errors.Is(g.newestErr, errDead) {
		return 0
	}
	for {
		rec := record{claims: bitset.New(1), stamps: make([]stamp, len(l.Files))}
		for i := range rec.stamps {
			rec.stamps[i].size = r.Int64()
		}
		if g.save(&rec) != nil {
			return durable
		}
		durable = rec.generation
	}
}

// TestRecordRoundTrip: what is written is read.
func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l, _ := drawTorrent(rt)
		n := uint(l.Geometry.NumPieces())
		want := record{generation: rapid.Uint64().Draw(rt, "generation"), clean: rapid.Bool().Draw(rt, "clean"), claims: bitset.New(n)}
		for range l.Files {
			want.stamps = append(want.stamps, stamp{rapid.Int64().Draw(rt, "size"), rapid.Int64().Draw(rt, "changed")})
		}
		for _, i := range rapid.SliceOf(rapid.UintRange(0, n-1)).Draw(rt, "claims") {
			want.claims.Set(i)
		}
		got, err := decodeRecord(&l, want.encode(&l))
		if err != nil || !equalRecords(got, &want) {
			rt.Fatalf("%+v, %v", got, err)
		}
	})
}

// FuzzRecord reads any bytes as a record, with and without a right checksum. What is read is written as it was.
func FuzzRecord(f *testing.F) {
	l, r := smallRecord()
	f.Add(r.encode(&l), false)
	f.Add(r.encode(&l), true)
	f.Add([]byte{}, true)
	f.Fuzz(func(t *testing.T, b []byte, sealed bool) {
		if sealed && len(b) >= 32 {
			b = seal(slices.Clone(b[:len(b)-32]))
		}
		got, err := decodeRecord(&l, b)
		if err != nil {
			return
		}
		if again := got.encode(&l); !slices.Equal(again, b) {
			t.Fatalf("read %s\nwritten %s", hexLines(b), hexLines(again))
		}
		if got.claims.Count() > uint(l.Geometry.NumPieces()) || binary.BigEndian.Uint32(b[8:]) != recordVersion {
			t.Fatal(fmt.Sprint(got))
		}
	})
}
