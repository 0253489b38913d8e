package scenario

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"peerwire/core/bt"
)

// Error is what is wrong with a scenario, and where.
type Error struct {
	File string
	Line int    // from 1; 0 when it is no line's fault
	Key  string // "peers.up"; empty when it is no key's
	Text string
}

// Error writes it as compilers do.
func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at += ":" + strconv.Itoa(e.Line)
	}
	if e.Key != "" {
		return at + ": " + e.Key + ": " + e.Text
	}
	return at + ": " + e.Text
}

// Read reads a scenario from the text of a file, whose name without its ending becomes the scenario's.
func Read(file string, text []byte) (*Scenario, error) {
	s := New()
	lines := locate(string(text))
	md, err := toml.Decode(string(text), s)
	if err != nil {
		return nil, syntax(file, lines, err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		key := unknown[0].String()
		hint := ""
		if near := nearest(key); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, &Error{file, lines.of(key, anyGroup), key, "there is no such key" + hint}
	}
	s.Name = strings.TrimSuffix(path.Base(strings.ReplaceAll(file, `\`, "/")), ".toml")
	for i := range s.Groups {
		s.Groups[i].complete()
	}
	for i := range s.Faults {
		s.Faults[i].complete()
	}
	if key, nth, wrong := s.judge(); wrong != "" {
		return nil, &Error{file, lines.of(key, nth), key, wrong}
	}
	return s, nil
}

// syntax puts an error of the decoder into ours.
func syntax(file string, lines lines, err error) error {
	var p toml.ParseError
	if !errors.As(err, &p) {
		return mismatch(file, err.Error())
	}
	if p.LastKey != "" && p.Position.Line > 0 && lines.at(p.Position.Line) != "" {
		p.LastKey = lines.at(p.Position.Line)
	}
	return &Error{file, p.Position.Line, p.LastKey, strings.TrimPrefix(p.Message, "toml: ")}
}

// mismatch takes apart what the decoder says of a value of the wrong kind: 'toml: line 4 (last key "peers.count"): incompatible types'.
func mismatch(file, text string) error {
	e := &Error{File: file, Text: strings.TrimPrefix(text, "toml: ")}
	head, tail, ok := strings.Cut(e.Text, "): ")
	line, key, last := strings.Cut(strings.TrimPrefix(head, "line "), " (last key ")
	n, err := strconv.Atoi(line)
	name, unquoted := strconv.Unquote(key)
	if ok && last && err == nil && unquoted == nil {
		e.Line, e.Key, e.Text = n, name, tail
	}
	return e
}

// judge tells what is wrong with what was read: of which key, in which group of peers, and what; nothing when all is well.
func (s *Scenario) judge() (key string, nth int, wrong string) {
	switch g := s.Torrent.Geometry(); {
	case s.Torrent.Piece < 1 || s.Torrent.Piece > bt.MaxPieceLength:
		return "torrent.piece", 0, fmt.Sprintf("a piece has 1 to %d bytes", bt.MaxPieceLength)
	case s.Torrent.Size < 1 || !g.Valid():
		return "torrent.size", 0, fmt.Sprintf("a torrent has 1 to %d pieces", bt.MaxPieces)
	case s.Until == 0:
		return "until", 0, "a run takes time"
	case !slices.Contains([]string{"tcp", "utp", "both"}, s.Transport):
		return "transport", 0, `it is none of "tcp", "utp", "both"`
	case strings.ContainsAny(s.Torrent.Name, " \t\r\n"):
		return "torrent.name", 0, "it is one word"
	case s.Line.Loss < 0 || s.Line.Loss > 500_000:
		return "line.loss", 0, "of a million packets 0 to 500000 are lost"
	case s.Line.Window < 1 || s.Line.Window > 1<<30:
		return "line.window", 0, "a window has 1 byte to 1 GiB"
	case s.Line.Start > s.Line.Window:
		return "line.start", 0, "it is more than the window"
	case s.Tracker.NumWant < 1 || s.Tracker.NumWant > 200:
		return "tracker.numwant", 0, "a tracker gives 1 to 200 peers"
	case s.Tracker.Interval < s.Tracker.Least || s.Tracker.Least == 0:
		return "tracker.interval", 0, "it is less than min-interval, or there is none"
	case s.Heal.At == 0 && s.Heal.Within > 0:
		return "heal.at", 0, "it needs a time"
	case s.Heal.At > 0 && s.Heal.Within == 0:
		return "heal.within", 0, "it takes time"
	case s.Heal.Within > s.Until || s.Heal.At > s.Until-s.Heal.Within:
		return "heal.within", 0, "it ends after the run does"
	case len(s.Groups) == 0:
		return "peers", 0, "there are no peers: begin a group with [[peers]]"
	}
	for i := range s.Groups {
		if key, wrong := s.Groups[i].judge(); wrong != "" {
			return "peers." + key, i, wrong
		}
	}
	for i := range s.Faults {
		if key, wrong := s.Faults[i].judge(s); wrong != "" {
			return "faults." + key, i, wrong
		}
	}
	return "", 0, ""
}

// judge tells what is wrong with a group.
func (g *Group) judge() (key, wrong string) {
	share, err := share(g.Have)
	g.Share = share
	switch {
	case g.Name == "":
		return "name", "a group has a name"
	case g.Count < 1 || g.Count > MaxPeers:
		return "count", fmt.Sprintf("a group has 1 to %d peers", MaxPeers)
	case err != nil:
		return "have", err.Error()
	case g.Connections < 1 || g.Connections > 10_000:
		return "connections", "a peer has 1 to 10000"
	case g.HalfOpen < 1 || g.HalfOpen > 10_000:
		return "half-open", "a peer dials 1 to 10000 at a time"
	case g.Slots != nil && (*g.Slots < 0 || *g.Slots > 10_000):
		return "slots", "a peer has 0 to 10000"
	case !slices.Contains([]string{"fixed", "auto", "unlimited"}, g.SlotPolicy):
		return "slot-policy", `it is none of "fixed", "auto", "unlimited"`
	case !slices.Contains([]string{"round-robin", "fastest", "anti-leech"}, g.SeedOrder):
		return "seed-order", `it is none of "round-robin", "fastest", "anti-leech"`
	case g.Picks != Rarest && g.Picks != Random:
		return "picks", fmt.Sprintf("it is none of %q, %q", Rarest, Random)
	case g.Within > 0 && g.Every > 0:
		return "arrive-every", "peers arrive within a time or every so often, not both"
	case len(g.At) > 0 && (g.Within > 0 || g.Every > 0 || g.Arrive > 0):
		return "arrive-at", "peers arrive at given times, or otherwise"
	case len(g.At) > 0 && len(g.At) != g.Count:
		return "arrive-at", fmt.Sprintf("there are %d times for %d peers", len(g.At), g.Count)
	case !slices.Contains([]string{Always, UntilHas, OneCopy}, g.Stays):
		return "stays", fmt.Sprintf("it is none of %q, %q, %q", Always, UntilHas, OneCopy)
	case g.SeedFor > 0 && g.Stays != UntilHas:
		return "seed-for", fmt.Sprintf("it needs stays = %q", UntilHas)
	case g.Leaves < 0 || g.Leaves > 99:
		return "leaves-at", "it is a number of percent, below 100"
	}
	return "", ""
}

// share reads which part of the pieces a peer has, in percent.
func share(have string) (int, error) {
	switch have {
	case "none":
		return 0, nil
	case "all":
		return 100, nil
	}
	number, percent := strings.CutSuffix(have, "%")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || !percent || n < 0 || n > 100 {
		return 0, errors.New(`it is "none", "all", or a part such as "30 %"`)
	}
	return n, nil
}
