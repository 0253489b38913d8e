package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"
)

// Folder is the folder that holds a torrent's files, and all that this package asks of a file
// system. Names are relative paths as package filepath writes them. The real one is what OpenFolder
// gives; tests put one in its place that fails, or forgets what was not synced. Its methods may be called
// by several goroutines at once, and their errors name the file.
type Folder interface {
	// OpenFile opens a file as os.OpenFile does, without waiting for anything. It does not follow
	// a symbolic link that leads outside the folder.
	OpenFile(name string, flag int) (Handle, error)
	// MkdirAll makes a folder below this one, and those above it.
	MkdirAll(name string) error
	// Stat tells about a file without opening it.
	Stat(name string) (fs.FileInfo, error)
	// SameFile tells whether two infos are of one file.
	SameFile(a, b fs.FileInfo) bool
	// SyncDir makes durable what names are in a folder; "." is this one.
	SyncDir(name string) error
	// Lock takes the one lock that goes with an existing file, or gives ErrLocked. It never waits.
	Lock(name string) (unlock func() error, err error)
	// Close ends the use of the folder, not of the files that are open.
	Close() error
}

// Handle is an open file.
type Handle interface {
	// ReadV fills the buffers, one after another, from off on. It may give fewer bytes than there is room
	// for; none without an error is the end of the file.
	ReadV(bufs [][]byte, off int64) (int, error)
	// WriteV writes the buffers, one after another, at off. It may write fewer bytes than there are.
	WriteV(bufs [][]byte, off int64) (int, error)
	// NextData is the first place at or after off that was ever written, as far as the
	// file system knows; io.EOF when there is none.
	NextData(off int64) (int64, error)
	// Stat tells about the file.
	Stat() (fs.FileInfo, error)
	// Truncate gives the file a length; what it gains is a hole of zeros.
	Truncate(size int64) error
	// Sync makes durable what was written to the file through any handle.
	Sync() error
	// Close closes the handle.
	Close() error
}

// ErrLocked says that another client has this torrent in this folder.
var ErrLocked = errors.New("another client is using this torrent in this folder")

// OpenFolder opens an existing folder of the system's.
func OpenFolder(dir string) (Folder, error) {
	info, err := os.Stat(dir) // opening a FIFO would wait for a writer
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return osFolder{root}, nil
}

// osFolder is a Folder of the system's.
type osFolder struct{ root *os.Root }

// named makes an error name the file by its whole path.
func (d osFolder) named(op, name string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return &fs.PathError{Op: op, Path: filepath.Join(d.root.Name(), name), Err: err}
}

func (d osFolder) OpenFile(name string, flag int) (Handle, error) {
	f, err := d.root.OpenFile(name, flag|openNonblock, 0o644)
	if err != nil {
		return nil, d.named("open", name, err)
	}
	return &osHandle{File: f, fd: int(f.Fd()), readOnly: flag&os.O_RDWR == 0}, nil
}

func (d osFolder) MkdirAll(name string) error {
	if err := d.root.MkdirAll(name, 0o755); err != nil {
		return d.named("mkdir", name, err)
	}
	return nil
}

func (d osFolder) Stat(name string) (fs.FileInfo, error) {
	info, err := d.root.Stat(name)
	if err != nil {
		return nil, d.named("stat", name, err)
	}
	return info, nil
}

func (d osFolder) SameFile(a, b fs.FileInfo) bool { return os.SameFile(a, b) }

// SyncDir takes it for done where the system has no such thing.
func (d osFolder) SyncDir(name string) error {
	if !dirsSync {
		return nil
	}
	f, err := d.root.Open(name)
	if err != nil {
		return d.named("sync", name, err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return d.named("sync", name, err)
	}
	return nil
}

func (d osFolder) Lock(name string) (func() error, error) {
	if info, err := d.root.Lstat(name); err != nil {
		return nil, d.named("lock", name, err)
	} else if !info.Mode().IsRegular() {
		return nil, d.named("lock", name, errNotRegular)
	}
	lock := flock.New(filepath.Join(d.root.Name(), name), flock.SetFlag(os.O_RDONLY|openNonblock))
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, d.named("lock", name, err)
	case !ok:
		return nil, fmt.Errorf("%s: %w", filepath.Join(d.root.Name(), name), ErrLocked)
	}
	return lock.Unlock, nil
}

func (d osFolder) Close() error { return d.root.Close() }

// osHandle is a Handle of the system's; ReadV and WriteV depend on which system it is.
type osHandle struct {
	*os.File
	fd       int
	readOnly bool
}

// failed names the file in an error that the system gave without.
func (h *osHandle) failed(op string, err error) error {
	return &fs.PathError{Op: op, Path: h.Name(), Err: err}
}

// Sync does nothing where only what is open for writing can be synced and this is not.
func (h *osHandle) Sync() error {
	if h.readOnly && !readOnlySyncs {
		return nil
	}
	return h.File.Sync()
}
