package disk

import (
	"container/list"
	"errors"
	"sync"
	"syscall"
)

// handles keeps files open, the most recently used ones, for all torrents of a Disk. A handle in use
// is never closed, so there may be a few more open than the limit: one for each worker.
type handles struct {
	limit int

	mu   sync.Mutex
	open map[fileKey]*handle
	lru  list.List // of *handle, all that are open, the longest unused in front
}

// fileKey names a file of a torrent.
type fileKey struct {
	files *files
	index int
}

// handle is an open file, and how many use it now.
type handle struct {
	Handle
	key      fileKey
	writable bool
	uses     int
	gone     bool          // not in the cache any more: closed when the last user is done
	place    *list.Element // in lru
}

func newHandles(limit int) *handles {
	return &handles{limit: limit, open: make(map[fileKey]*handle)}
}

// acquire gives an open handle of a file; release must follow.
func (hs *handles) acquire(key fileKey, write bool) (*handle, error) {
	if h := hs.lookup(key, write); h != nil {
		return h, nil
	}
	f, err := key.files.open(key.index, write)
	if outOfDescriptors(err) {
		hs.trim(0)
		f, err = key.files.open(key.index, write)
	}
	if err != nil {
		return nil, err
	}
	h, spare := hs.insert(&handle{Handle: f, key: key, writable: write, uses: 1})
	if spare != nil {
		spare.close()
	}
	hs.trim(hs.limit)
	return h, nil
}

// lookup finds a handle that is open already and good for the purpose.
func (hs *handles) lookup(key fileKey, write bool) *handle {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.open[key]
	if h == nil || write && !h.writable {
		return nil
	}
	hs.use(h)
	return h
}

// use counts one more user. The caller holds the lock.
func (hs *handles) use(h *handle) {
	h.uses++
	hs.lru.MoveToBack(h.place)
}

// insert makes h the handle of its file, unless another worker was faster with one as good: then
// that one is given, and h is to spare.
func (hs *handles) insert(h *handle) (got, spare *handle) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if old := hs.open[h.key]; old != nil {
		if old.writable || !h.writable {
			hs.use(old)
			return old, h
		}
		if hs.forget(old); old.uses == 0 { // it was open for reading only
			spare = old
		}
	}
	hs.open[h.key] = h
	h.place = hs.lru.PushBack(h)
	return h, spare
}

// release ends a use.
func (hs *handles) release(h *handle) {
	hs.mu.Lock()
	h.uses--
	done := h.gone && h.uses == 0
	hs.mu.Unlock()
	if done {
		h.close()
	}
}

// trim closes handles that nobody uses until at most limit are open.
func (hs *handles) trim(limit int) {
	for {
		h := hs.oldestIdle(limit)
		if h == nil {
			return
		}
		h.close()
	}
}

// oldestIdle takes out of the cache the handle that nobody used for the longest time; nil when no more than limit
// are open, or all are in use. The search passes over no more handles than there are workers.
func (hs *handles) oldestIdle(limit int) *handle {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.lru.Len() <= limit {
		return nil
	}
	for e := hs.lru.Front(); e != nil; e = e.Next() {
		if h := e.Value.(*handle); h.uses == 0 {
			hs.forget(h)
			return h
		}
	}
	return nil
}

// forget takes h out of the cache; when it is idle, the caller closes it. The caller holds the lock.
func (hs *handles) forget(h *handle) {
	delete(hs.open, h.key)
	hs.lru.Remove(h.place)
	h.gone = true
}

// drop closes all handles of a torrent: those in use as soon as they are released.
func (hs *handles) drop(f *files) {
	var idle []*handle
	hs.mu.Lock()
	for i := range f.layout.Files {
		if h := hs.open[fileKey{f, i}]; h != nil {
			if hs.forget(h); h.uses == 0 {
				idle = append(idle, h)
			}
		}
	}
	hs.mu.Unlock()
	for _, h := range idle {
		h.close()
	}
}

// close closes the file. On some network file systems this is when a write that failed is told of: then
// what was written is not to be relied on.
func (h *handle) close() {
	if err := h.Close(); err != nil && h.writable {
		h.key.files.distrust(h.key.index, err)
	}
}

// outOfDescriptors tells whether too many files are open.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
