package metainfo

import (
	"bytes"
	"unicode/utf8"

	"peerwire/core/bencode"
)

// bitCometPadding starts the last component of a padding file as BitComet names it, without an attribute.
const bitCometPadding = "_____padding_file_"

// filesOf reads either form of the file list, and lays the files out one behind the other.
func filesOf(k infoKeys, name string) ([]File, error) {
	single, multiple := k.length.Kind() != bencode.None, k.files.Kind() != bencode.None
	switch {
	case single && multiple:
		return nil, &Error{Field: "info", Fault: BothForms}
	case single:
		length, err := integer(k.length, "info.length", 0, MaxTotal)
		if err != nil {
			return nil, err
		}
		f := File{Path: []string{name}, Length: length}
		attr, _ := k.attr.Bytes()
		f.Executable = bytes.IndexByte(attr, 'x') >= 0
		return []File{f}, nil
	case !multiple:
		return nil, &Error{Field: "info.length", Fault: Missing, Detail: "and no list of files either"}
	case k.files.Kind() != bencode.List:
		return nil, &Error{Field: "info.files", Fault: WrongType, Detail: "a list is due"}
	}
	return listOf(k.files, name)
}

// listOf reads the list of a torrent of several files.
func listOf(list bencode.Value, name string) ([]File, error) {
	n := 0
	for range list.Items {
		n++
	}
	switch {
	case n == 0:
		return nil, &Error{Field: "info.files", Fault: Empty}
	case n > MaxFiles:
		return nil, &Error{Field: "info.files", Fault: TooMany, Detail: span(int64(n), 1, MaxFiles)}
	}
	files := make([]File, 0, n)
	paths := pathReader{name: name}
	offset := int64(0)
	for item := range list.Items {
		f, err := fileOf(item, len(files), offset, &paths)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		offset += f.Length
	}
	if i := conflict(files); i >= 0 {
		return nil, &Error{Field: fileField(i, ".path"), Fault: Conflict, Detail: quoted(join(files[i].Path))}
	}
	return files, nil
}

// fileOf reads file i of the list, which begins at the given offset.
func fileOf(item bencode.Value, i int, offset int64, paths *pathReader) (File, error) {
	if item.Kind() != bencode.Dict {
		return File{}, &Error{Field: fileField(i, ""), Fault: WrongType, Detail: "a dictionary is due"}
	}
	var length, path, pathUTF8, attr bencode.Value
	for key, value := range item.Entries {
		switch string(key) {
		case "length":
			length = value
		case "path":
			path = value
		case "path.utf-8":
			pathUTF8 = value
		case "attr":
			attr = value
		}
	}
	f := File{Offset: offset}
	flags, _ := attr.Bytes()
	f.Pad = bytes.IndexByte(flags, 'p') >= 0 || isBitCometPadding(path)
	f.Symlink = !f.Pad && bytes.IndexByte(flags, 'l') >= 0
	f.Executable = bytes.IndexByte(flags, 'x') >= 0
	var err error
	if !f.Symlink { // a link has no bytes, whatever length it claims: so libtorrent reads it, too
		if f.Length, err = integer(length, "", 0, MaxTotal-offset); err != nil {
			return File{}, at(err, fileField(i, ".length"))
		}
	}
	if f.Pad {
		return f, nil
	}
	if f.Path, err = paths.read(preferred(path, pathUTF8, bencode.List)); err != nil {
		return File{}, at(err, fileField(i, ".path"))
	}
	return f, nil
}

// isBitCometPadding tells whether a path ends in the name that BitComet gives to padding.
func isBitCometPadding(path bencode.Value) bool {
	last := bencode.Value{}
	for item := range path.Items {
		last = item
	}
	b, _ := last.Bytes()
	return bytes.HasPrefix(b, []byte(bitCometPadding))
}

// preferred chooses between a string, or a list of strings, in an encoding that nobody told, and the same in UTF-8, which
// newer creators add. The second is taken if it is of the kind that is due, not empty, and UTF-8 indeed.
func preferred(legacy, utf8Form bencode.Value, due bencode.Kind) bencode.Value {
	if utf8Form.Kind() != due {
		return legacy
	}
	good := due == bencode.String && isUTF8(utf8Form)
	for item := range utf8Form.Items {
		if good = isUTF8(item); !good {
			break
		}
	}
	if !good {
		return legacy
	}
	return utf8Form
}

// isUTF8 tells whether v is a string, not empty, of valid UTF-8.
func isUTF8(v bencode.Value) bool {
	b, _ := v.Bytes()
	return len(b) > 0 && utf8.Valid(b)
}

// fileField names a key of file i.
func fileField(i int, key string) string {
	return "info.files[" + decimal(int64(i)) + "]" + key
}

// at returns an error of this package with its field replaced by one that took time to spell.
func at(err error, field string) error {
	e := *err.(*Error)
	e.Field = field
	return &e
}
