package peerfsm

import (
	"net/netip"
	"unicode"
	"unicode/utf8"

	"peerwire/core/bencode"
	"peerwire/core/clause"
)

// The ids under which the peer is to send us the extensions that our "m" lists.
const (
	ExtUploadOnly = 3 // "upload_only" (BEP 21) [EXT-11]
	ExtDontHave   = 7 // "lt_donthave" (BEP 54) [EXT-17]
)

// The limits of an extension handshake.
const (
	MaxClientName = 128   // bytes of a client's name that are kept, ours included [EXT-9]
	maxExtDepth   = 8     // dictionaries and lists within each other [EXT-3]
	maxExtMap     = 128   // entries of "m" that are looked at [EXT-5]
	maxRequestMax = 65535 // what a larger "reqq" counts as; far above LIM-3 in any case
)

// ExtHandshake is what an extension handshake says (BEP 10), of all that we read or write. A field that is zero was
// not told, or with a value that nobody can use; a repeated handshake changes nothing there. [EXT-6]
type ExtHandshake struct {
	Port       uint16     // "p": where the sender listens
	RequestMax int        // "reqq": requests that the sender queues, 1 to 65,535
	UploadOnly bool       // "upload_only": the sender downloads nothing
	Client     string     // "v": printable text, at most MaxClientName bytes
	YourIP     netip.Addr // "yourip": the receiver's address as the sender sees it, never IPv4-mapped

	// UploadOnlyID is the id under which the sender takes the message "upload_only", when MapsUploadOnly tells that its "m"
	// gave one; 0 withdraws it.
	UploadOnlyID   uint8
	MapsUploadOnly bool

	// DontHaveID is the same for the message "lt_donthave".
	DontHaveID   uint8
	MapsDontHave bool
}

// ParseExtHandshake reads the payload of an extended message with id 0. Beside ExtensionMalformed the handshake is
// zero; beside ExtensionMapInvalid it holds all that was usable. Keys that we do not know, and values of a
// type or range that we do not expect, are passed over; of a key that occurs twice the first counts.
func ParseExtHandshake(payload []byte) (ExtHandshake, clause.Violation) {
	doc, err := bencode.Parse(payload, bencode.Limits{Depth: maxExtDepth})
	if err != nil || doc.Root.Kind() != bencode.Dict || len(doc.Rest) > 0 {
		return ExtHandshake{}, clause.ExtensionMalformed
	}
	h := ExtHandshake{YourIP: address(doc.Root.Get("yourip"))}
	if port, _ := doc.Root.Get("p").Int(); port > 0 && port <= 65535 {
		h.Port = uint16(port) // [EXT-7]
	}
	if queue, _ := doc.Root.Get("reqq").Int(); queue > 0 {
		h.RequestMax = int(min(queue, maxRequestMax)) // [EXT-8]
	}
	if intent, _ := doc.Root.Get("upload_only").Int(); intent != 0 {
		h.UploadOnly = true // [EXT-10]
	}
	if name, ok := doc.Root.Get("v").Bytes(); ok {
		h.Client = printable(name)
	}
	return h, h.readMap(doc.Root.Get("m"))
}

// readMap takes from m, which maps the names of extensions to ids, those that we use; of a name that occurs twice the first. [EXT-5]
func (h *ExtHandshake) readMap(m bencode.Value) (v clause.Violation) {
	entries := 0
	for name, item := range m.Entries {
		if entries++; entries > maxExtMap {
			return clause.ExtensionMapInvalid
		}
		id, ok := item.Int()
		if !ok || id < 0 || id > 255 {
			v = clause.ExtensionMapInvalid
			continue
		}
		switch {
		case string(name) == "upload_only" && !h.MapsUploadOnly:
			h.UploadOnlyID, h.MapsUploadOnly = uint8(id), true
		case string(name) == "lt_donthave" && !h.MapsDontHave:
			h.DontHaveID, h.MapsDontHave = uint8(id), true
		}
	}
	return v
}

// address is an IP address of 4 or 16 bytes, or the zero Addr when v is none.
func address(v bencode.Value) netip.Addr {
	b, _ := v.Bytes()
	ip, _ := netip.AddrFromSlice(b)
	return ip.Unmap()
}

// printable makes text that is safe to show out of what a stranger calls itself: at most MaxClientName bytes, with the
// replacement character for each byte that is not UTF-8 and each character that is not printable, such as the controls that
// move a terminal's cursor or turn the direction of writing. [EXT-9]
func printable(name []byte) string {
	var text [MaxClientName]byte
	n := 0
	for len(name) > 0 {
		r, size := utf8.DecodeRune(name)
		name = name[size:]
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		if n+utf8.RuneLen(r) > len(text) {
			break
		}
		n += utf8.EncodeRune(text[n:], r)
	}
	return string(text[:n])
}

// AppendExtHandshake appends the payload of our extension handshake: one canonical dictionary of what h tells, and our
// own "m" whatever h says of it. [EXT-2]
func AppendExtHandshake(dst []byte, h ExtHandshake) []byte {
	var e bencode.Encoder
	e.Dict()
	e.Key("m")
	e.Dict()
	e.Key("lt_donthave")
	e.Int(ExtDontHave)
	e.Key("upload_only")
	e.Int(ExtUploadOnly)
	e.End()
	if h.Port != 0 {
		e.Key("p")
		e.Int(int64(h.Port))
	}
	if h.RequestMax > 0 {
		e.Key("reqq")
		e.Int(int64(h.RequestMax))
	}
	if h.UploadOnly {
		e.Key("upload_only")
		e.Int(1)
	}
	if h.Client != "" {
		e.Key("v")
		e.String(h.Client)
	}
	if h.YourIP.IsValid() {
		e.Key("yourip")
		e.Bytes(h.YourIP.Unmap().AsSlice())
	}
	e.End()
	return append(dst, e.Encoded()...)
}
