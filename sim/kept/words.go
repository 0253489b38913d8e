package kept

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// scene tells what there is: the torrent, the peers, and the core itself.
func (r *retelling) scene() {
	spec := r.spec()
	g := spec.Geometry
	r.line(lenient)
	torrent := fmt.Sprintf("torrent %s pieces=%d piece=%s", r.torrent, g.NumPieces(), size(int64(g.PieceLength)))
	if last := g.PieceSize(g.NumPieces() - 1); last != g.PieceLength {
		torrent += fmt.Sprintf(" last=%s", size(int64(last)))
	}
	if spec.Private {
		torrent += " private"
	}
	r.line("%s", torrent)
	for _, x := range r.raws {
		r.line("%s", r.rawWords(x))
	}
	if r.born > 0 {
		r.line("run to=%v", r.born)
		r.now = r.born
	}
	r.line("node %s %s", r.begin.Name, r.nodeWords(spec))
	if spec.MaxConns > 0 {
		r.line("%s joins %s %s", r.begin.Name, r.torrent, specWords(spec))
	}
	if r.disk {
		r.line("disk %s by-hand", r.begin.Name)
	}
	r.setup = len(r.lines)
}

// size is a number of bytes.
func size(n int64) string {
	if n%1024 == 0 {
		return strconv.FormatInt(n/1024, 10) + "KiB"
	}
	return strconv.FormatInt(n, 10)
}

func (r *retelling) rawWords(x *raw) string {
	text := fmt.Sprintf("raw %s addr=%v", x.name, x.at)
	if x.offers != usual {
		text += fmt.Sprintf(" reserved=%x", x.offers[:])
	}
	if x.dialled {
		text += " waits"
	}
	if r.writes {
		text += " by-hand"
	}
	if r.guilty != nil && !r.guilty(x.at.Addr()) {
		text += " innocent"
	}
	return text
}

// nodeWords say how the core was set up, as far as it is not as usual.
func (r *retelling) nodeWords(spec *bt.TorrentSpec) string {
	cfg, usual := r.begin.Config, bt.DefaultConfig()
	words := []string{fmt.Sprintf("addr=%v", r.begin.Addr), fmt.Sprintf("seed=%d", cfg.Seed)}
	if spec.MaxConns > 0 {
		words = append(words, "torrent=none")
	} else {
		words = append(words, specWords(spec))
	}
	number := func(name string, is, usual int) {
		if is != usual {
			words = append(words, fmt.Sprintf("%s=%d", name, is))
		}
	}
	number("conns", cfg.MaxConns, usual.MaxConns)
	number("halfopen", cfg.MaxHalfOpen, usual.MaxHalfOpen)
	if cfg.SlotPolicy == bt.FixedSlots {
		number("slots", cfg.UploadSlots, usual.UploadSlots)
	} else {
		words = append(words, "slots="+cfg.SlotPolicy.String())
	}
	if cfg.SeedOrder != usual.SeedOrder {
		words = append(words, "order="+cfg.SeedOrder.String())
	}
	if cfg.Transports != usual.Transports {
		words = append(words, "transport="+cfg.Transports.String())
	}
	if id := idWords(cfg.PeerID, r.begin.Name); id != "" {
		words = append(words, id)
	}
	if spec.SuperSeed {
		words = append(words, "super-seed")
	}
	if spec.AnyPiece {
		words = append(words, "any-piece")
	}
	return strings.Join(words, " ")
}

// specWords say what the user wants of the torrent, and which pieces are there.
func specWords(spec *bt.TorrentSpec) string {
	n := uint(spec.Geometry.NumPieces())
	words := "have=none"
	switch {
	case spec.Have == nil || spec.Have.None():
	case spec.Have.Count() == n:
		words = "have=all"
	default:
		words = "have=" + list(n, spec.Have.Test)
	}
	if spec.MaxConns > 0 {
		words += fmt.Sprintf(" conns=%d", spec.MaxConns)
	}
	if spec.ReservedSlots > 0 {
		words += fmt.Sprintf(" reserve=%d", spec.ReservedSlots)
	}
	return words
}

// list is a set as "0-3,7".
func list(n uint, has func(uint) bool) string {
	var parts []string
	for i := uint(0); i < n; i++ {
		if !has(i) {
			continue
		}
		from := i
		for i+1 < n && has(i+1) {
			i++
		}
		if part := strconv.Itoa(int(from)); from == i {
			parts = append(parts, part)
		} else {
			parts = append(parts, part+"-"+strconv.Itoa(int(i)))
		}
	}
	return strings.Join(parts, ",")
}

// idWords say what a peer calls itself: nothing when its name says it, and what cannot be said otherwise is "id=?".
func idWords(id bt.PeerID, name string) string {
	if id == sim.PeerIDOf(name) {
		return ""
	}
	if _, other, ok := strings.Cut(string(id[1:]), "-"); ok {
		if other = strings.TrimRight(other, "-"); id == sim.PeerIDOf(other) && !strings.ContainsAny(other, " /=") {
			return "id=" + other
		}
	}
	return "id=?"
}

// offers finds what each peer offers in its first handshake.
func (r *retelling) offers() {
	for _, x := range r.raws {
		for _, t := range x.talks {
			if h, ok := r.greeting(t); ok {
				x.offers = h.Reserved
				break
			}
		}
	}
}

// greeting is the handshake of a peer; false when there was none as a whole.
func (r *retelling) greeting(t *talk) (h wire.Handshake, ok bool) {
	for i := t.begins; i < len(r.calls) && i <= t.ends; i++ {
		if e := &r.calls[i].event; r.calls[i].told && e.Kind == bt.Received && e.Conn == t.id && len(e.Data) >= wire.HandshakeLen {
			h, n, _, _ := wire.DecodeHandshake(e.Data)
			return h, n > 0
		}
	}
	return h, false
}

// handshake is a handshake in a script's words.
func (r *retelling) handshake(t *talk, b []byte) string {
	h, n, _, _ := wire.DecodeHandshake(b)
	id := idWords(h.PeerID, t.raw.name)
	if n != len(b) || h.InfoHash != r.spec().InfoHash || h.Reserved != t.raw.offers || id == "id=?" {
		return fmt.Sprintf("bytes %x", b)
	}
	return strings.TrimSpace("handshake " + id)
}

// words are a message in a script's words.
func (r *retelling) words(m *wire.Message) string {
	switch m.ID {
	case wire.Bitfield:
		pieces := r.spec().Geometry.NumPieces()
		has := func(i uint) bool { return m.Body[i/8]&(0x80>>(i%8)) != 0 }
		if len(m.Body) != wire.BitfieldLen(pieces) || spare(m.Body, pieces) {
			return "bitfield 0x" + hex.EncodeToString(m.Body)
		}
		if text := list(uint(pieces), has); text != "" {
			return "bitfield " + text
		}
		return "bitfield none"
	case wire.Extended:
		if text, ok := plain(string(m.Body)); ok {
			return fmt.Sprintf("extended %d %s", m.ExtID, text)
		}
		return fmt.Sprintf("extended %d 0x%x", m.ExtID, m.Body)
	case wire.Request, wire.Cancel, wire.Reject:
		return m.ID.String() + " " + r.block(m.Block)
	}
	return m.String()
}

// spare tells whether bits are set behind the last piece.
func spare(body []byte, pieces uint32) bool {
	return pieces%8 != 0 && body[len(body)-1]&(0xff>>(pieces%8)) != 0
}

// plain is a text as it stands in a script, with Go's escapes; false when it cannot.
func plain(text string) (string, bool) {
	quoted := strconv.QuoteToASCII(text)
	inner := quoted[1 : len(quoted)-1]
	ok := inner != "" && !strings.HasPrefix(inner, "0x") && !strings.Contains(text, `"`) && !strings.HasSuffix(inner, `\`) &&
		inner == strings.Join(strings.Fields(inner), " ") && !strings.Contains(inner, " / ")
	return inner, ok
}
