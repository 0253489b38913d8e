package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"peerwire/core/bt"
)

// judge tells what is wrong with what was read: of which key, in which group of peers, and what; nothing when all is well.
func (s *Scenario) judge() (key string, nth int, wrong string) {
	switch g := s.Torrent.Geometry(); {
	case s.Torrent.Piece < 1 || s.Torrent.Piece > bt.MaxPieceLength:
		return "torrent.piece", 0, fmt.Sprintf("a piece has 1 to %d bytes", bt.MaxPieceLength)
	case s.Torrent.Size < 1 || s.Torrent.Size > MaxSize:
		return "torrent.size", 0, "a torrent has 1 byte to 1 TiB"
	case !g.Valid():
		return "torrent.size", 0, fmt.Sprintf("a torrent has at most %d pieces, and this one has more", bt.MaxPieces)
	case s.Until == 0:
		return "until", 0, "a run takes time"
	case !slices.Contains([]string{"tcp", "utp", "both"}, s.Transport):
		return "transport", 0, `it is none of "tcp", "utp", "both"`
	case s.Torrent.Name != "" && (!isName(s.Torrent.Name) || strings.Contains(s.Torrent.Name, " ")):
		return "torrent.name", 0, fmt.Sprintf("it is one printable word of at most %d bytes", maxName)
	case s.Line.Loss < 0 || s.Line.Loss > 500_000:
		return "line.loss", 0, "of a million packets 0 to 500000 are lost"
	case s.Line.Window < 1 || s.Line.Window > 1<<30:
		return "line.window", 0, "a window has 1 byte to 1 GiB"
	case s.Line.Start > s.Line.Window:
		return "line.start", 0, "it is more than the window"
	case s.Tracker.NumWant < 1 || s.Tracker.NumWant > 200:
		return "tracker.numwant", 0, "a tracker gives 1 to 200 peers"
	case s.Tracker.Least < leastEvery:
		return "tracker.min-interval", 0, "it is 1ms at least"
	case s.Tracker.Interval < s.Tracker.Least:
		return "tracker.interval", 0, "it is less than min-interval"
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
	if s.Peers() > MaxPeers {
		return "peers.count", len(s.Groups) - 1, fmt.Sprintf("there are at most %d peers in all", MaxPeers)
	}
	if nth, wrong := s.twins(); wrong != "" {
		return "peers.name", nth, wrong
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
	case !isName(g.Name):
		return "name", fmt.Sprintf("a group has a name, printable and of at most %d bytes", maxName)
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

// maxName is how long a name may be, bytes.
const maxName = 100

// isName tells whether something may be called so: names stand in tables, on terminals and in the lines of traces.
func isName(name string) bool {
	return name != "" && len(name) <= maxName && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// twins finds a group of whose peers one would be called as another is: those of a group of several are numbered.
func (s *Scenario) twins() (nth int, wrong string) {
	group := map[string]*Group{}
	for i := range s.Groups {
		g := &s.Groups[i]
		if group[g.Name] != nil {
			return i, "another group is called so"
		}
		group[g.Name] = g
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		first := g.Name
		if g.Count > 1 {
			first += "1"
		}
		for cut := len(g.Name) - 1; cut > 0 && g.Name[cut] >= '0' && g.Name[cut] <= '9'; cut-- {
			other := group[g.Name[:cut]]
			n, err := strconv.Atoi(first[cut:])
			if other != nil && other.Count > 1 && first[cut] != '0' && err == nil && n <= other.Count {
				return i, fmt.Sprintf("a peer of the group %q is called %s, too", other.Name, first)
			}
		}
	}
	return 0, ""
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
