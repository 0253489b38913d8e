package report

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/internal/golden"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// madeUp is a run that never was, so that what is drawn of it changes with the drawing alone.
func madeUp() *Run {
	s := &scenario.Scenario{Name: "made-up", About: "two <classes> & a seed", Torrent: scenario.Torrent{Size: 8 << 20, Piece: 1 << 20}, Transport: "tcp"}
	s.Groups = []scenario.Group{
		{Name: "seed", Count: 1, Have: "all", Up: 1 << 20, Connections: 50},
		{Name: "fast", Count: 2, Have: "none", Up: 1 << 19, Connections: 50, Every: scenario.Span(time.Second)},
		{Name: "slow", Count: 2, Have: "none", Up: 1 << 17, Down: 1 << 20, Connections: 50, Leaves: 50},
	}
	const n, pieces, ticks = 5, 8, 24
	rec := &crowd.Record{Groups: []string{"seed", "fast", "slow"}, Every: time.Second, Bins: n, Pieces: pieces, Wanted: 32 << 20,
		Bound: bt.Instant(15 * time.Second)}
	for i := range n {
		p := crowd.Peer{Name: fmt.Sprintf("p%d", i), Group: (i + 1) / 2, Seed: i == 0, Arrived: bt.Instant(i) * bt.Instant(time.Second),
			Completed: bt.Never, Left: bt.Never,
			Up: 1 << (20 - i), Downloaded: int64(min(i, 1)) * 8 << 20, Uploaded: int64(n-i) << 20}
		for k := range crowd.Milestones + 1 {
			t := time.Duration(k*(i+1)) * 100 * time.Millisecond
			if i == 4 && k > crowd.Milestones/2 {
				t = -1
			}
			p.Reached = append(p.Reached, t)
		}
		if i > 0 && i < 4 {
			p.Completed = p.Arrived.Add(p.Reached[crowd.Milestones])
		}
		rec.Peers = append(rec.Peers, p)
	}
	for i := range ticks + 1 {
		at := bt.Instant(i) * bt.Instant(time.Second)
		s := crowd.Sample{At: at, Leechers: min(i, 4), Seeds: 1 + i/10, Completed: i / 8, Announces: i, Told: 3 * i, Gained: int64(i) << 20,
			Fluid: min(2*int64(i)<<20, 32<<20), Rarest: i / 6, Mean: 20 * i, Most: min(5, i)}
		for g := range rec.Groups {
			s.Groups = append(s.Groups, crowd.GroupSample{Present: min(i, 2), Sent: int64(i*(3-g)) << 16, Could: int64(i*3) << 16})
		}
		for bin := range pieces {
			s.Copies = append(s.Copies, crowd.Copies{Least: i * bin / 60, Mean: 100 * i * bin / 50})
		}
		for pair := range 9 {
			s.Unchoked = append(s.Unchoked, time.Duration(i*pair)*200*time.Millisecond)
		}
		rec.Samples = append(rec.Samples, s)
		if i%4 == 0 {
			period := crowd.Period{Until: at}
			for pair := range n * n {
				period.Unchoked = append(period.Unchoked, time.Duration(i*pair%7)*time.Second/2)
			}
			rec.Periods = append(rec.Periods, period)
		}
	}
	rec.Said = []crowd.Traffic{{Kind: "have", Messages: 40, Bytes: 360}, {Kind: "piece", Messages: 512, Bytes: 6656}, {Kind: crowd.PayloadKind,
		Messages: 512, Bytes: 8 << 20}}
	rec.Turns.ByLeechers[20], rec.Turns.ByLeechers[26], rec.Turns.BySeeds[24], rec.Turns.Unfinished = 3, 5, 2, 1
	sum := crowd.Summary{Scenario: s.Name, Seed: 7, Virtual: 24 * time.Second, Messages: 12345, LastCompletion: bt.Instant(19 * time.Second),
		Bound: rec.Bound, Distance: 1267, Utilisation: 801, Fairness: 955}
	sum.Peers, sum.Completed = n, 3
	return &Run{Command: "btsim run made-up --seed 7", Scenario: s, Summary: sum, Record: rec, Events: 54321, Hash: strings.Repeat("0123456789abcdef", 4)}
}

// What is drawn of one run, to the last byte.
func TestGolden(t *testing.T) {
	files := filesOf(t, madeUp())
	golden.Compare(t, filepath.Join("testdata", Page), string(files[0].Data))
	for _, f := range files[1:] {
		if f.Name == "overhead.csv" || f.Name == "peers.csv" {
			golden.Compare(t, filepath.Join("testdata", f.Name), string(f.Data))
		}
	}
}

func filesOf(t *testing.T, r *Run) []File {
	t.Helper()
	files, err := Files(r)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// small is a scenario of which the parts that matter are given.
const small = `until = "%s"
[torrent]
size = "1 MiB"
piece = "64 KiB"
[[peers]]
name = "seed"
have = "%s"
up = "256 KiB/s"
[[peers]]
name = "peer"
count = %d
up = "128 KiB/s"
arrive-within = "2s"
`

// lived is a run of a small scenario.
func lived(t *testing.T, until, have string, peers int) *Run {
	t.Helper()
	s, err := scenario.Read("small.toml", fmt.Appendf(nil, small, until, have, peers))
	if err != nil {
		t.Fatal(err)
	}
	trace := sim.NewTrace()
	c := crowd.New(s, trace)
	c.Observe()
	if err := c.Run(bt.Never); err != nil {
		t.Fatal(err)
	}
	return &Run{Command: "btsim run small", Scenario: s, Summary: c.Summary(), Record: c.Record(), Events: trace.Events(), Hash: trace.Sum().String()}
}

// A page is well-formed, needs nothing but itself, and has no number that is none; the numbers beside it are as many as are named. So it is for a pair,
// for a few, for more peers than there are rows in a matrix, for a run that ended at once, and one in which nobody can complete.
func TestPages(t *testing.T) {
	for _, test := range []struct {
		until, have string
		peers       int
	}{{"1h", "all", 1}, {"1h", "all", 4}, {"5s", "all", 130}, {"1ms", "all", 3}, {"30s", "50 %", 3}} {
		name := fmt.Sprintf("%d peers until %s with %s", test.peers, test.until, test.have)
		files := filesOf(t, lived(t, test.until, test.have, test.peers))
		checkPage(t, name, files[0].Data)
		for _, f := range files[1:] {
			checkNumbers(t, name+": "+f.Name, f.Data)
			if !bytes.Contains(files[0].Data, []byte(f.Name)) {
				t.Errorf("%s: the page does not name %s", name, f.Name)
			}
		}
		for i, again := range filesOf(t, lived(t, test.until, test.have, test.peers)) {
			if !bytes.Equal(again.Data, files[i].Data) {
				t.Errorf("%s: the same run gives another %s", name, again.Name)
			}
		}
	}
	checkPage(t, "made up", filesOf(t, madeUp())[0].Data)
}

var (
	outside  = regexp.MustCompile(`(?i)(https?:|//|url\(|@import|javascript:|data:|file:)`)
	pathText = regexp.MustCompile(`^([MLhvz]-?[0-9]*( -?[0-9]+)?|Z)+$`)
	number   = regexp.MustCompile(`^-?[0-9]+$`)
)

// checkPage reads a page as XML, which is stricter than HTML.
func checkPage(t *testing.T, name string, text []byte) {
	t.Helper()
	if bad := outside.Find(text); bad != nil {
		t.Errorf("%s: something from outside: %q", name, bad)
	}
	if bytes.Contains(text, []byte("ZgotmplZ")) {
		t.Errorf("%s: the template refused something", name)
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	drawings, ids := 0, map[string]bool{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local == "svg" {
			drawings++
		}
		for _, a := range e.Attr {
			checkAttribute(t, name, e.Name.Local, a)
			if a.Name.Local == "id" {
				if ids[a.Value] {
					t.Errorf("%s: two are called %s", name, a.Value)
				}
				ids[a.Value] = true
			}
		}
	}
	if drawings != len(painters) {
		t.Errorf("%s: %d drawings", name, drawings)
	}
}

func checkAttribute(t *testing.T, name, element string, a xml.Attr) {
	t.Helper()
	switch a.Name.Local {
	case "href", "src", "srcset", "style", "onload":
		t.Errorf("%s: <%s %s=%q>", name, element, a.Name.Local, a.Value)
	case "d":
		if !pathText.MatchString(a.Value) {
			t.Errorf("%s: a path is %.80q", name, a.Value)
		}
	case "x", "y", "cx", "cy", "r", "width", "height":
		v, err := strconv.Atoi(a.Value)
		if !number.MatchString(a.Value) || err != nil || v < -100 || v > 2*width {
			t.Errorf("%s: <%s %s=%q>", name, element, a.Name.Local, a.Value)
		}
		if v < 0 && (a.Name.Local == "width" || a.Name.Local == "height") {
			t.Errorf("%s: <%s> is %q in %s", name, element, a.Value, a.Name.Local)
		}
	}
}

// checkNumbers reads a file of numbers.
func checkNumbers(t *testing.T, name string, text []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, row := range rows[1:] {
		for i, field := range row {
			column := rows[0][i]
			if !strings.HasSuffix(column, "_seconds") && !strings.HasSuffix(column, "_bytes") || field == "" {
				continue
			}
			if v, err := strconv.ParseFloat(field, 64); err != nil || v < 0 || v > 1e15 {
				t.Errorf("%s: %s is %q", name, column, field)
			}
		}
	}
}

// docs/report.md tells what every column of every file is.
func TestDocumented(t *testing.T) {
	var b strings.Builder
	for _, f := range madeUp().figures() {
		fmt.Fprintf(&b, "\n**`%s`**, figure %d: %s\n\n| column | what it is |\n| --- | --- |\n", f.Data.File, f.Number, f.Title)
		for _, c := range f.Data.Columns {
			fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, c.Meaning)
		}
	}
	path := filepath.Join("..", "..", "..", "..", "docs", "report.md")
	golden.Section(t, path, "<!-- columns -->\n", "\n<!-- end of columns -->", b.String())
}

// A folder is made, files are written whole, and what cannot be written is named.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, []File{{"x.csv", []byte("1")}, {"y.csv", []byte("2")}}); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, []File{{"x.csv", []byte("3")}}); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "x.csv")); string(text) != "3" {
		t.Errorf("%q %v", text, err)
	}
	if err := os.Mkdir(filepath.Join(dir, "z.csv"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, []File{{"z.csv", nil}}); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "z.csv")) {
		t.Errorf("%v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 3 {
		t.Errorf("something is left: %v", list)
	}
	if err := Prepare(filepath.Join(dir, "x.csv")); err == nil || !strings.Contains(err.Error(), "x.csv") {
		t.Errorf("a file serves as a folder: %v", err)
	}
}
