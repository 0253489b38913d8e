package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/core/bt"
	"peerwire/trace"
)

func newTrace() *cli.Command {
	return &cli.Command{
		Name:      "trace",
		Usage:     "show what sessions were told and what they answered",
		ArgsUsage: "TRACE",
		Description: `TRACE is what btclient get --trace, btclient seed --trace or btsim run --trace has written. A line is the
number of the call, its time, the node, the connection, and what happened: what it heard and said, which of
the sixteen flags changed and why, what it dialled, closed, verified. docs/trace.md explains all of it.

--peer takes the name of a connection (#3, #in1), the beginning of a peer's address or, in the trace of a
simulated world, the name of a peer.

Examples:
   btsim trace get.trace
   btsim trace get.trace --peer 192.0.2.7
   btsim trace get.trace --follow 17
   btsim trace swarm.trace --node peer3 --json
   btsim trace one.trace --diff other.trace
   btsim trace get.trace --pcapng get.pcapng && wireshark get.pcapng`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "peer", Usage: "only the connections with `PEER`"},
			&cli.StringFlag{Name: "node", Usage: "only the session of that `NAME`, of a simulated world's"},
			&cli.Uint32Flag{Name: "follow", Usage: "the life of `PIECE`: announced, asked for, received, verified, who is blamed", DefaultText: "all"},
			&cli.StringFlag{Name: "diff", Usage: "compare with the trace `OTHER`, and show the first record that differs"},
			&cli.StringFlag{Name: "pcapng", Usage: "write what was heard and said to `FILE`, for Wireshark, with our reasons as comments"},
			&cli.BoolFlag{Name: "all", Usage: "show what passes between core and shell, too"},
			&cli.BoolFlag{Name: "json", Usage: "print a JSON object a line, with the keys of docs/json.md"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			path, err := traceArgument(cmd)
			if err != nil {
				return err
			}
			other, capture := cmd.String("diff"), cmd.String("pcapng")
			if err := judgeTraceOptions(cmd); err != nil {
				return err
			}
			switch {
			case other != "":
				return diffTraces(cmd, path, other)
			case capture != "":
				return captureTrace(cmd, path, capture)
			}
			w := bufio.NewWriter(cmd.Root().Writer)
			err = showTrace(cmd, path, filterOf(cmd), w)
			if flushed := w.Flush(); err == nil {
				err = command.Written(flushed)
			}
			return err
		},
	}
}

// judgeTraceOptions refuses options that say nothing, alone or together.
func judgeTraceOptions(cmd *cli.Command) error {
	if err := command.Valued(cmd, "peer", "node", "diff", "pcapng"); err != nil {
		return err
	}
	for _, pair := range [][2]string{
		{"diff", "pcapng"}, {"diff", "peer"}, {"diff", "node"}, {"diff", "follow"}, {"diff", "all"}, {"diff", "json"},
		{"pcapng", "follow"}, {"pcapng", "all"}, {"pcapng", "json"},
	} {
		if cmd.IsSet(pair[0]) && cmd.IsSet(pair[1]) {
			return command.Misuse("trace: options --%s and --%s exclude each other", pair[0], pair[1])
		}
	}
	return nil
}

// traceArgument is the trace of a command line.
func traceArgument(cmd *cli.Command) (string, error) {
	if cmd.Args().Len() != 1 {
		return "", command.Misuse("%s: which trace? (see btsim %s --help)", cmd.Name, cmd.Name)
	}
	return cmd.Args().First(), nil
}

// traceFile is a trace that is being read.
type traceFile struct {
	*trace.Reader
	name string
	file *os.File
}

func openTrace(cmd *cli.Command, name string) (*traceFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, command.BadFile(name, err)
	}
	r, err := trace.NewReader(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		f.Close()
		return nil, command.BadFile(name, err)
	}
	return &traceFile{r, name, f}, nil
}

// ended tells how reading a trace ended. One that is torn is worth a word and no more: who wrote it was killed.
func (t *traceFile) ended(cmd *cli.Command, err error) error {
	t.file.Close()
	var torn *trace.TornError
	switch {
	case err == io.EOF:
		return nil
	case errors.As(err, &torn):
		fmt.Fprintf(cmd.Root().ErrWriter, "btsim: %s: %v; what was before it is good\n", t.name, err)
		return nil
	}
	return command.BadFile(t.name, err)
}

// each calls f for each record of a trace and its lines, until f is false.
func (t *traceFile) each(f func(r *trace.Record, lines []trace.Line) bool) error {
	var rec trace.Record
	var teller trace.Teller
	for {
		if err := t.Next(&rec); err != nil {
			return err
		}
		if !f(&rec, teller.Tell(&rec)) {
			return io.EOF
		}
	}
}

// filter chooses lines.
type filter struct {
	peer, node string
	piece      uint32
	follow     bool
	all        bool

	met    struct{ peer, node bool } // what was asked for is in the trace
	pieces uint32                    // of the largest torrent in it
}

func filterOf(cmd *cli.Command) filter {
	return filter{
		peer: cmd.String("peer"), node: cmd.String("node"), all: cmd.Bool("all"),
		piece: cmd.Uint32("follow"), follow: cmd.IsSet("follow"),
	}
}

// chooses tells whether a line is to be shown, and cuts it down to what is.
func (f *filter) chooses(l *trace.Line) bool {
	node := f.node == "" || l.Node == f.node
	peer := f.peer == "" || isWith(l, f.peer)
	f.met.node = f.met.node || node
	f.met.peer = f.met.peer || node && peer
	switch {
	case !node, !peer, l.Inner && !f.all:
		return false
	case f.follow:
		text, ok := l.About(f.piece)
		l.Text = text
		return ok
	}
	return true
}

// notes what a record says of what may be asked for.
func (f *filter) notes(r *trace.Record) {
	if e := &r.Event; r.Kind == trace.Told && e.Kind == bt.AddTorrent {
		f.pieces = max(f.pieces, e.Spec.Geometry.NumPieces())
	}
}

// missing is an error when something was asked for that the whole trace does not have: a slip of whoever asked, who would see nothing and believe it.
func (f *filter) missing(path string) error {
	switch {
	case !f.met.node && f.node != "":
		return noNode(path, f.node)
	case !f.met.peer && f.peer != "":
		return noPeer(path, f.peer)
	case f.follow && f.pieces > 0 && f.piece >= f.pieces:
		return command.Misuse("trace: option --follow: %s has the pieces 0 to %d, and no %d", path, f.pieces-1, f.piece)
	}
	return nil
}

func noNode(path, name string) error {
	return command.Misuse("trace: %s has no session that is called %q", path, name)
}

func noPeer(path, name string) error {
	return command.Misuse("trace: %s has no connection with %q", path, name)
}

// isWith tells whether a line is about a connection with a peer.
func isWith(l *trace.Line, peer string) bool {
	return l.Conn != 0 && l.Conn.String() == peer || l.Peer == peer || l.Addr.IsValid() && strings.HasPrefix(l.Addr.String(), peer)
}

// showTrace prints the lines that are chosen.
func showTrace(cmd *cli.Command, path string, f filter, to io.Writer) error {
	t, err := openTrace(cmd, path)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	var unwritten error
	err = t.each(func(r *trace.Record, lines []trace.Line) bool {
		f.notes(r)
		for i := range lines {
			if l := &lines[i]; f.chooses(l) && unwritten == nil {
				if cmd.Bool("json") {
					unwritten = enc.Encode(jsonLine(l))
				} else {
					_, unwritten = io.WriteString(to, l.String()+"\n")
				}
			}
		}
		return unwritten == nil
	})
	if err := t.ended(cmd, err); err != nil || unwritten != nil {
		return cmp.Or(err, command.Written(unwritten))
	}
	return f.missing(path)
}

// lineObject is what JSON tells of a line; docs/json.md has its keys.
type lineObject struct {
	Call     uint64           `json:"call"`
	Time     int64            `json:"time_ns"`
	Node     string           `json:"node"`
	Conn     string           `json:"conn,omitempty"`
	Address  string           `json:"address,omitempty"`
	Peer     string           `json:"peer,omitempty"`
	What     string           `json:"what"`
	Text     string           `json:"text,omitempty"`
	Messages []string         `json:"messages,omitempty"`
	Piece    *uint32          `json:"piece,omitempty"`
	Flag     string           `json:"flag,omitempty"`
	Is       *bool            `json:"is,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	Clause   string           `json:"clause,omitempty"`
	Numbers  map[string]int64 `json:"numbers,omitempty"`
}

func jsonLine(l *trace.Line) *lineObject {
	o := &lineObject{
		Call: l.Call, Time: int64(l.Now), Node: l.Node, Peer: l.Peer, What: l.What, Text: l.Text, Messages: l.Messages(),
	}
	if l.Conn != 0 {
		o.Conn = l.Conn.String()
	}
	if l.Addr.IsValid() {
		o.Address = l.Addr.String()
	}
	if l.Piece != trace.NoPiece {
		o.Piece = &l.Piece
	}
	if f := l.Flag; f != nil {
		o.Flag, o.Is, o.Reason, o.Clause = f.Name, &f.Is, f.Why.Because.String(), f.Why.Because.Clause().String()
		for i, q := range f.Why.Because.Numbers() {
			if o.Numbers == nil {
				o.Numbers = make(map[string]int64)
			}
			o.Numbers[q.Name] = f.Why.Number(i)
		}
	}
	return o
}
