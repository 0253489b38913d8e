package metainfo

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of one component of a path.
const (
	MaxComponent    = 255  // bytes of a clean name: what common file systems take
	MaxRawComponent = 4096 // bytes of a name in a torrent; a longer one is refused
)

// Clean maps one component of a path from a torrent to a name that is the same on every system and that every common
// file system takes. It never yields anything but a plain name: not "", ".", "..", nothing with a separator. It leaves
// its own results as they are. The rules, in order:
//
//   - a byte that is not UTF-8 becomes '%' and two hexadecimal digits, so that names in old encodings stay distinct
//   - invisible characters (Unicode's format controls: marks of direction, zero width) go
//   - "." and "..", also with spaces around, and a ".." between separators are refused: LeadsOut
//   - control characters, line and paragraph separators, and any of / \ < > : " | ? * become '_'
//   - spaces and dots at the end go, and if nothing remains the name is "_"
//   - the names of Windows devices (con, nul.txt ...) get a '_' in front
//   - a name above MaxComponent bytes is shortened, keeping its extension and adding '~' and a hash of the whole
//
// An empty name is refused as Empty, one above MaxRawComponent bytes as TooLong. Different names may become one; the
// caller has to look for that.
func Clean(raw []byte) (string, Fault) {
	switch {
	case len(raw) == 0:
		return "", Empty
	case len(raw) > MaxRawComponent:
		return "", TooLong
	case isPlain(raw):
		return string(raw), 0
	}
	text := decode(raw)
	if climbs(text) {
		return "", LeadsOut
	}
	name := strings.TrimRight(strings.Map(replace, text), " .")
	if name == "" {
		return "_", 0
	}
	if isDevice(name) {
		name = "_" + name
	}
	return shorten(name), 0
}

// isPlain tells, for the many names for which that is easy, that no rule changes the name.
func isPlain(raw []byte) bool {
	const shortest, longest = 5, 64 // up to 4 letters in front of a dot or a space may be a device: left to the rules
	if len(raw) < shortest || len(raw) > longest {
		return false
	}
	for i, c := range raw {
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-':
		case (c == '.' || c == ' ') && i >= shortest && i < len(raw)-1:
		default:
			return false
		}
	}
	return true
}

// decode turns bytes into valid UTF-8 without invisible characters.
func decode(raw []byte) string {
	const digits = "0123456789ABCDEF"
	var s strings.Builder
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			s.Write([]byte{'%', digits[raw[0]>>4], digits[raw[0]&15]})
		case !unicode.Is(unicode.Cf, r):
			s.WriteRune(r)
		}
		raw = raw[size:]
	}
	return s.String()
}

// climbs tells whether a name stands for a folder above, or hides one.
func climbs(text string) bool {
	if strings.Trim(text, " ") == "." {
		return true
	}
	for part := range strings.FieldsFuncSeq(text, isSeparator) {
		if strings.Trim(part, " ") == ".." {
			return true
		}
	}
	return false
}

// isSeparator tells the characters that part a path on any system.
func isSeparator(r rune) bool { return r == '/' || r == '\\' }

// replace maps every character that some system takes for something else than a part of a name.
func replace(r rune) rune {
	if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || strings.ContainsRune(`/\<>:"|?*`, r) {
		return '_'
	}
	return r
}

// isDevice tells whether Windows takes a name, with whatever extension, for a device.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToLower(strings.Trim(base, " "))
	switch base {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	number, isPort := strings.CutPrefix(base, "com")
	if !isPort {
		number, isPort = strings.CutPrefix(base, "lpt")
	}
	return isPort && utf8.RuneCountInString(number) == 1 && strings.Contains("123456789¹²³", number)
}

// shorten cuts a name to MaxComponent bytes.
func shorten(name string) string {
	if len(name) <= MaxComponent {
		return name
	}
	const longestExtension, hashBytes = 32, 4
	extension := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= longestExtension {
		extension = name[dot:]
	}
	sum := sha1.Sum([]byte(name))
	end := "~" + hex.EncodeToString(sum[:hashBytes]) + extension
	cut := MaxComponent - len(end)
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + end
}
