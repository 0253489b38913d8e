package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"strconv"
	"strings"
	"time"

	"peerwire/sim/scenario"
)

// Page is the name of the file that holds the figures.
const Page = "report.html"

//go:embed page.html
var pageText string

//go:embed style.css
var styleText string

var page = template.Must(template.New("page").Parse(pageText))

// File is a file of a report.
type File struct {
	Name string
	Data []byte
}

// Files are all files of a run's report: the page, and the numbers behind its figures.
func Files(r *Run) ([]File, error) {
	figures := r.figures()
	var b bytes.Buffer
	err := page.Execute(&b, map[string]any{
		"Style":    template.CSS(styleText),
		"Name":     r.Scenario.Name,
		"About":    r.Scenario.About,
		"Seed":     r.Summary.Seed,
		"Command":  r.Command,
		"Lead":     r.lead(),
		"Setting":  r.setting(),
		"Groups":   r.groups(),
		"Key":      r.results(),
		"Figures":  figures,
		"Every":    lasting(r.Record.Every),
		"Sampling": len(r.Record.Samples),
		"Hash":     r.Hash,
		"Events":   grouped(int64(r.Events)),
	})
	if err != nil {
		return nil, err
	}
	files := []File{{Page, b.Bytes()}}
	for i := range figures {
		files = append(files, File{figures[i].Data.File, figures[i].Data.csv()})
	}
	return files, nil
}

// fact is a line of a list.
type fact struct{ What, Is string }

// lead is the run in a sentence.
func (r *Run) lead() string {
	s := &r.Summary
	text := strconv.Itoa(s.Peers) + " peers, " + strconv.Itoa(s.Completed) + " downloads of " + bytesOf(int64(r.Scenario.Torrent.Size)) + " completed"
	if s.LastCompletion > 0 {
		text += ", the last after " + lasting(seconds(s.LastCompletion))
	}
	if s.Distance > 0 {
		text += ": " + decimal(int64(s.Distance), 1000) + " times what is possible at best"
	}
	return text + "."
}

// results are the figures of a run in numbers.
func (r *Run) results() []fact {
	s := &r.Summary
	facts := []fact{
		{"completed", strconv.Itoa(s.Completed) + " of " + strconv.Itoa(s.Peers)},
		{"virtual time", lasting(s.Virtual)},
	}
	if t := s.Times; t.Count > 0 {
		facts = append(facts, fact{"median download time", lasting(t.Median)})
	}
	if s.Distance > 0 {
		facts = append(facts, fact{"last completion over the bound", decimal(int64(s.Distance), 1000)})
	}
	return append(facts,
		fact{"utilisation of uplinks", decimal(int64(s.Utilisation), 10) + " %"},
		fact{"Jain's index of download rates", decimal(int64(s.Fairness), 1000)},
		fact{"protocol for payload", decimal(permille(int64(s.Control)*10, max(1, s.Total.Downloaded)), 100) + " %"},
		fact{"messages delivered", grouped(int64(s.Messages))},
	)
}

// setting is what the run was of.
func (r *Run) setting() []fact {
	s := r.Scenario
	line := lasting(time.Duration(s.Line.Latency)) + " each way"
	if s.Line.Jitter > 0 {
		line += ", up to " + lasting(time.Duration(s.Line.Jitter)) + " more"
	}
	if s.Line.Loss > 0 {
		line += ", " + decimal(int64(s.Line.Loss), 10_000) + " % of packets lost"
	}
	facts := []fact{
		{"torrent", bytesOf(int64(s.Torrent.Size)) + " in " + grouped(int64(r.pieces())) + " pieces of " + bytesOf(int64(s.Torrent.Piece))},
		{"lines", line},
		{"transport", s.Transport},
		{"tracker", "at most " + strconv.Itoa(s.Tracker.NumWant) + " addresses an answer, asked each " + lasting(time.Duration(s.Tracker.Interval)) +
			", at least " + lasting(time.Duration(s.Tracker.Least)) + " apart"},
		{"seed of all chance", strconv.FormatUint(r.Summary.Seed, 10)},
	}
	var faults []string
	for _, k := range r.Summary.Faults.Mask().Kinds() {
		faults = append(faults, k.String()+" "+grouped(int64(r.Summary.Faults[k]))+" times")
	}
	if len(faults) > 0 {
		facts = append(facts, fact{"faults that struck", strings.Join(faults, ", ")})
	}
	return facts
}

// groups are the peers of the run.
func (r *Run) groups() *table {
	t := &table{Head: []string{"group", "peers", "come with", "uplink", "downlink", "connections", "arrive", "stay"}}
	for i := range r.Scenario.Groups {
		g := &r.Scenario.Groups[i]
		limit := func(v scenario.Rate) string {
			if v == 0 {
				return "unlimited"
			}
			return bytesOf(int64(v)) + "/s"
		}
		t.Rows = append(t.Rows, []string{r.Record.Groups[i], strconv.Itoa(g.Count), g.Have, limit(g.Up), limit(g.Down), strconv.Itoa(g.Connections),
			arrival(g), stay(g)})
	}
	return t
}

func arrival(g *scenario.Group) string {
	from := ""
	if g.Arrive > 0 {
		from = "from " + lasting(time.Duration(g.Arrive)) + " on, "
	}
	switch {
	case len(g.At) > 0:
		return "at given times"
	case g.Within > 0:
		return from + "within " + lasting(time.Duration(g.Within))
	case g.Every > 0:
		return from + "by chance, every " + lasting(time.Duration(g.Every)) + " in the mean"
	case g.Arrive > 0:
		return "after " + lasting(time.Duration(g.Arrive))
	}
	return "at once"
}

func stay(g *scenario.Group) string {
	switch {
	case g.Leaves > 0:
		return "until they have " + strconv.Itoa(g.Leaves) + " %"
	case g.Stays == scenario.UntilHas && g.SeedFor > 0:
		return "until complete, and " + lasting(time.Duration(g.SeedFor)) + " in the mean"
	case g.Stays == scenario.UntilHas:
		return "until complete"
	case g.Stays == scenario.OneCopy:
		return "until every piece is with others"
	}
	return "always"
}
