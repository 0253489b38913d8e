package metainfo

import (
	"slices"

	"peerwire/core/bencode"
	"peerwire/core/bt"
)

// Draft is what a new torrent of version 1 is made from.
type Draft struct {
	Name        string
	PieceLength uint32 // bytes; see DefaultPieceLength
	Hashes      []byte // the SHA-1 of each piece of all files together, 20 bytes each
	Files       []DraftFile
	Private     bool

	Announce     [][]string // trackers by tier
	Comment      string     // "" for none
	CreatedBy    string     // "" for none
	CreationDate int64      // seconds since 1970, 0 for none
}

// DraftFile is one file of a Draft, in the order of the bytes.
type DraftFile struct {
	// Path leads from the torrent's folder to the file. A single file that is the torrent itself has none; neither has
	// padding.
	Path []string

	Length     int64 // bytes, 0 or more
	Pad        bool  // zero bytes between files, stored nowhere (BEP 47)
	Executable bool  // a program (BEP 47)
}

// Encode writes the .torrent file of a draft in canonical form. Parse accepts every file that Encode returns and finds
// in it what the draft holds: names that readers would have to change are errors (NotPortable), and so is all that Parse
// refuses.
func Encode(d *Draft) ([]byte, error) {
	if err := checkAddresses(d.Announce); err != nil {
		return nil, err
	}
	var e bencode.Encoder
	e.Dict()
	writeTrackers(&e, d.Announce)
	writeText(&e, "comment", d.Comment)
	writeText(&e, "created by", d.CreatedBy)
	if d.CreationDate != 0 {
		e.Key("creation date")
		e.Int(d.CreationDate)
	}
	e.Key("info")
	writeInfo(&e, d)
	e.End()
	data := e.Encoded()
	t, err := Parse(data)
	if err != nil {
		return nil, err
	}
	if err := checkNames(d, &t.Info); err != nil {
		return nil, err
	}
	return data, nil
}

// DefaultPieceLength chooses the length of pieces for so many bytes in all: a power of two from 16 KiB to 16 MiB, such
// that a torrent of common size has 1000 to 2000 pieces; longer pieces only where there would be too many.
func DefaultPieceLength(total int64) uint32 {
	const shortest, longest, fewest = 16 << 10, 16 << 20, 2000
	length := int64(shortest)
	for length < longest && total/length > fewest {
		length *= 2
	}
	for length < MaxPieceLength && total/length >= bt.MaxPieces {
		length *= 2
	}
	return uint32(length)
}

// writeInfo writes the info dictionary.
func writeInfo(e *bencode.Encoder, d *Draft) {
	e.Dict()
	if single, ok := d.single(); ok {
		writeAttr(e, single)
		e.Key("length")
		e.Int(single.Length)
	} else {
		e.Key("files")
		e.List()
		for _, f := range d.Files {
			writeFile(e, f)
		}
		e.End()
	}
	e.Key("name")
	e.String(d.Name)
	e.Key("piece length")
	e.Int(int64(d.PieceLength))
	e.Key("pieces")
	e.Bytes(d.Hashes)
	if d.Private {
		e.Key("private")
		e.Int(1)
	}
	e.End()
}

// single returns the one file that is the torrent itself, if the draft has that form.
func (d *Draft) single() (DraftFile, bool) {
	if len(d.Files) == 1 && len(d.Files[0].Path) == 0 && !d.Files[0].Pad {
		return d.Files[0], true
	}
	return DraftFile{}, false
}

// writeFile writes one entry of the list of files.
func writeFile(e *bencode.Encoder, f DraftFile) {
	e.Dict()
	writeAttr(e, f)
	e.Key("length")
	e.Int(f.Length)
	e.Key("path")
	path := f.Path
	if f.Pad {
		path = []string{".pad", decimal(f.Length)} // as BEP 47 recommends
	}
	e.List()
	for _, name := range path {
		e.String(name)
	}
	e.End()
	e.End()
}

// writeAttr writes the attributes of a file (BEP 47), if it has any.
func writeAttr(e *bencode.Encoder, f DraftFile) {
	attr := ""
	if f.Pad {
		attr += "p"
	}
	if f.Executable {
		attr += "x"
	}
	writeText(e, "attr", attr)
}

// writeTrackers writes the first address for old readers, and all of them if there are more.
func writeTrackers(e *bencode.Encoder, tiers [][]string) {
	all := slices.Concat(tiers...)
	if len(all) == 0 {
		return
	}
	e.Key("announce")
	e.String(all[0])
	if len(all) == 1 {
		return
	}
	e.Key("announce-list")
	e.List()
	for _, tier := range tiers {
		e.List()
		for _, url := range tier {
			e.String(url)
		}
		e.End()
	}
	e.End()
}

// writeText writes a string under its key, or nothing for no string.
func writeText(e *bencode.Encoder, key, text string) {
	if text != "" {
		e.Key(key)
		e.String(text)
	}
}

// checkAddresses finds the first address that Parse would drop.
func checkAddresses(tiers [][]string) error {
	for i, url := range slices.Concat(tiers...) {
		if !isAddress(url) {
			return &Error{Field: "announce", Fault: NotAddress, Detail: quoted(url)}
		}
		if i >= MaxTrackers {
			return &Error{Field: "announce", Fault: TooMany, Detail: span(int64(i)+1, 0, MaxTrackers)}
		}
	}
	return nil
}

// checkNames finds the first name that Parse had to change.
func checkNames(d *Draft, in *Info) error {
	if in.Name != d.Name {
		return &Error{Field: "info.name", Fault: NotPortable, Detail: quoted(d.Name) + " would become " + quoted(in.Name)}
	}
	for i, f := range in.Files {
		want := d.Files[i]
		if f.Pad != want.Pad {
			return &Error{Field: fileField(i, ".path"), Fault: NotPortable, Detail: quoted(join(want.Path)) + " would be padding"}
		}
		if !f.Pad && !slices.Equal(f.Path[1:], want.Path) {
			became := " would become " + quoted(join(f.Path[1:]))
			return &Error{Field: fileField(i, ".path"), Fault: NotPortable, Detail: quoted(join(want.Path)) + became}
		}
	}
	return nil
}
