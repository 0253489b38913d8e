package disk

import (
	"path/filepath"
	"slices"
)

// outcome is what became of a file's sync.
type outcome struct {
	file  int
	stamp stamp
	err   error // nil: all that was written before is durable
	later bool  // it is worth another try
	lost  bool  // what was there before is gone too
}

// sync makes files durable, and the folders that name them if that was not done since they were first
// seen: who made them may have been killed before. It gives an outcome for each, and the first error.
func (f *files) sync(list []int) ([]outcome, error) {
	out := make([]outcome, len(list))
	var unnamed []int // indexes in out
	var folders []string
	for k, i := range list {
		named := false
		if out[k], named = f.syncFile(i); !named && out[k].err == nil {
			unnamed = append(unnamed, k)
			folders = appendFolders(folders, f.names[i])
		}
	}
	err := f.syncFolders(folders)
	for _, k := range unnamed {
		out[k].err, out[k].later = err, err != nil
		f.setNamed(out[k].file, err == nil)
	}
	for _, o := range out {
		if o.err != nil {
			return out, o.err
		}
	}
	return out, nil
}

// appendFolders appends the folders above a file that are not in the list, the nearest first.
func appendFolders(list []string, name string) []string {
	for dir := name; dir != "."; {
		dir = filepath.Dir(dir)
		if slices.Contains(list, dir) {
			break // and so are those above it
		}
		list = append(list, dir)
	}
	return list
}

// syncFolders makes durable what the folders hold.
func (f *files) syncFolders(list []string) error {
	for _, dir := range list {
		if err := f.folder.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// setNamed notes whether the folders of a file are synced.
func (f *files) setNamed(i int, named bool) {
	f.mu.Lock()
	f.state[i].named = named
	f.mu.Unlock()
}

// syncFile makes a file durable, if it is still the one that its name leads to, and tells whether its folders
// are. A sync that failed is never tried again: the system may have dropped what it could not
// write, and a second sync would succeed without it.
func (f *files) syncFile(i int) (o outcome, named bool) {
	f.mu.Lock()
	st := f.state[i]
	f.state[i].written = false // what comes meanwhile sets it again
	f.mu.Unlock()
	o.file = i
	if o.err = st.broken; o.err != nil {
		return o, st.named
	}
	h, err := f.cache.acquire(fileKey{f, i}, st.written)
	if outOfDescriptors(err) {
		f.touch(i)
		o.err, o.later = err, true
		return o, st.named
	}
	if err == nil {
		defer f.cache.release(h)
		if err = h.Sync(); err == nil {
			o.stamp, err = f.stillThere(i, h)
		}
	}
	if o.err = err; err != nil {
		o.lost = isLost(err)
		f.distrust(i, err)
	}
	return o, st.named
}

// stillThere gives the stamp of an open file, if its name still leads to it and it is no shorter than it was.
func (f *files) stillThere(i int, h Handle) (stamp, error) {
	info, err := h.Stat()
	if err != nil {
		return stamp{}, err
	}
	f.mu.Lock()
	full := f.state[i].full
	f.mu.Unlock()
	if full && info.Size() < f.layout.Files[i].Length {
		return stamp{}, f.failed("sync", i, errShortened)
	}
	named, err := f.folder.Stat(f.names[i])
	if err != nil || !f.folder.SameFile(info, named) {
		return stamp{}, f.failed("sync", i, errVanished)
	}
	return stampOf(info, nil), nil
}
