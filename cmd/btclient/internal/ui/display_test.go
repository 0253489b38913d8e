package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// play shows and tells a display what a short download would.
func play(d Display) {
	v := *views["downloading"]
	v.Peers, v.Trackers = v.Peers[:2], nil
	check := *views["checking"]
	check.Elapsed = 100 * time.Millisecond
	d.Show(&check)
	d.Tell(Note{Event: "listening", Address: "[::]:6881", Text: "listening at [::]:6881"})
	for _, ms := range []int{500, 750, 1499, 1500, 5499, 5500} {
		v.Elapsed = time.Duration(ms) * time.Millisecond
		d.Show(&v)
	}
	d.Tell(Note{Event: "violation", Address: "192.0.2.1:6881", Violation: "have-out-of-range", Clause: "MSG-1"})
	d.Tell(Note{Event: "warning", Message: "no space", Text: "warning: no space"})
	v.State, v.Stalled, v.Fault, v.Elapsed = Stalled, true, "no space", 5501*time.Millisecond
	d.Show(&v)
	v.State, v.Done, v.PiecesDone, v.Elapsed = Complete, v.Total, v.Pieces, 5502*time.Millisecond
	v.Fault = ""
	d.Show(&v)
	d.Tell(Note{Event: "complete", Seconds: 5.5, Text: "complete"})
	d.Tell(Note{Event: "error", Message: "too bad <&>"})
	d.Close()
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	d := NewJSON(&out).(*jsonDisplay)
	d.now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.UTC) }
	play(d)
	amounts := `"bytes_done":315621376,"bytes_total":681574400,"pieces_done":602,"pieces_total":1300`
	rest := `"peers":2,"peers_by_kind":{"tcp_in":0,"tcp_out":1,"utp_in":1,"utp_out":0},"opened_by_kind":{"tcp_in":3,"tcp_out":4,"utp_in":5,"utp_out":6},` +
		`"peers_known":41,"down_rate":12345678,"up_rate":234567,"downloaded":319815680,"uploaded":17825792,"wasted":0`
	head := func(event string) string { return `{"event":"` + event + `","time":"2026-01-02T03:04:05.006Z",` }
	progress := head("progress") + `"state":"downloading",` + amounts + "," + rest + `,"eta":30}`
	whole := `"bytes_done":681574400,"bytes_total":681574400,"pieces_done":1300,"pieces_total":1300`
	want := []string{
		head("checking") + `"bytes_done":125829120,"bytes_total":681574400}`,
		head("listening") + `"address":"[::]:6881"}`,
		progress, progress, progress,
		head("violation") + `"address":"192.0.2.1:6881","violation":"have-out-of-range","clause":"MSG-1"}`,
		head("warning") + `"message":"no space"}`,
		head("progress") + `"state":"stalled",` + amounts + "," + rest + `,"eta":null,"fault":"no space"}`,
		head("progress") + `"state":"complete",` + whole + "," + rest + `,"eta":null}`,
		head("complete") + whole + `,"seconds":5.5}`,
		head("error") + `"message":"too bad <&>"}`,
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestPlain(t *testing.T) {
	var out bytes.Buffer
	play(NewPlain(&out))
	line := "46.3 %, 301 of 650 MiB, down 11.8 MiB/s, up 229 KiB/s, 2 peers"
	want := []string{
		"checking 18.4 %, 120 of 650 MiB",
		"listening at [::]:6881",
		"downloading " + line + ", 30 s left, uploaded 17.0 MiB",
		"downloading " + line + ", 30 s left, uploaded 17.0 MiB",
		"warning: no space",
		"stalled " + line + ", uploaded 17.0 MiB, disk: no space",
		"complete 100 %, 650 of 650 MiB, down 11.8 MiB/s, up 229 KiB/s, 2 peers, uploaded 17.0 MiB",
		"complete",
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestQuiet(t *testing.T) {
	var out bytes.Buffer
	play(NewQuiet(&out))
	if got := out.String(); got != "warning: no space\n" {
		t.Errorf("got %q", got)
	}
}
