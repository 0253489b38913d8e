package metainfo

import "strconv"

// Fault is one way in which a torrent is refused.
type Fault uint8

// The faults.
const (
	_            Fault = iota
	TooLarge           // the file is longer than MaxSize
	NotBencode         // not bencode, or beyond its limits
	Trailing           // bytes follow the dictionary
	DuplicateKey       // a dictionary has a key twice
	Missing            // a key that must be there is not
	WrongType          // a value of another kind than its key demands
	Empty              // a value with nothing in it where something is due
	OutOfRange         // a number below or above what is allowed
	TooMany            // more entries than a limit allows
	TooLong            // a path longer than a limit allows
	BothForms          // both "length" and "files"
	PieceHashes        // the number of piece hashes does not fit the lengths
	LeadsOut           // a path that leads out of the torrent's folder
	Conflict           // two files that would be one, or a file where a folder is, on some system
	NotPortable        // a name that readers of the torrent would have to change (Encode)
	NotAddress         // not a tracker's address (Encode)
	V2Only             // a torrent of version 2 (BEP 52) without a version 1 half
)

var faultText = [...]string{
	TooLarge:     "the file is too large",
	NotBencode:   "not a torrent file",
	Trailing:     "something follows the end of the torrent",
	DuplicateKey: "a key occurs twice",
	Missing:      "missing",
	WrongType:    "wrong type",
	Empty:        "empty",
	OutOfRange:   "out of range",
	TooMany:      "too many",
	TooLong:      "too long",
	BothForms:    "the torrent has both one length and a list of files",
	PieceHashes:  "wrong number of piece hashes",
	LeadsOut:     "the path leads out of the folder",
	Conflict:     "the path conflicts with another file",
	NotPortable:  "the name is not portable",
	NotAddress:   "not a tracker address",
	V2Only:       "the torrent is of version 2 only; version 1 and hybrid torrents are supported",
}

// String says what is wrong in a few words, none of them from the input.
func (f Fault) String() string {
	if f == 0 || int(f) >= len(faultText) {
		return "fault " + strconv.Itoa(int(f))
	}
	return faultText[f]
}

// Error tells why a torrent was refused.
type Error struct {
	Field  string // where: "info.files[3].path"; "" for the file as a whole
	Fault  Fault
	Detail string // what was found, printable; may be ""

	cause error
}

// Error gives one line of printable text, without the name of the file.
func (e *Error) Error() string {
	s := e.Fault.String()
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	return s
}

// Unwrap returns the [*bencode.Error] behind NotBencode, nil for other faults.
func (e *Error) Unwrap() error { return e.cause }

// span tells of a number that is outside its range.
func span(n, least, most int64) string {
	return decimal(n) + ", allowed are " + decimal(least) + " to " + decimal(most)
}

// count tells how many there are of something whose plural takes an s.
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return decimal(int64(n)) + " " + what
}

// decimal spells a number.
func decimal(n int64) string { return strconv.FormatInt(n, 10) }
