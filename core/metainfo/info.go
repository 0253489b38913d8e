package metainfo

import (
	"crypto/sha1"

	"peerwire/core/bencode"
	"peerwire/core/bt"
)

// Info is an info dictionary that was checked: what the torrent's data is and how it is cut into pieces. Its Geometry is
// known and valid.
type Info struct {
	bt.Geometry

	// Name is the name of the one file, or of the folder that holds all files. It is clean (see Clean).
	Name string

	// Files are all files in the order of their bytes, at least one. Together they cover the torrent's bytes without a
	// gap and without overlap. Among them may be padding, links and files without a byte.
	Files []File

	// Private tells that peers may come from the trackers alone (BEP 27).
	Private bool

	// Hybrid tells that the torrent has a version 2 half too (BEP 52).
	Hybrid bool

	hashes []byte // sha1.Size bytes a piece
}

// File is one file of a torrent.
type File struct {
	// Path leads to the file from the folder into which the torrent is put: clean components, the first of which is the
	// torrent's name. No two stored files have paths that any common file system takes for one, and none has a path on
	// the way to another. Nil for padding.
	Path []string

	Length int64 // bytes, 0 or more
	Offset int64 // of its first byte within the torrent

	// Pad marks padding (BEP 47): zero bytes that stand between files and are stored nowhere.
	Pad bool

	// Symlink marks a symbolic link (BEP 47). Where it should point is not even read: links from strangers are not
	// created. It has no bytes, so that the torrent completes without it.
	Symlink bool

	// Executable marks a program (BEP 47).
	Executable bool
}

// Stored tells whether the file is to exist on disk: all but padding and links.
func (f *File) Stored() bool { return !f.Pad && !f.Symlink }

// PieceHash is the SHA-1 of piece i, which must be below NumPieces.
func (in *Info) PieceHash(i uint32) [sha1.Size]byte {
	return [sha1.Size]byte(in.hashes[int(i)*sha1.Size:])
}

// infoKeys are the values of an info dictionary that matter.
type infoKeys struct {
	name, nameUTF8, pieceLength, pieces, length, files, attr, private, version, tree bencode.Value
}

// parseInfo reads and checks an info dictionary.
func parseInfo(dict bencode.Value) (Info, error) {
	if dict.Kind() == bencode.None {
		return Info{}, &Error{Field: "info", Fault: Missing}
	}
	if dict.Kind() != bencode.Dict {
		return Info{}, &Error{Field: "info", Fault: WrongType, Detail: "a dictionary is due"}
	}
	k := collect(dict)
	v2 := k.version.Kind() != bencode.None || k.tree.Kind() != bencode.None
	if v2 && k.pieces.Kind() == bencode.None {
		return Info{}, &Error{Field: "info", Fault: V2Only}
	}
	private, _ := k.private.Int()
	in := Info{Private: private == 1, Hybrid: v2}
	length, err := integer(k.pieceLength, "info.piece length", 1, MaxPieceLength)
	if err != nil {
		return Info{}, err
	}
	in.PieceLength = uint32(length)
	if in.Name, err = nameOf(k); err != nil {
		return Info{}, err
	}
	if in.Files, err = filesOf(k, in.Name); err != nil {
		return Info{}, err
	}
	last := in.Files[len(in.Files)-1]
	in.Total = last.Offset + last.Length
	if in.hashes, err = hashesOf(k.pieces, in.Geometry); err != nil {
		return Info{}, err
	}
	return in, nil
}

// collect picks the values that matter in one walk.
func collect(dict bencode.Value) (k infoKeys) {
	for key, value := range dict.Entries {
		switch string(key) {
		case "name":
			k.name = value
		case "name.utf-8":
			k.nameUTF8 = value
		case "piece length":
			k.pieceLength = value
		case "pieces":
			k.pieces = value
		case "length":
			k.length = value
		case "files":
			k.files = value
		case "attr":
			k.attr = value
		case "private":
			k.private = value
		case "meta version":
			k.version = value
		case "file tree":
			k.tree = value
		}
	}
	return k
}

// nameOf returns the clean name of the torrent.
func nameOf(k infoKeys) (string, error) {
	raw, ok := preferred(k.name, k.nameUTF8, bencode.String).Bytes()
	switch {
	case k.name.Kind() == bencode.None && k.nameUTF8.Kind() == bencode.None:
		return "", &Error{Field: "info.name", Fault: Missing}
	case !ok:
		return "", &Error{Field: "info.name", Fault: WrongType, Detail: "a string is due"}
	}
	name, fault := Clean(raw)
	if fault != 0 {
		return "", &Error{Field: "info.name", Fault: fault, Detail: quoted(string(raw))}
	}
	return name, nil
}

// hashesOf checks the piece hashes against the geometry.
func hashesOf(v bencode.Value, g bt.Geometry) ([]byte, error) {
	const field = "info.pieces"
	hashes, ok := v.Bytes()
	switch {
	case g.Total == 0:
		return nil, &Error{Field: "info", Fault: Empty, Detail: "all files together have no byte"}
	case v.Kind() == bencode.None:
		return nil, &Error{Field: field, Fault: Missing}
	case !ok:
		return nil, &Error{Field: field, Fault: WrongType, Detail: "a string is due"}
	case len(hashes)%sha1.Size != 0:
		return nil, &Error{Field: field, Fault: PieceHashes, Detail: count(len(hashes), "byte") + ", each hash has 20"}
	case !g.Valid():
		return nil, &Error{Field: field, Fault: TooMany, Detail: "more than " + count(bt.MaxPieces, "piece")}
	case len(hashes)/sha1.Size != int(g.NumPieces()):
		found, due := decimal(int64(len(hashes)/sha1.Size)), decimal(int64(g.NumPieces()))
		return nil, &Error{Field: field, Fault: PieceHashes, Detail: "found " + found + ", due " + due}
	}
	return hashes, nil
}

// integer returns an integer value that must be there and in range.
func integer(v bencode.Value, field string, least, most int64) (int64, error) {
	n, ok := v.Int()
	switch {
	case v.Kind() == bencode.None:
		return 0, &Error{Field: field, Fault: Missing}
	case !ok:
		return 0, &Error{Field: field, Fault: WrongType, Detail: "an integer is due"}
	case n < least || n > most:
		return 0, &Error{Field: field, Fault: OutOfRange, Detail: span(n, least, most)}
	}
	return n, nil
}
