package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"peerwire/core/bt"
)

// page is what slots are aligned to, so that no write to one touches a block of the other.
const page = 4096

// ledger is the file that keeps the record: two slots, written in turn, so that a save that is
// interrupted leaves the one before. Its first page is never written: on some systems the lock makes it
// unreadable. It is used by one goroutine at a time.
type ledger struct {
	layout *Layout
	folder Folder
	name   string
	h      Handle
	denied error // why nothing can be saved; nil when it can
	unlock func() error

	newest     *record // on disk; nil when there is none that is whole
	newestErr  error   // why there is none
	generation uint64  // of the newest record
	next       int     // the slot to write next
	named      bool    // the folder was synced since the file is in it
}

// ErrNoRecord says that there is no record of an earlier run.
var ErrNoRecord = errors.New("no record")

// openLedger opens a torrent's record, made when it is not there, locks it and reads it. In a folder that cannot
// be written an existing record is opened for reading.
func openLedger(l *Layout, folder Folder, dir string) (*ledger, error) {
	g := &ledger{layout: l, folder: folder, name: "." + l.InfoHash.String() + recordSuffix}
	if err := g.open(dir); err != nil {
		return nil, err
	}
	var err error
	if g.unlock, err = folder.Lock(g.name); err != nil {
		g.h.Close()
		return nil, err
	}
	g.newest, g.newestErr = g.load()
	return g, nil
}

// open opens the file, by the gentlest way that works.
func (g *ledger) open(dir string) (err error) {
	g.h, err = g.folder.OpenFile(g.name, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		g.h, err = g.folder.OpenFile(g.name, os.O_RDWR|os.O_CREATE)
	} else if writeFault(err) == bt.ReadOnly {
		g.denied = err
		g.h, err = g.folder.OpenFile(g.name, os.O_RDONLY)
	}
	if err != nil {
		return err
	}
	info, err := g.h.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: filepath.Join(dir, g.name), Err: errNotRegular}
	}
	if err != nil {
		g.h.Close()
	}
	return err
}

// slotAt is where slot i begins.
func (g *ledger) slotAt(i int) int64 {
	size := int64(recordSize(g.layout))
	return page + int64(i)*((size+page-1)/page*page)
}

// load gives the newest record that is whole; where none is, the error of a slot that is not empty.
func (g *ledger) load() (*record, error) {
	var best *record
	worst := ErrNoRecord
	for i := range 2 {
		r, err := g.read(i)
		switch {
		case err != nil && !errors.Is(err, ErrNoRecord):
			worst = err
		case err == nil && (best == nil || r.generation > best.generation):
			best, g.next = r, 1-i
		}
	}
	if best == nil {
		return nil, worst
	}
	g.generation = best.generation
	return best, nil
}

// read reads slot i.
func (g *ledger) read(i int) (*record, error) {
	b := make([]byte, recordSize(g.layout))
	n, err := readFull(g.h, single(b), g.slotAt(i))
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	if n == 0 {
		return nil, ErrNoRecord
	}
	return decodeRecord(g.layout, b[:n])
}

// save writes r, whose generation it sets, and returns when it is durable. When it fails, the record
// before is still good.
func (g *ledger) save(r *record) error {
	if g.denied != nil {
		return g.denied
	}
	r.generation = g.generation + 1
	if _, err := writeFull(g.h, single(r.encode(g.layout)), g.slotAt(g.next)); err != nil {
		return err
	}
	if err := g.h.Sync(); err != nil {
		return err
	}
	if !g.named { // even when the file was there: who made it may have been killed
		if err := g.folder.SyncDir("."); err != nil {
			return err
		}
		g.named = true
	}
	g.generation = r.generation
	g.newest, g.newestErr = r, nil
	g.next = 1 - g.next
	return nil
}

// close gives the lock back.
func (g *ledger) close() error {
	err := g.unlock()
	return errors.Join(err, g.h.Close())
}
