package metainfo

import (
	"strings"

	"peerwire/core/bencode"
)

// The limits of a path. See also MaxComponent.
const (
	MaxPathDepth  = 100  // components, the torrent's name among them
	MaxPathLength = 4096 // bytes, with one between two components
)

// pathReader reads the paths of a torrent's files. Files of one folder mostly follow one another, so that it keeps the
// components of the path before and uses them again.
type pathReader struct {
	name string   // of the torrent, which every path starts with
	raw  [][]byte // the components of the last path as they stood in the input
	path []string // and clean; path[0] is name, path[i+1] came from raw[i]
}

// read returns a clean path. The field of its errors is left for the caller to set.
func (p *pathReader) read(list bencode.Value) ([]string, error) {
	n, err := components(list)
	if err != nil {
		return nil, err
	}
	path := make([]string, 1, 1+n)
	path[0] = p.name
	raw := p.raw[:0]
	size := len(p.name)
	shared := true // so far, all components are those of the path before
	for item := range list.Items {
		text, ok := item.Bytes()
		if !ok {
			return nil, &Error{Fault: WrongType, Detail: "each part must be a string"}
		}
		i := len(raw)
		shared = shared && i < len(p.raw) && string(p.raw[i]) == string(text)
		raw = append(raw, text)
		var name string
		if shared {
			name = p.path[i+1]
		} else {
			var fault Fault
			if name, fault = Clean(text); fault != 0 {
				return nil, &Error{Fault: fault, Detail: quoted(string(text))}
			}
		}
		path = append(path, name)
		size += 1 + len(name)
	}
	if size > MaxPathLength {
		return nil, &Error{Fault: TooLong, Detail: span(int64(size), 1, MaxPathLength)}
	}
	p.raw, p.path = raw, path
	return path, nil
}

// components checks that a value is a list, and returns its length if that is within the limits.
func components(list bencode.Value) (int, error) {
	if list.Kind() == bencode.None {
		return 0, &Error{Fault: Missing}
	}
	if list.Kind() != bencode.List {
		return 0, &Error{Fault: WrongType, Detail: "a list of strings is due"}
	}
	n := 0
	for range list.Items {
		n++
	}
	switch {
	case n == 0:
		return 0, &Error{Fault: Empty}
	case n >= MaxPathDepth:
		return 0, &Error{Fault: TooLong, Detail: count(n, "folder")}
	}
	return n, nil
}

// join writes a path for people.
func join(path []string) string { return strings.Join(path, "/") }
