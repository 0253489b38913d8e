package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// files is a torrent's bytes on the disk: one long run of them, cut into files. It knows no pieces.
// Its methods may be called by several goroutines at once.
type files struct {
	layout *Layout
	folder Folder
	dir    string // the folder's path, for errors
	cache  *handles
	names  []string // of each file; empty for padding

	mu    sync.Mutex
	state []fileState // of each file
}

// fileState is what is known of a file since the torrent was opened.
type fileState struct {
	id      fs.FileInfo // as it was first seen open; nil before
	full    bool        // it had its whole length once
	named   bool        // the folders that name it were synced since it is there
	written bool        // there may be bytes that are not synced
	touched bool        // it was written to
	broken  error       // why what is written to it cannot be relied on; nil while it can
}

// newFiles stands for the files of a layout, which is checked, in a folder.
func newFiles(l *Layout, folder Folder, dir string, cache *handles) *files {
	f := &files{layout: l, folder: folder, dir: dir, cache: cache}
	f.names = make([]string, len(l.Files))
	f.state = make([]fileState, len(l.Files))
	for i := range l.Files {
		if !l.Files[i].Pad {
			f.names[i] = l.Files[i].name()
		}
	}
	return f
}

// failed names file i in an error.
func (f *files) failed(op string, i int, err error) error {
	return &fs.PathError{Op: op, Path: filepath.Join(f.dir, f.names[i]), Err: err}
}

// write writes v at off, and tells how many bytes are written; bytes of padding are dropped.
func (f *files) write(v *vector, off int64) (done int64, err error) {
	for i := f.layout.fileAt(off); v.size > 0; i++ {
		file := &f.layout.Files[i]
		part := v.cut(file.Offset + file.Length - off)
		n := part.size
		if file.onDisk() {
			n, err = f.writeFile(i, part, off-file.Offset)
		}
		done, off = done+n, off+n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// writeFile writes part at off of a file.
func (f *files) writeFile(i int, part vector, off int64) (done int64, err error) {
	h, err := f.cache.acquire(fileKey{f, i}, true)
	if err != nil {
		return 0, err
	}
	defer f.cache.release(h)
	f.touch(i)
	done, err = writeFull(h, part, off)
	if err == io.ErrShortWrite {
		err = f.failed("write", i, err)
	}
	return done, err
}

// touch notes that there will be bytes to sync.
func (f *files) touch(i int) {
	f.mu.Lock()
	f.state[i].written, f.state[i].touched = true, true
	f.mu.Unlock()
}

// wasTouched tells whether a file was written to, and whether that cannot be relied on.
func (f *files) wasTouched(i int) (touched, broken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state[i].touched, f.state[i].broken != nil
}

// read fills v from off on. A file that is absent or too short is an error.
func (f *files) read(v *vector, off int64) (done int64, err error) {
	for i := f.layout.fileAt(off); v.size > 0; i++ {
		file := &f.layout.Files[i]
		part := v.cut(file.Offset + file.Length - off)
		n := part.size
		if file.onDisk() {
			n, err = f.readFile(i, part, off-file.Offset)
		} else {
			part.clear()
		}
		done, off = done+n, off+n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// readFile fills part from off of a file.
func (f *files) readFile(i int, part vector, off int64) (done int64, err error) {
	h, err := f.cache.acquire(fileKey{f, i}, false)
	if err != nil {
		return 0, err
	}
	defer f.cache.release(h)
	done, err = readFull(h, part, off)
	if err == io.ErrUnexpectedEOF {
		err = f.failed("read", i, err)
	}
	return done, err
}

// open opens a file for the cache. For writing it makes the file when it was never seen, and gives it its
// final length. What was seen once must still be the same file.
func (f *files) open(i int, write bool) (Handle, error) {
	f.mu.Lock()
	seen := f.state[i].id != nil
	f.mu.Unlock()

	h, err := f.openOrMake(f.names[i], write, write && !seen)
	if err != nil {
		if seen && errors.Is(err, fs.ErrNotExist) {
			err = f.failed("open", i, errVanished)
		}
		return nil, err
	}
	info, err := h.Stat()
	if err == nil {
		err = f.admit(i, h, info, write)
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// openOrMake opens a file; when it is not there and may be made, it is, with the folders above it.
func (f *files) openOrMake(name string, write, make bool) (Handle, error) {
	flag := os.O_RDONLY
	if write {
		flag = os.O_RDWR
	}
	h, err := f.folder.OpenFile(name, flag)
	if err == nil || !make || !errors.Is(err, fs.ErrNotExist) {
		return h, err
	}
	if dir := filepath.Dir(name); dir != "." {
		if err := f.folder.MkdirAll(dir); err != nil {
			return nil, err
		}
	}
	return f.folder.OpenFile(name, flag|os.O_CREATE)
}

// admit looks at a file that was just opened, and keeps in mind what it is.
func (f *files) admit(i int, h Handle, info fs.FileInfo, write bool) error {
	if !info.Mode().IsRegular() {
		return f.failed("open", i, errNotRegular)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	st, length := &f.state[i], f.layout.Files[i].Length
	if st.id != nil && !f.folder.SameFile(st.id, info) {
		return f.failed("open", i, errReplaced)
	}
	if info.Size() < length && st.full {
		// Another worker may have given the file its length after info was taken.
		if now, err := h.Stat(); err != nil || now.Size() < length {
			return f.failed("open", i, errShortened)
		}
	}
	st.id = info
	if info.Size() < length && write {
		if err := h.Truncate(length); err != nil {
			return err
		}
	}
	st.full = write || info.Size() >= length
	return nil
}

// distrust notes that what is written to a file may never reach the disk.
func (f *files) distrust(i int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state[i].broken == nil {
		f.state[i].broken = err
	}
}

// trim makes a file, if it is not there, and cuts it to its length.
func (f *files) trim(i int) error {
	h, err := f.cache.acquire(fileKey{f, i}, true)
	if err != nil {
		return err
	}
	defer f.cache.release(h)
	f.touch(i)
	return h.Truncate(f.layout.Files[i].Length)
}

// rewrite writes at off what is there already, zeros where nothing is. room is as long as what to write.
func (f *files) rewrite(off int64, room []byte, p *pad) error {
	v := p.vector()
	v.add(room)
	if done, err := f.read(&v, off); isLost(err) {
		clear(room[done:])
	} else if err != nil {
		return err
	}
	v = p.vector()
	v.add(room)
	_, err := f.write(&v, off)
	return err
}
