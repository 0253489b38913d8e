package client

import (
	"peerwire/core/metainfo"
	"peerwire/shell/disk"
)

// Layout is where the bytes of a torrent lie on disk.
func Layout(t *metainfo.Torrent) disk.Layout {
	l := disk.Layout{InfoHash: t.InfoHash, Geometry: t.Info.Geometry}
	for i := range t.Info.Files {
		f := &t.Info.Files[i]
		if f.Stored() || f.Pad {
			l.Files = append(l.Files, disk.File{Path: f.Path, Length: f.Length, Offset: f.Offset, Pad: f.Pad})
		}
	}
	for i := range t.Info.NumPieces() {
		l.Hashes = append(l.Hashes, t.Info.PieceHash(i))
	}
	return l
}
