package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/metainfo"
	"peerwire/shell/disk"
)

// source is what a torrent is made of.
type source struct {
	root    string                 // the file or folder; no symbolic link
	draft   metainfo.Draft         // the torrent; the name and all that is not a matter of the files is given
	except  fs.FileInfo            // a file that is left out; nil for none
	skipped func(path, why string) // told of what is left out

	layout disk.Layout
}

// Why nothing can be made of a source.
var (
	errNothing = errors.New("there is not one byte to share in it")
	errPieces  = fmt.Errorf("it would have more than %d pieces; give a greater --piece-length", bt.MaxPieces)
)

// torrent makes a .torrent file.
func (s *source) torrent(ctx context.Context, progress disk.Progress) ([]byte, error) {
	if err := filepath.WalkDir(s.root, s.take); err != nil {
		return nil, err
	}
	g := &s.layout.Geometry
	if g.Total == 0 {
		return nil, errNothing
	}
	if s.draft.PieceLength == 0 {
		s.draft.PieceLength = metainfo.DefaultPieceLength(g.Total)
	}
	if g.PieceLength = s.draft.PieceLength; !g.Valid() {
		return nil, errPieces
	}
	hashes, err := disk.Hash(ctx, filepath.Dir(s.root), s.layout, progress)
	if err != nil {
		return nil, err
	}
	for i := range hashes {
		s.draft.Hashes = append(s.draft.Hashes, hashes[i][:]...)
	}
	return metainfo.Encode(&s.draft)
}

// take puts one file at the end of the torrent. It is called in the order of names.
func (s *source) take(path string, d fs.DirEntry, err error) error {
	if err != nil || d.IsDir() {
		return err
	}
	info, err := d.Info()
	if err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		s.skipped(path, "it is a symbolic link")
		return nil
	case !info.Mode().IsRegular():
		s.skipped(path, "it is no regular file")
		return nil
	case s.except != nil && os.SameFile(info, s.except):
		s.skipped(path, "it is the torrent itself")
		return nil
	}
	var elements []string // none for a torrent of one file
	if path != s.root {
		rel, err := filepath.Rel(s.root, path)
		if err != nil {
			return err
		}
		elements = strings.Split(filepath.ToSlash(rel), "/")
	}
	g := &s.layout.Geometry
	s.draft.Files = append(s.draft.Files, metainfo.DraftFile{Path: elements, Length: info.Size(), Executable: info.Mode()&0o100 != 0})
	s.layout.Files = append(s.layout.Files, disk.File{
		Path: append([]string{filepath.Base(s.root)}, elements...), Length: info.Size(), Offset: g.Total,
	})
	g.Total += info.Size()
	return nil
}
