package disk

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/bits-and-blooms/bitset"
)

// unclaim takes back that a piece is there.
func (t *Torrent) unclaim(piece uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unclaimHeld(piece)
}

// unclaimHeld is unclaim for those who hold mu. The record is to say so before long.
func (t *Torrent) unclaimHeld(piece uint32) {
	if t.claims.Test(uint(piece)) {
		t.shrunk++
		signal(t.wake)
	}
	for _, set := range [...]*bitset.BitSet{t.claims, t.pending, t.syncing} {
		set.Clear(uint(piece))
	}
}

// distrustRecord notes that the record on disk may claim what is not there.
func (t *Torrent) distrustRecord() {
	t.mu.Lock()
	t.shrunk++
	t.mu.Unlock()
}

// beforeWrite makes the record ready for a write to a piece: it must not say that nothing was
// written, and not claim that piece. Where a false claim cannot be taken back, nothing is written.
func (t *Torrent) beforeWrite(piece uint32) error {
	t.mu.Lock()
	t.unclaimHeld(piece)
	ready := t.written && t.shrunk == t.admitted
	t.mu.Unlock()
	if ready {
		return nil
	}
	return t.beginWriting()
}

// beginWriting saves a record that says that something is written, and claims no more than it may.
func (t *Torrent) beginWriting() error {
	t.saving.Lock()
	defer t.saving.Unlock()
	t.mu.Lock()
	lies := t.shrunk != t.admitted
	ready := t.written && !lies
	t.mu.Unlock()
	if ready {
		return nil
	}
	err := t.save(false)
	if err != nil && lies {
		return fmt.Errorf("the record claims what is to be written anew, and cannot be changed: %w", err)
	}
	t.mu.Lock()
	t.written = true
	t.mu.Unlock()
	t.warn(err)
	return nil
}

// save saves the record; clean says that nothing is written after. The caller holds saving.
func (t *Torrent) save(clean bool) error {
	if err := t.lockHeld(); err != nil {
		return err
	}
	t.mu.Lock()
	r := &record{clean: clean, stamps: slices.Clone(t.stamps), claims: t.claims.Clone()}
	shrunk := t.shrunk
	t.unsaved = false
	t.mu.Unlock()
	if err := t.ledger.save(r); err != nil {
		t.mu.Lock()
		t.unsaved = true
		t.mu.Unlock()
		return err
	}
	t.mu.Lock()
	t.admitted = shrunk
	t.mu.Unlock()
	return nil
}

// stampOf is the stamp of a file, the zero stamp where there is none.
func stampOf(info fs.FileInfo, err error) stamp {
	if err != nil || !info.Mode().IsRegular() {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime().UnixNano()}
}
