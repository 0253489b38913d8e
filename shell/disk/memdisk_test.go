package disk

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// sector is what a crash tears writes into, bytes.
const sector = 512

// errDead is what everything gives after the power failed.
var errDead = errors.New("the power is out")

// memDisk is a Folder in memory that knows what was synced and what was not. A fault may
// strike any operation, and a crash at any moment leaves what a real one could.
type memDisk struct {
	mu     sync.Mutex
	names  map[string]*inode // files and folders by path; what is there now
	stable map[string]*inode // what is there for sure after a crash: names that were synced
	locked map[string]bool
	clock  int64 // goes on with every change
	ops    int   // operations so far
	open   int   // handles that are open
	limit  int   // of those, when not 0

	readOnly bool // nothing can be opened for writing

	// fault is asked before every operation; an error is given instead of doing it. For "write" errShort
	// and errLie have meanings of their own.
	fault func(op, name string, n int) error

	// hang, when not nil, is called before a write or sync, and holds only that.
	hang func(op, name string)
}

// errShort makes a write end halfway without an error; errLie makes it do nothing and tell of success.
var (
	errShort = errors.New("short")
	errLie   = errors.New("lie")
)

// inode is a file or a folder.
type inode struct {
	id      int64
	dir     bool
	data    []byte
	has     []bool // sectors that were written
	changed int64
	synced  snapshot
	since   []change // since it was synced
}

// snapshot is a file's state once.
type snapshot struct {
	data    []byte
	has     []bool
	changed int64
}

// change is a write at off, or where data is nil a change of the length to off.
type change struct {
	off  int64
	data []byte
}

func newMemDisk() *memDisk {
	d := &memDisk{names: map[string]*inode{}, stable: map[string]*inode{}, locked: map[string]bool{}}
	d.names["."] = &inode{dir: true}
	d.stable["."] = d.names["."]
	return d
}

// opener is the disk as Options want it.
func (d *memDisk) opener(string) (Folder, error) { return d, nil }

// step counts an operation and asks for its fault. The caller holds the lock.
func (d *memDisk) step(op, name string) error {
	d.ops++
	if d.fault == nil {
		return nil
	}
	err := d.fault(op, name, d.ops)
	if err == nil || err == errShort || err == errLie {
		return err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// at finds what a name leads to. The caller holds the lock.
func (d *memDisk) at(op, name string) (*inode, error) {
	if n := d.names[name]; n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

func (d *memDisk) OpenFile(name string, flag int) (Handle, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("open", name); err != nil {
		return nil, err
	}
	if d.readOnly && flag&(os.O_RDWR|os.O_CREATE) != 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EROFS}
	}
	if d.limit > 0 && d.open >= d.limit {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EMFILE}
	}
	n, err := d.at("open", name)
	if err != nil && flag&os.O_CREATE != 0 {
		if _, err := d.at("open", filepath.Dir(name)); err != nil {
			return nil, err
		}
		d.clock++
		n, err = &inode{id: d.clock, changed: d.clock}, nil
		d.names[name] = n
	}
	if err != nil {
		return nil, err
	}
	d.open++
	return &memHandle{d: d, n: n, name: name, write: flag&os.O_RDWR != 0}, nil
}

func (d *memDisk) MkdirAll(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("mkdir", name); err != nil {
		return err
	}
	for ; name != "."; name = filepath.Dir(name) {
		if d.names[name] == nil {
			d.clock++
			d.names[name] = &inode{id: d.clock, dir: true}
		}
	}
	return nil
}

func (d *memDisk) Stat(name string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("stat", name); err != nil {
		return nil, err
	}
	n, err := d.at("stat", name)
	if err != nil {
		return nil, err
	}
	return n.info(name), nil
}

func (d *memDisk) SameFile(a, b fs.FileInfo) bool { return a.(memInfo).id == b.(memInfo).id }

func (d *memDisk) SyncDir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("syncdir", name); err != nil {
		return err
	}
	for path, n := range d.stable {
		if d.names[path] != n && filepath.Dir(path) == name {
			delete(d.stable, path)
		}
	}
	for path, n := range d.names {
		if path != "." && filepath.Dir(path) == name {
			d.stable[path] = n
		}
	}
	return nil
}

func (d *memDisk) Lock(name string) (func() error, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("lock", name); err != nil {
		return nil, err
	}
	if d.locked[name] {
		return nil, ErrLocked
	}
	d.locked[name] = true
	return func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.locked[name] = false
		return nil
	}, nil
}

func (d *memDisk) Close() error { return nil }

// killed is the disk after the process was killed: all of it, but for the locks.
func (d *memDisk) killed() *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &memDisk{names: d.names, stable: d.stable, locked: map[string]bool{}, clock: d.clock}
}

// crashed is one of the disks that there may be after the power failed.
func (d *memDisk) crashed(r *rand.Rand) *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := newMemDisk()
	out.clock = d.clock + 1
	paths := make([]string, 0, len(d.names))
	for path := range d.names {
		paths = append(paths, path)
	}
	slices.SortFunc(paths, func(a, b string) int {
		if n := strings.Count(a, "/") - strings.Count(b, "/"); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for _, path := range paths {
		n := d.names[path]
		sure := d.stable[path] == n
		if path == "." || out.names[filepath.Dir(path)] == nil || !sure && r.IntN(2) == 0 {
			continue
		}
		out.names[path] = n.crashed(r)
		out.stable[path] = out.names[path]
	}
	return out
}

// crashed is what may be left of an inode: what was synced, and of what came after any part, in sectors.
func (n *inode) crashed(r *rand.Rand) *inode {
	c := &inode{id: n.id, dir: n.dir, data: slices.Clone(n.synced.data), has: slices.Clone(n.synced.has),
		changed: n.synced.changed}
	mood := r.IntN(4) // lose all, keep all, or any part
	for _, ch := range n.since {
		if mood == 0 {
			break
		}
		if mood == 1 || r.IntN(2) == 0 { // the time may be lost though the data is not
			c.changed = n.changed
		}
		if ch.data == nil {
			if mood == 1 || r.IntN(2) == 0 {
				c.resize(ch.off)
			}
			continue
		}
		for at := 0; at < len(ch.data); {
			off := ch.off + int64(at)
			k := min(len(ch.data)-at, int(sector-off%sector))
			if mood == 1 || r.IntN(2) == 0 {
				c.put(off, ch.data[at:at+k])
			}
			at += k
		}
	}
	c.sync()
	return c
}

// resize sets the length.
func (n *inode) resize(size int64) {
	if size <= int64(len(n.data)) {
		n.data = n.data[:size]
	} else {
		n.data = append(n.data, make([]byte, size-int64(len(n.data)))...)
	}
	sectors := int((size + sector - 1) / sector)
	for len(n.has) < sectors {
		n.has = append(n.has, false)
	}
	n.has = n.has[:sectors]
}

// put writes.
func (n *inode) put(off int64, b []byte) {
	if end := off + int64(len(b)); end > int64(len(n.data)) {
		n.resize(end)
	}
	copy(n.data[off:], b)
	for s := off / sector; s*sector < off+int64(len(b)); s++ {
		n.has[s] = true
	}
}

// sync makes what there is now what there is for sure.
func (n *inode) sync() {
	n.synced = snapshot{slices.Clone(n.data), slices.Clone(n.has), n.changed}
	n.since = nil
}

func (n *inode) info(name string) memInfo {
	return memInfo{name: name, size: int64(len(n.data)), changed: n.changed, dir: n.dir, id: n.id}
}

// memInfo is a fs.FileInfo.
type memInfo struct {
	name          string
	size, changed int64
	dir           bool
	id            int64
}

func (i memInfo) Name() string       { return filepath.Base(i.name) }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) ModTime() time.Time { return time.Unix(0, i.changed) }
func (i memInfo) IsDir() bool        { return i.dir }
func (i memInfo) Sys() any           { return nil }
func (i memInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

// memHandle is an open file of a memDisk.
type memHandle struct {
	d     *memDisk
	n     *inode
	name  string
	write bool
}

func (h *memHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.step("read", h.name); err != nil {
		return 0, err
	}
	total := 0
	for _, b := range bufs {
		if off+int64(total) >= int64(len(h.n.data)) {
			break
		}
		total += copy(b, h.n.data[off+int64(total):])
	}
	return total, nil
}

func (h *memHandle) WriteV(bufs [][]byte, off int64) (int, error) {
	if h.d.hang != nil {
		h.d.hang("write", h.name)
	}
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	b := slices.Concat(bufs...)
	err := h.d.step("write", h.name)
	switch {
	case !h.write:
		return 0, &fs.PathError{Op: "write", Path: h.name, Err: fs.ErrPermission}
	case err == errLie:
		return len(b), nil
	case err == errShort:
		b = b[:(len(b)+1)/2]
	case err != nil:
		return 0, err
	}
	h.d.clock++
	h.n.changed = h.d.clock
	h.n.put(off, b)
	h.n.since = append(h.n.since, change{off, b})
	return len(b), nil
}

func (h *memHandle) NextData(off int64) (int64, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	for s := off / sector; s < int64(len(h.n.has)); s++ {
		if h.n.has[s] {
			return max(off, s*sector), nil
		}
	}
	return 0, io.EOF
}

func (h *memHandle) Stat() (fs.FileInfo, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.step("fstat", h.name); err != nil {
		return nil, err
	}
	return h.n.info(h.name), nil
}

func (h *memHandle) Truncate(size int64) error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.step("truncate", h.name); err != nil {
		return err
	}
	h.d.clock++
	h.n.changed = h.d.clock
	h.n.resize(size)
	h.n.since = append(h.n.since, change{off: size})
	return nil
}

func (h *memHandle) Sync() error {
	if h.d.hang != nil {
		h.d.hang("fsync", h.name)
	}
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.step("fsync", h.name); err != nil {
		return err
	}
	h.n.sync()
	return nil
}

func (h *memHandle) Close() error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	h.d.open--
	return nil
}

// content is a file's bytes.
func (d *memDisk) content(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.names[name]; n != nil {
		return slices.Clone(n.data)
	}
	return nil
}
