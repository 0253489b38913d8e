package disk

import (
	"bytes"
	"crypto/sha1"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// witness knows of one piece what came of each block, and what the disk keeps of it.
type witness struct {
	dr          *driver
	f           *falseFolder
	l           Layout
	content     []byte
	came, there [][]byte
	lied        bool // since the last verdict
}

// TestBlame: however the blocks of a piece come, wrong ones among them, some again and again, and the disk keeps other bytes of some: a
// verdict without a fault is of what came, and so are its digests. A disk that did not lie has no fault. [TRU-8] [TRU-10]
func TestBlame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l, content := torrentOf(rapid.Uint64Range(1, 9).Draw(rt, "seed"), 6*bt.BlockSize-100, 6*bt.BlockSize-100)
		w := &witness{l: l, content: content}
		opt := Options{ReadBack: rapid.IntRange(0, 3).Draw(rt, "read back") == 0}
		dr, f, tor := lying(t, opt, l)
		defer dr.close()
		w.dr, w.f = dr, f
		for _, b := range blocksOf(&l, 0) {
			w.came = append(w.came, make([]byte, b.Length))
		}
		w.there = slices.Clone(w.came)
		if err := tor.files.trim(0); err != nil { // of zeros
			rt.Fatal(err)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"store":      w.store,
			"store more": w.store,
			"store all":  w.storeAll,
			"verify":     w.verify,
		})
	})
}

// store stores a few blocks in one batch.
func (w *witness) store(t *rapid.T) {
	n := rapid.IntRange(1, 3).Draw(t, "count")
	blocks := rapid.Permutation(blocksOf(&w.l, 0)).Draw(t, "blocks")[:n]
	w.put(t, blocks)
}

// storeAll stores all blocks in order, as a peer would send them, one by one.
func (w *witness) storeAll(t *rapid.T) {
	for _, b := range blocksOf(&w.l, 0) {
		w.put(t, []bt.Block{b})
	}
}

func (w *witness) put(t *rapid.T, blocks []bt.Block) {
	text := bytes.Clone(w.content)
	for _, b := range blocks {
		k, off := b.Begin/bt.BlockSize, w.l.Geometry.Offset(b)
		if rapid.IntRange(0, 3).Draw(t, "wrong") == 0 {
			text[off+7] ^= byte(rapid.IntRange(1, 2).Draw(t, "how"))
		}
		w.came[k] = text[off : off+int64(b.Length)]
		w.there[k] = w.came[k]
		if rapid.IntRange(0, 9).Draw(t, "lie") == 0 {
			w.lied = true
			at := rapid.Int64Range(off, off+int64(b.Length)-1).Draw(t, "place")
			w.there[k] = bytes.Clone(w.came[k])
			w.there[k][at-off] ^= 0x55
			w.f.lies = append(w.f.lies, at)
		}
	}
	w.dr.store(&w.l, text, blocks)
}

func (w *witness) verify(t *rapid.T) {
	asked := rapid.Bool().Draw(t, "asked")
	r := Result{}
	if asked {
		r = w.dr.verifySums(0)
	} else {
		r = w.dr.verify(0)
	}
	came := slices.Concat(w.came...)
	var sums []bt.Digest
	for _, block := range w.came {
		sums = append(sums, sha1.Sum(block))
	}
	right := bytes.Equal(came, w.content[:len(came)])
	switch {
	case r.Fault != bt.OK:
		if !w.lied || r.Good || r.Sums != nil {
			t.Fatalf("lied: %t, %+v", w.lied, r)
		}
	case r.Good != right || (r.Sums != nil) != (asked || !right) || r.Sums != nil && !slices.Equal(r.Sums, sums):
		t.Fatalf("right: %t, asked: %t, %+v", right, asked, r)
	case r.Sums != nil && !bytes.Equal(came, slices.Concat(w.there...)):
		t.Fatalf("digests of what is not there: %+v", r)
	}
	copy(w.came[:], w.there[:]) // what is there is what there is from now on
	w.lied = false
}
