package metainfo

import (
	"bytes"
	"cmp"
	"slices"
)

// pathKey is what a file system that minds neither case nor the composition of letters would make of a file's path.
type pathKey struct {
	key  []byte // folded components, one separator behind each but the last
	file int
}

// conflict returns the index of a file whose path is, on some system, that of an earlier one, or such that one of the
// two would have to be a folder; -1 for none. Names that differ in case only, or in how an accented letter is composed,
// are the same on most desktops: there, one file would overwrite the other.
//
// Folders that differ in case only are no conflict: merged or not, no file of theirs is lost.
func conflict(files []File) int {
	keys := make([]pathKey, 0, len(files))
	var fold folder
	for i := range files {
		if files[i].Stored() {
			keys = append(keys, pathKey{fold.path(files[i].Path), i})
		}
	}
	slices.SortFunc(keys, func(a, b pathKey) int {
		return cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.file, b.file))
	})
	// All that starts with a path and its separator sorts right behind that path, so that neighbours suffice.
	found := -1
	for i := 1; i < len(keys); i++ {
		a, b := keys[i-1], keys[i]
		rest, isPrefix := bytes.CutPrefix(b.key, a.key)
		if isPrefix && (len(rest) == 0 || rest[0] == separator) {
			if later := max(a.file, b.file); found < 0 || later < found {
				found = later
			}
		}
	}
	return found
}
