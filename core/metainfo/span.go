package metainfo

import "sort"

// Span is a range of bytes of one file.
type Span struct {
	File   int   // index in Info.Files
	Offset int64 // of the range within the file
	Length int64 // bytes, more than 0
}

// Spans appends to dst which ranges of which files make up length bytes of the torrent from offset on, in order, and
// returns the longer slice. Padding has its spans as other files have; files without a byte have none. The range must
// lie within the torrent.
func (in *Info) Spans(dst []Span, offset, length int64) []Span {
	if offset < 0 || length < 0 || length > in.Total-offset {
		panic("BUG: metainfo: spans of " + decimal(length) + " bytes at " + decimal(offset) + " of " + decimal(in.Total))
	}
	first := sort.Search(len(in.Files), func(i int) bool { return in.Files[i].Offset+in.Files[i].Length > offset })
	for i := first; length > 0; i++ {
		f := &in.Files[i]
		if f.Length == 0 {
			continue
		}
		within := offset - f.Offset
		n := min(length, f.Length-within)
		dst = append(dst, Span{File: i, Offset: within, Length: n})
		offset += n
		length -= n
	}
	return dst
}
