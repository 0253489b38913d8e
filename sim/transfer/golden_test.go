package transfer_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"peerwire/sim/packet"
)

// Every file is courses, with what became of them. A course is a line and the flows on it:
//
//	course for=60s step=1s every=10s
//	line rate=10000kbit queue=1s delay=25ms loss=1% mtu=1400
//	back delay=25ms
//	own rate=10000kbit queue=5000
//	flow NAME KIND from=10s size=1MiB skew=100 began=1h
//	change 30s delay=50ms
//	band used 950..1000 20s..60s
//
// A band must hold whatever is rewritten. A short test, as that under the race detector is, does with what a flow does alone: nothing here is
// concurrent.
func TestGoldens(t *testing.T) {
	folder := "testdata"
	if testing.Short() {
		folder = "testdata/alone"
	}
	datadriven.Walk(t, folder, func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			r := &reading{t: t, d: d}
			return r.play()
		})
	})
}

// reading is a course as it is read.
type reading struct {
	t     *testing.T
	d     *datadriven.TestData
	bands []band
}

type band struct {
	what      []string
	low, high int64
	from, to  time.Duration
}

func (r *reading) play() string {
	var there, back, own packet.Line
	var flows, changes [][]string
	for line := range strings.Lines(r.d.Input) {
		words := strings.Fields(line)
		switch words[0] {
		case "line":
			r.line(&there, words[1:])
		case "back":
			r.line(&back, words[1:])
		case "own":
			r.line(&own, words[1:])
			own.Tells = true
		case "flow":
			flows = append(flows, words[1:])
		case "change":
			changes = append(changes, words[1:])
		case "band":
			r.band(words[1:])
		default:
			r.d.Fatalf(r.t, "what is %q?", words[0])
		}
	}
	c := newCourse(r.t, there, back, own)
	c.length = r.argument("step", time.Second)
	for _, f := range flows {
		c.add(f[0], f[1], r.begin(f[2:]))
	}
	for _, change := range changes {
		c.run(r.time(change[0]) - time.Duration(c.net.Now()))
		r.line(&there, change[1:])
		c.there.Change(c.net.Now(), there)
	}
	whole := r.argument("for", time.Minute)
	c.run(whole - time.Duration(c.net.Now()))
	out := c.table(r.argument("every", whole/10)) + c.counts()
	for _, b := range r.bands {
		to := min(b.to, whole)
		got := c.measure(b.what, b.from, to)
		out += fmt.Sprintf("%s from %v to %v: %d\n", strings.Join(b.what, " "), b.from, to, got)
		if got < b.low || got > b.high {
			r.t.Errorf("%s: %s from %v to %v is %d, not from %d to %d\n%s", r.d.Pos, strings.Join(b.what, " "), b.from, to, got, b.low, b.high, out)
		}
	}
	return out
}

// argument is a time given with the command.
func (r *reading) argument(key string, usual time.Duration) time.Duration {
	for _, a := range r.d.CmdArgs {
		if a.Key == key {
			return r.time(a.Vals[0])
		}
	}
	return usual
}

// line changes what a line is made of.
func (r *reading) line(l *packet.Line, words []string) {
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "rate":
			l.Rate = r.number(value, "kbit") * 1000 / 8
		case "queue":
			if d, err := time.ParseDuration(value); err == nil {
				l.Queue = l.Rate * int64(d) / int64(time.Second)
			} else {
				l.Queue = r.number(value, "")
			}
		case "mtu":
			l.MTU = int(r.number(value, ""))
		case "delay":
			l.Delay = r.time(value)
		case "jitter":
			l.Jitter = r.time(value)
		case "hold":
			l.Hold = r.time(value)
		case "loss":
			l.Loss = int(r.number(value, "%")) * packet.Million / 100
		case "twice":
			l.Duplicate = int(r.number(value, "%")) * packet.Million / 100
		case "reorder":
			l.Reorder = int(r.number(value, "%")) * packet.Million / 100
		default:
			r.d.Fatalf(r.t, "what is %q?", w)
		}
	}
}

// begin is what a flow is made of.
func (r *reading) begin(words []string) (b begin) {
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "from":
			b.at = r.time(value)
		case "size":
			b.size = r.number(value, "KiB") << 10
		case "skew":
			b.far.Skew = r.number(value, "ppm")
		case "began":
			b.far.Began = r.time(value)
		default:
			r.d.Fatalf(r.t, "what is %q?", w)
		}
	}
	return b
}

func (r *reading) band(words []string) {
	n := len(words)
	low, high, _ := strings.Cut(words[n-2], "..")
	from, to, _ := strings.Cut(words[n-1], "..")
	r.bands = append(r.bands, band{words[:n-2], r.number(low, ""), r.number(high, ""), r.time(from), r.time(to)})
}

func (r *reading) time(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		r.d.Fatalf(r.t, "%v", err)
	}
	return d
}

func (r *reading) number(text, unit string) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(text, unit), 10, 64)
	if err != nil {
		r.d.Fatalf(r.t, "%v", err)
	}
	return n
}
