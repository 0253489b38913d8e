package scenario

import "strings"

// lines tells which key stands in each line of a file: the decoder does not say where a key is that nobody knows.
type lines []string

// locate finds the keys: "peers.up" in each line that sets it, "peers" in each that begins one.
func locate(text string) (found lines) {
	table := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key := ""
		if head, ok := strings.CutPrefix(line, "["); ok {
			table = strings.TrimSpace(strings.Trim(strings.SplitN(head, "]", 2)[0], "[] "))
			key = table
		} else if name, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			key = strings.Trim(strings.TrimSpace(name), `"'`)
			if table != "" {
				key = table + "." + key
			}
		}
		found = append(found, key)
	}
	return found
}

// deeper is the line on which brackets, or the parts of a key, lie deeper in one another than they may; 0 when there is none. The decoder follows
// them by calling itself, so what is deeper must not come to it.
func deeper(text string, most int) (line int) {
	depth, parts := 0, 0
	for i := 0; i < len(text); i += max(1, opaque(text[i:])) {
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '.':
			parts++
		case '=', ',', '\n':
			parts = 0
		}
		if depth > most || parts > most {
			return 1 + strings.Count(text[:i], "\n")
		}
	}
	return 0
}

// opaque is how long the comment or the string is with which a text begins; 0 when it begins with neither.
func opaque(text string) int {
	for _, o := range []struct{ begin, end string }{{"#", "\n"}, {`"""`, `"""`}, {"'''", "'''"}, {`"`, `"`}, {"'", "'"}} {
		if !strings.HasPrefix(text, o.begin) {
			continue
		}
		at := len(o.begin)
		for at < len(text) && !strings.HasPrefix(text[at:], o.end) {
			if text[at] == '\\' && o.begin[0] == '"' {
				at++
			}
			at++
		}
		return min(len(text), at+len(o.end))
	}
	return 0
}

// at is the key in a line, counted from 1.
func (l lines) at(line int) string {
	if line < 1 || line > len(l) {
		return ""
	}
	return l[line-1]
}

// anyGroup stands for whichever group has the key.
const anyGroup = -1

// of is the line of a key in the n-th group of peers, or where that group begins when it does not set it, counted from 1; 0 when it is
// nowhere.
func (l lines) of(key string, nth int) int {
	table, _, inGroups := strings.Cut(key, ".")
	inGroups = inGroups && (table == "peers" || table == "faults")
	group := -1
	for i, have := range l {
		if have == table {
			group++
		}
		if have == key && (group == nth || nth == anyGroup || !inGroups) {
			return i + 1
		}
	}
	return l.head(key, nth)
}

// head is where the n-th group begins, or the table that a key belongs to.
func (l lines) head(key string, nth int) int {
	table, _, _ := strings.Cut(key, ".")
	for i, have := range l {
		if have != table {
			continue
		}
		if nth == 0 {
			return i + 1
		}
		nth--
	}
	return 0
}

// nearest is the key that is written most like one that does not exist; empty when none is near.
func nearest(key string) (best string) {
	least := 1 + len(key)/3
	for _, f := range Fields() {
		if d := distance(key, f.Key); d <= least && (best == "" || d < least) {
			best, least = f.Key, d
		}
	}
	return best
}

// distance is how many letters must be changed, added or left out to make one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
