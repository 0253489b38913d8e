package wire

import (
	"bytes"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

var (
	testTorrent = bt.InfoHash([]byte("ABCDEFGHIJKLMNOPQRST"))
	testPeer    = bt.PeerID([]byte("-PW0001-abcdefghijkl"))
)

// TestHandshakeBytes: ours, to the byte. [HSK-1] [HSK-2]
func TestHandshakeBytes(t *testing.T) {
	want := "\x13BitTorrent protocol" + "\x00\x00\x00\x00\x00\x10\x00\x04" + "ABCDEFGHIJKLMNOPQRST" + "-PW0001-abcdefghijkl"
	got := AppendHandshake([]byte("x"), NewHandshake(testTorrent, testPeer))
	if string(got) != "x"+want || len(want) != HandshakeLen {
		t.Errorf("%q, want %q", got[1:], want)
	}
	h, n, need, v := DecodeHandshake(got[1:])
	if h != NewHandshake(testTorrent, testPeer) || n != 68 || need != 0 || v != 0 {
		t.Errorf("read as %+v, %d bytes, needs %d, %v", h, n, need, v)
	}
}

// TestReserved: which bit is whose, and that no other is looked at. [HSK-6]
func TestReserved(t *testing.T) {
	for i := range 8 {
		for bit := range 8 {
			var r Reserved
			r[i] = 1 << bit
			fast, extensions, dht := i == 7 && bit == 2, i == 5 && bit == 4, i == 7 && bit == 0
			if r.Fast() != fast || r.Extensions() != extensions || r.DHT() != dht {
				t.Errorf("bit %#x of byte %d: fast %v, extensions %v, DHT %v", 1<<bit, i, r.Fast(), r.Extensions(), r.DHT())
			}
			for j := range r {
				r[j] ^= 0xff
			}
			if r.Fast() == fast || r.Extensions() == extensions || r.DHT() == dht {
				t.Errorf("all but bit %#x of byte %d: fast %v, extensions %v, DHT %v", 1<<bit, i, r.Fast(), r.Extensions(), r.DHT())
			}
		}
	}
}

// TestHandshakeStages: what each number of bytes comes to, whole or in its two parts; 20 are enough to refuse it. [HSK-4] [HSK-5] [HSK-8]
func TestHandshakeStages(t *testing.T) {
	want := Handshake{Reserved: Reserved{1, 2, 3, 4, 5, 6, 7, 8}, InfoHash: testTorrent, PeerID: testPeer}
	all := append(AppendHandshake(nil, want), "the first message"...)
	for size := range len(all) + 1 {
		b := all[:size]
		h, n, need, v := DecodeHandshakeHead(b)
		switch {
		case v != 0:
			t.Fatalf("%d bytes: %v", size, v)
		case size < 20 && (n != 0 || need != 20), size >= 20 && size < 48 && (n != 0 || need != 48):
			t.Fatalf("head of %d bytes: took %d, needs %d", size, n, need)
		case size >= 48 && (n != 48 || need != 0 || h.Reserved != want.Reserved || h.InfoHash != testTorrent || h.PeerID != bt.PeerID{}):
			t.Fatalf("head of %d bytes: took %d, needs %d, %+v", size, n, need, h)
		}
		if size >= 48 {
			id, n, need := DecodePeerID(b[48:])
			if whole := size >= 68; whole && (id != testPeer || n != 20 || need != 0) || !whole && (id != bt.PeerID{} || n != 0 || need != 20) {
				t.Fatalf("peer id in %d bytes: took %d, needs %d, %q", size, n, need, id)
			}
		}
		h, n, need, v = DecodeHandshake(b)
		if whole := size >= 68; v != 0 || whole && (h != want || n != 68 || need != 0) || !whole && (h != Handshake{} || n != 0 || need != 68) {
			t.Fatalf("%d bytes: took %d, needs %d, %+v, %v", size, n, need, h, v)
		}
	}
}

// TestNotBitTorrent: the first wrong byte is told at once, at each place and whatever follows. [HSK-5]
func TestNotBitTorrent(t *testing.T) {
	good := AppendHandshake(nil, NewHandshake(testTorrent, testPeer))
	for at := range 20 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x20
		for size := range len(bad) + 1 {
			want := clause.NotBitTorrent
			if size <= at {
				want = 0
			}
			_, n, need, v := DecodeHandshake(bad[:size])
			_, headN, headNeed, headV := DecodeHandshakeHead(bad[:size])
			if v != want || headV != want || n != 0 || headN != 0 || want != 0 && need+headNeed != 0 {
				t.Fatalf("wrong at %d, %d bytes: took %d and %d, needs %d and %d, %v and %v", at, size, n, headN, need, headNeed, v, headV)
			}
		}
	}
}
