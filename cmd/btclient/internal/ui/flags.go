package ui

import "peerwire/core/peerfsm"

// Flags are the status methods of an open connection, a bit each, in the order of their letters.
type Flags uint16

// The flags. Their names are those of the status methods.
const (
	LocalConnection Flags = 1 << iota
	SupportExtensions
	Interesting
	RemoteChoked
	RemoteInterested
	Choked
	OptimisticUnchoke
	Snubbed
	OnParole
	UploadOnly
	Seed
	allFlags = 1<<iota - 1
)

// letters has for each flag, from the lowest bit on, the letter in the table and what it means. The letters are those
// that libtorrent's users know.
var letters = [...]struct {
	letter  byte
	meaning string
}{
	{'o', "we dialled"},
	{'x', "knows extensions"},
	{'I', "has pieces we want"},
	{'c', "chokes us"},
	{'i', "wants our pieces"},
	{'C', "choked by us"},
	{'O', "optimistic slot"},
	{'S', "snubs us"},
	{'p', "on parole"},
	{'U', "downloads nothing"},
	{'s', "seed"},
}

// String has one place for every flag: its letter, or '-'.
func (f Flags) String() string {
	b := make([]byte, len(letters))
	for i := range letters {
		if b[i] = '-'; f&(1<<i) != 0 {
			b[i] = letters[i].letter
		}
	}
	return string(b)
}

// legend explains the letters of flags that are set, in lines of at most so many columns.
func (f Flags) legend(columns int) (lines []Line) {
	line := "flags:"
	for i := range letters {
		if f&(1<<i) == 0 {
			continue
		}
		part := " " + string(letters[i].letter) + " " + letters[i].meaning
		if f>>(i+1) != 0 {
			part += ","
		}
		if len(line)+len(part) > columns {
			lines, line = append(lines, Line{{line, Dim}}), "      "
		}
		line += part
	}
	return append(lines, Line{{line, Dim}})
}

// FlagsOf are the flags of a connection.
func FlagsOf(s *peerfsm.State) (f Flags) {
	for i, set := range [...]bool{
		s.LocalConnection(), s.SupportExtensions(), s.Interesting(), s.RemoteChoked(), s.RemoteInterested(), s.Choked(),
		s.OptimisticUnchoke(), s.Snubbed(), s.OnParole(), s.UploadOnly(), s.Seed(),
	} {
		if set {
			f |= 1 << i
		}
	}
	return f
}

// LinkOf names what an unfinished connection waits for; it is empty for an open one.
func LinkOf(s *peerfsm.State) string {
	switch {
	case s.Queued():
		return "queued"
	case s.Connecting():
		return "connecting"
	case s.Handshake():
		return "handshake"
	}
	return ""
}
