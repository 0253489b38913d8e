package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/trace"
)

func newReplay() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "tell the core all that a trace says, and compare what it answers",
		ArgsUsage: "TRACE",
		Description: `TRACE is what btclient get --trace, btclient seed --trace or btsim run --trace has written. Each session in it is
made anew and told the same at the same times; what it says to its peers, byte for byte, what it asks of
its shell, the flags that change with their reasons, and its deadlines must be what the trace has. The
first difference is shown, and the exit code is 1.

Examples:
   btclient get debian.torrent --trace get.trace; btsim replay get.trace
   btsim run liar --until 60s --trace liar.trace && btsim replay liar.trace`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			path, err := traceArgument(cmd)
			if err != nil {
				return err
			}
			t, err := openTrace(cmd, path)
			if err != nil {
				return err
			}
			d, tally, err := trace.Replay(t.Reader)
			if d != nil {
				t.file.Close()
				return differs(cmd, t, d)
			}
			if err != nil {
				if err := t.ended(cmd, err); err != nil {
					return err
				}
			}
			t.file.Close()
			_, err = fmt.Fprintf(cmd.Root().Writer, "%s: the same to the byte: %s answered %s calls with %s answers, and said %s bytes to their peers\n",
				path, many(tally.Sessions, "session"), grouped(int64(tally.Calls)), grouped(int64(tally.Answers)), grouped(int64(tally.Bytes)))
			return command.Written(err)
		},
	}
}

func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(int64(n)) + " " + what + "s"
}

// differs says where a replay and its trace part. The trace is read once more, as only who knows all that went before can say it in words.
func differs(cmd *cli.Command, t *traceFile, d *trace.Difference) error {
	again, err := openTrace(cmd, t.name)
	if err != nil {
		return err
	}
	var rec trace.Record
	var teller trace.Teller
	var call []trace.Line
	for err = again.Next(&rec); err == nil && rec.Call <= d.Call.Call; err = again.Next(&rec) {
		if d.Want != nil && rec.Offset == d.Want.Offset {
			break
		}
		if lines := teller.Tell(&rec); rec.Offset == d.Call.Offset {
			call = append(call, lines...)
		}
	}
	again.file.Close()
	out := command.Output{To: cmd.Root().Writer}
	out.Line("%s: call %d, at t=%v, of %s: the core answers otherwise than the trace says", t.name, d.Call.Call, d.Call.Now, d.Node)
	tell := func(head string, lines []trace.Line) {
		for i := range lines {
			out.Line("  %-10s %s", head, lines[i].String())
		}
	}
	tell("told:", call)
	tell("the trace:", answerLines(&teller, d.Want, d))
	tell("the core:", answerLines(&teller, d.Got, d))
	switch {
	case d.Panics != "":
		out.Line("  the core:  panics: %s", d.Panics)
	case d.Want == nil:
		out.Line("  the trace: nothing more")
	case d.Got == nil:
		out.Line("  the core:  nothing more")
	}
	out.Line("  recorded by %s, at offset %d; this is %s", t.Maker, d.Call.Offset, maker())
	return errors.Join(out.Close(), command.FailQuietly())
}

// answerLines says an answer in words.
func answerLines(teller *trace.Teller, r *trace.Record, d *trace.Difference) []trace.Line {
	if r == nil {
		return nil
	}
	r.Call, r.Session, r.Now = d.Call.Call, d.Call.Session, d.Call.Now
	return append([]trace.Line(nil), teller.Tell(r)...)
}

// maker is what a trace calls this program.
func maker() string { return command.Build("btsim") }
