package disk

import (
	"context"
	"crypto/sha1"
	"errors"
	"io"
	"io/fs"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// Report is what was found of a torrent on the disk.
type Report struct {
	Have   *bitset.BitSet // pieces that are there
	Hashed uint           // pieces that were hashed to know it
	Record error          // why no record was believed: ErrNoRecord, or what is wrong with it; nil when one was
	Err    error          // the first file that is there and could not be read; its pieces are not in Have
}

// Samples are the pieces that are hashed to believe a record of a run that did not end well.
const (
	minSamples  = 2
	maxSamples  = 16
	sampleBytes = 64 << 20
)

// Resume tells which pieces are there, by the record where it can be believed and by hashing where not:
//
//   - a file that has the size and time of the record: its claims are believed;
//   - a file with a later time, when the run before did not end well: its claims are believed
//     if a few that are hashed are right, and of the other pieces, those that have data are hashed;
//   - any other file that differs, and all that are there when there is no whole record: every
//     piece is hashed;
//   - a file that is not there: its pieces are not either.
//
// Nothing is written but the record, and that some time after. Call it before any job. The progress may begin anew
// once, when the samples are not enough.
func (t *Torrent) Resume(ctx context.Context, progress Progress) (Report, error) {
	return t.inspect(ctx, progress, true)
}

// Check hashes all that is there, whatever the record says. No job may be under way.
func (t *Torrent) Check(ctx context.Context, progress Progress) (Report, error) {
	return t.inspect(ctx, progress, false)
}

// inspect finds out what is there, and begins the record of this run with it.
func (t *Torrent) inspect(ctx context.Context, progress Progress, believe bool) (Report, error) {
	t.saving.Lock()
	defer t.saving.Unlock()
	old, recordErr := t.loadRecord()
	c := newChecker(t.files, progress)
	now := c.look()
	c.report.Record = recordErr
	trusted := bitset.New(uint(t.layout.Geometry.NumPieces()))
	var err error
	if old != nil && believe {
		trusted, err = c.believe(ctx, old, now)
	} else {
		err = c.hash(ctx, c.present(now))
	}
	if err != nil {
		return Report{}, err
	}
	t.adopt(old, now, trusted, c.report.Have)
	if mayLie(old, recordErr, trusted) {
		t.distrustRecord()
	}
	return c.report, nil
}

// loadRecord gives the record on disk. The caller holds saving.
func (t *Torrent) loadRecord() (*record, error) {
	if err := t.lockHeld(); err != nil {
		return nil, err
	}
	return t.ledger.newest, t.ledger.newestErr
}

// adopt begins the record of this run: what is trusted is durable, what else is there is to be synced.
// old is the record on disk.
func (t *Torrent) adopt(old *record, now []stamp, trusted, have *bitset.BitSet) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stamps = now
	t.claims = trusted.Clone()
	t.pending = have.Difference(trusted)
	t.unsaved = have.Any() && (old == nil || !old.claims.Equal(t.claims))
	t.admitted = t.shrunk
	if t.pending.Any() || t.unsaved {
		signal(t.wake)
	}
}

// mayLie tells whether the record on disk may claim more than is trusted. One that is damaged, or no
// file, claims nothing; one that could not be read, or is of a later version, may.
func mayLie(old *record, err error, trusted *bitset.BitSet) bool {
	if old != nil {
		return !trusted.IsSuperSet(old.claims)
	}
	for _, harmless := range []error{ErrNoRecord, errRecordSum, errRecordOther, errRecordShape, errNotRegular} {
		if errors.Is(err, harmless) {
			return false
		}
	}
	return writeFault(err) == bt.IOError // it is not for want of room or leave that there is none
}

// checker finds out which pieces are there.
type checker struct {
	files    *files
	progress Progress
	report   Report
}

func newChecker(f *files, progress Progress) *checker {
	return &checker{files: f, progress: progress,
		report: Report{Have: bitset.New(uint(f.layout.Geometry.NumPieces()))}}
}

// hash hashes a set of pieces and keeps those that are right.
func (c *checker) hash(ctx context.Context, set *bitset.BitSet) error {
	return c.files.hashPieces(ctx, set, c.progress, func(piece uint32, sum [sha1.Size]byte, err error) {
		c.report.Hashed++
		if err == nil && sum == c.files.layout.Hashes[piece] {
			c.report.Have.Set(uint(piece))
		}
		if readFault(err) == bt.IOError && c.report.Err == nil {
			c.report.Err = err
		}
	})
}

// look takes the stamps of all files.
func (c *checker) look() []stamp {
	f := c.files
	out := make([]stamp, len(f.names))
	for i := range out {
		if f.layout.Files[i].Pad {
			continue
		}
		info, err := f.folder.Stat(f.names[i])
		if err == nil && !info.Mode().IsRegular() {
			err = f.failed("open", i, errNotRegular)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && c.report.Err == nil {
			c.report.Err = err
		}
		out[i] = stampOf(info, err)
	}
	return out
}

// present is the set of pieces all of whose files are there.
func (c *checker) present(now []stamp) *bitset.BitSet {
	set := everyPiece(c.files.layout)
	for i, s := range now {
		if c.files.layout.Files[i].onDisk() && s == (stamp{}) {
			clearFile(set, c.files.layout, i)
		}
	}
	return set
}

// clearFile takes the pieces of a file out of a set.
func clearFile(set *bitset.BitSet, l *Layout, file int) {
	for i, end := l.piecesOf(file); i <= end; i++ {
		set.Clear(uint(i))
	}
}

// believe takes from a record what can be believed, and hashes the rest. It gives the pieces that
// were believed.
func (c *checker) believe(ctx context.Context, old *record, now []stamp) (*bitset.BitSet, error) {
	p := c.plan(old, now)
	sample := spread(p.probable, c.files.layout.Geometry.PieceLength)
	if err := c.hash(ctx, sample); err != nil {
		return nil, err
	}
	if c.report.Have.IsSuperSet(sample) {
		p.sure.InPlaceUnion(p.probable)
	} else {
		p.doubtful.InPlaceUnion(p.probable)
	}
	if err := c.hash(ctx, p.doubtful.Difference(sample)); err != nil {
		return nil, err
	}
	c.report.Have.InPlaceUnion(p.sure)
	return p.sure, nil
}

// plan is what a record is worth, piece by piece; what is in no set is not there.
type plan struct {
	sure     *bitset.BitSet // claimed, and its files are unchanged
	probable *bitset.BitSet // claimed, and its files were written to after the record, as a crash leaves them
	doubtful *bitset.BitSet // to be hashed
}

// state tells how a file differs from its record, the worse the greater.
type state uint8

const (
	unchanged state = iota
	writtenTo       // after the record, by a run that did not end well
	changed         // by someone else, as far as can be told
	absent
)

// stateOf compares a file with its record.
func stateOf(f *File, old, now stamp, clean bool) state {
	switch {
	case !f.onDisk():
		return unchanged
	case now == stamp{}:
		return absent
	case now == old && now.size == f.Length:
		return unchanged
	case !clean && now.size == f.Length && now.changed >= old.changed:
		return writtenTo
	}
	return changed
}

// plan sorts the pieces.
func (c *checker) plan(old *record, now []stamp) plan {
	l := c.files.layout
	states := make([]state, len(l.Files))
	for i := range l.Files {
		states[i] = stateOf(&l.Files[i], old.stamps[i], now[i], old.clean)
	}
	n := uint(l.Geometry.NumPieces())
	p := plan{bitset.New(n), bitset.New(n), bitset.New(n)}
	for i := range n {
		worst := unchanged
		for k, end := l.filesOf(uint32(i)); k <= end; k++ {
			worst = max(worst, states[k])
		}
		claimed := old.claims.Test(i)
		switch {
		case worst == changed, worst == writtenTo && !claimed && c.files.hasData(uint32(i)):
			p.doubtful.Set(i)
		case worst == writtenTo && claimed:
			p.probable.Set(i)
		case worst == unchanged && claimed:
			p.sure.Set(i)
		}
	}
	return p
}

// spread picks a few pieces of a set, evenly.
func spread(set *bitset.BitSet, pieceLength uint32) *bitset.BitSet {
	picked := bitset.New(set.Len())
	want := uint(min(maxSamples, max(minSamples, sampleBytes/int64(pieceLength))))
	count := set.Count()
	var k uint
	for i, ok := set.NextSet(0); ok; i, ok = set.NextSet(i + 1) {
		if count <= want || k*want/count != (k+1)*want/count {
			picked.Set(i)
		}
		k++
	}
	return picked
}

// hasData tells whether a piece may have been written: each of its files has data where the
// piece begins in it. What cannot be told may.
func (f *files) hasData(piece uint32) bool {
	first, end := f.layout.filesOf(piece)
	start := int64(piece) * int64(f.layout.Geometry.PieceLength)
	for i := first; i <= end; i++ {
		if !f.layout.Files[i].onDisk() {
			continue
		}
		h, err := f.cache.acquire(fileKey{f, i}, false)
		if err != nil {
			continue
		}
		off := max(0, start-f.layout.Files[i].Offset)
		at, err := h.NextData(off)
		f.cache.release(h)
		if err == io.EOF || err == nil && at > off {
			return false
		}
	}
	return true
}
