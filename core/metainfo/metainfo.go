// Package metainfo reads, checks and writes .torrent files (BEP 3, BEP 12, BEP 27, BEP 47). A file comes from a stranger,
// so every length, count and name in it is checked here, once, before anybody acts on it: what Parse returns is safe to
// lay out on a disk and its numbers need no further checks. Nothing here touches a disk.
//
// Version 1 and hybrid torrents are read, a hybrid by its version 1 half alone (the other half is not looked at). A torrent of version 2 only
// (BEP 52) is refused with the fault V2Only.
//
// Faults in what a download depends on are errors: an [*Error] each, one line of text without a control character of the
// input. Optional keys outside the info dictionary that are malformed count as absent. Keys out of order are accepted,
// also inside info, because the info-hash is taken over the bytes as they stand; a key that occurs twice in a dictionary
// is refused, because two readers of such a torrent may see two torrents under one hash.
//
// Memory: parsing n bytes takes at most 16·n + 64 KiB, and the result refers to the input, which must not be changed.
package metainfo

import (
	"bytes"
	"crypto/sha1"

	"peerwire/core/bencode"
	"peerwire/core/bt"
)

// The limits of a torrent. Those on one path are at Clean.
const (
	// MaxSize is the largest .torrent file in bytes. At 20 bytes a piece it holds a torrent of 1.6 million pieces; the
	// 10 MB that libtorrent allows by default refuse torrents of a terabyte that are in use.
	MaxSize = 32 << 20

	// MaxPieceLength is the longest piece in bytes.
	MaxPieceLength = bt.MaxPieceLength

	// MaxTotal is the most bytes that all files together have: as many pieces as there may be, of the greatest length.
	MaxTotal = bt.MaxPieces * MaxPieceLength

	// MaxFiles is the largest number of files, counting padding.
	MaxFiles = 250_000

	// MaxTrackers is how many tracker addresses are kept. More are dropped.
	MaxTrackers = 500

	// MaxURL is the length in bytes of the longest tracker address that is kept.
	MaxURL = 2048

	// MaxText is how many characters of a comment or a creator's name are kept.
	MaxText = 4096
)

// Torrent is a whole .torrent file.
type Torrent struct {
	InfoHash  bt.InfoHash // SHA-1 of InfoBytes
	InfoBytes []byte      // the info dictionary as it stands in the input
	Info      Info

	// Announce holds the trackers' addresses by tier (BEP 12): tiers are tried in order, the trackers of one in any
	// order. No tier is empty, no address occurs twice, and none holds a space or a character that does not print. Their schemes and
	// hosts are not judged here.
	Announce [][]string

	Comment      string // printable text of one line, "" for none
	CreatedBy    string // like Comment
	CreationDate int64  // seconds since 1970, up to the year 9999; 0 for unknown
}

// Parse reads and checks a .torrent file. The error, if any, is an [*Error].
func Parse(data []byte) (*Torrent, error) {
	root, err := document(data)
	if err != nil {
		return nil, err
	}
	t := new(Torrent)
	var info, announce, list bencode.Value
	for key, value := range root.Entries {
		switch string(key) {
		case "info":
			info = value
		case "announce":
			announce = value
		case "announce-list":
			list = value
		case "comment":
			t.Comment = textOf(value)
		case "created by":
			t.CreatedBy = textOf(value)
		case "creation date":
			t.CreationDate = dateOf(value)
		}
	}
	if t.Info, err = parseInfo(info); err != nil {
		return nil, err
	}
	t.InfoBytes = info.Raw()
	t.InfoHash = sha1.Sum(t.InfoBytes)
	t.Announce = trackers(announce, list)
	return t, nil
}

// document checks the file as bencode and returns its dictionary.
func document(data []byte) (bencode.Value, error) {
	if len(data) > MaxSize {
		return bencode.Value{}, &Error{Fault: TooLarge, Detail: span(int64(len(data)), 1, MaxSize)}
	}
	doc, err := bencode.Parse(data, bencode.Limits{})
	switch {
	case err != nil:
		return bencode.Value{}, &Error{Fault: NotBencode, Detail: err.Error(), cause: err}
	case doc.Root.Kind() != bencode.Dict:
		return bencode.Value{}, &Error{Fault: WrongType, Detail: "a dictionary is due"}
	case len(bytes.TrimSpace(doc.Rest)) > 0: // a line's end does no harm, and some torrents that went through editors have it
		return bencode.Value{}, &Error{Fault: Trailing, Detail: count(len(doc.Rest), "byte")}
	case doc.Duplicate >= 0:
		return bencode.Value{}, &Error{Fault: DuplicateKey, Detail: "at byte " + decimal(int64(doc.Duplicate))}
	}
	return doc.Root, nil
}

// textOf returns a string value as printable text, or "".
func textOf(v bencode.Value) string {
	b, _ := v.Bytes()
	return printable(b, MaxText)
}

// dateOf returns an integer value as a date within reason, or 0.
func dateOf(v bencode.Value) int64 {
	const endOfYear9999 = 253_402_300_799
	if n, ok := v.Int(); ok && 0 < n && n <= endOfYear9999 {
		return n
	}
	return 0
}
