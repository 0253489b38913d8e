package ui

import (
	"encoding/json"
	"io"
	"time"

	"peerwire/cmd/internal/printable"
	"peerwire/core/bt"
)

// NewJSON is a display for programs: one object a line. The keys are documented in docs/json.md, and stable.
func NewJSON(w io.Writer) Display {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &jsonDisplay{enc: enc, now: time.Now, shown: -1}
}

// jsonPause is between two "progress" lines.
const jsonPause = time.Second

type jsonDisplay struct {
	enc   *json.Encoder
	now   func() time.Time
	state State
	shown time.Duration // when; negative before the first line
	done  amounts       // of the last View that was not of a check
}

// head begins each line.
type head struct {
	Event string `json:"event"`
	Time  string `json:"time"`
}

// amounts is how much is there.
type amounts struct {
	BytesDone   int64  `json:"bytes_done"`
	BytesTotal  int64  `json:"bytes_total"`
	PiecesDone  uint32 `json:"pieces_done"`
	PiecesTotal uint32 `json:"pieces_total"`
}

type checkingLine struct {
	head
	BytesDone  int64 `json:"bytes_done"`
	BytesTotal int64 `json:"bytes_total"`
}

type progressLineJSON struct {
	head
	State string `json:"state"`
	amounts
	Peers      int    `json:"peers"`
	Kinds      kinds  `json:"peers_by_kind"`
	Opened     kinds  `json:"opened_by_kind"`
	PeersKnown int    `json:"peers_known"`
	DownRate   int64  `json:"down_rate"`
	UpRate     int64  `json:"up_rate"`
	Downloaded int64  `json:"downloaded"`
	Uploaded   int64  `json:"uploaded"`
	Wasted     int64  `json:"wasted"`
	ETA        *int64 `json:"eta"`
	Fault      string `json:"fault,omitempty"`
	Super      bool   `json:"super_seeding,omitempty"`
}

// kinds counts connections by what they are over and who opened them.
type kinds struct {
	TCPIn  int `json:"tcp_in"`
	TCPOut int `json:"tcp_out"`
	UTPIn  int `json:"utp_in"`
	UTPOut int `json:"utp_out"`
}

func kindsOf(k bt.Kinds) kinds {
	return kinds{k[bt.TCP][bt.Incoming], k[bt.TCP][bt.Outgoing], k[bt.UTP][bt.Incoming], k[bt.UTP][bt.Outgoing]}
}

type noteLine struct {
	head
	Address   string `json:"address,omitempty"`
	Violation string `json:"violation,omitempty"`
	Clause    string `json:"clause,omitempty"`
	Tracker   string `json:"tracker,omitempty"`
	State     string `json:"state,omitempty"`
	Message   string `json:"message,omitempty"`
}

type completeLine struct {
	head
	amounts
	Seconds float64 `json:"seconds"`
}

func (d *jsonDisplay) head(event string) head {
	return head{event, d.now().UTC().Format("2006-01-02T15:04:05.000Z")}
}

// Show writes a "checking" or a "progress" line. A line that cannot be written is lost: nobody reads it.
func (d *jsonDisplay) Show(v *View) {
	if d.shown >= 0 && v.State == d.state && v.Elapsed-d.shown < jsonPause {
		return
	}
	d.state, d.shown = v.State, v.Elapsed
	if v.State == Checking {
		d.enc.Encode(checkingLine{d.head("checking"), v.Done, v.Total})
		return
	}
	d.done = amounts{v.Done, v.Total, v.PiecesDone, v.Pieces}
	line := progressLineJSON{
		head: d.head("progress"), State: v.State.String(), amounts: d.done, Peers: v.Open(), Kinds: kindsOf(v.Kinds()), Opened: kindsOf(v.Opened),
		PeersKnown: v.Known, DownRate: v.DownRate, UpRate: v.UpRate, Downloaded: v.Downloaded, Uploaded: v.Uploaded, Wasted: v.Wasted,
		Fault: v.Fault, Super: v.Super,
	}
	if left, ok := v.Left(); ok {
		seconds := int64(left / time.Second)
		line.ETA = &seconds
	}
	d.enc.Encode(line)
	for i := range v.Peers {
		if p := &v.Peers[i]; p.Why != nil {
			d.enc.Encode(d.why(p))
		}
	}
}

// whyLine explains one connection.
type whyLine struct {
	head
	Address   string       `json:"address"`
	Transport string       `json:"transport"`
	Origin    string       `json:"origin"`
	Client    string       `json:"client,omitempty"`
	Flags     []reasonJSON `json:"flags"`
}

type reasonJSON struct {
	Flag    string           `json:"flag"`
	Is      bool             `json:"is"`
	Seconds float64          `json:"seconds"`
	Reason  string           `json:"reason"`
	Clause  string           `json:"clause"`
	Numbers map[string]int64 `json:"numbers,omitempty"`
	Text    string           `json:"text"`
	Next    string           `json:"next,omitempty"`
	NextIn  *float64         `json:"next_in,omitempty"`
}

func (d *jsonDisplay) why(p *Peer) whyLine {
	line := whyLine{head: d.head("why"), Address: p.Addr, Transport: p.Over.String(), Origin: p.origin().String(), Client: printable.Text(p.Client)}
	for _, r := range p.Why {
		out := reasonJSON{
			Flag: r.Flag, Is: r.Is, Seconds: r.Since.Seconds(), Reason: r.Reason, Clause: r.Clause, Text: r.Text, Next: r.Next,
		}
		for _, n := range r.Numbers {
			if out.Numbers == nil {
				out.Numbers = make(map[string]int64)
			}
			out.Numbers[n.Name] = n.Value
		}
		if r.Next != "" {
			in := r.NextIn.Seconds()
			out.NextIn = &in
		}
		line.Flags = append(line.Flags, out)
	}
	return line
}

// Tell writes a line of the note's own name.
func (d *jsonDisplay) Tell(n Note) {
	if n.Event == "complete" {
		d.enc.Encode(completeLine{d.head(n.Event), d.done, n.Seconds})
		return
	}
	d.enc.Encode(noteLine{
		head: d.head(n.Event), Address: n.Address, Violation: n.Violation, Clause: n.Clause,
		Tracker: n.Tracker, State: n.State, Message: n.Message,
	})
}

func (d *jsonDisplay) Close() {}
