package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bits-and-blooms/bitset"
	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
	"peerwire/cmd/internal/printable"
	"peerwire/core/metainfo"
	"peerwire/shell/disk"
)

// dirFlag is the option for the folder that a torrent is put into.
func dirFlag(usage string) *cli.StringFlag {
	return &cli.StringFlag{Name: "d", Aliases: []string{"dir"}, Value: ".", Usage: usage}
}

func newVerify() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "check whether a torrent's files are whole",
		ArgsUsage: "FILE.torrent",
		Description: `Hashes all that is there, and lists the files that lack something. Nothing is written. The exit code
is 0 when every piece is there and right, 1 when not.

Example:
   btclient verify debian.torrent -d ~/Downloads`,
		Flags: []cli.Flag{
			dirFlag("look in `DIR`, which holds the torrent's file or folder"),
			&cli.BoolFlag{Name: "json", Usage: "print JSON, one object a line (docs/json.md)"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			t, err := torrentArgument(cmd)
			if err != nil {
				return err
			}
			return verify(cmd, t)
		},
	}
}

func verify(cmd *cli.Command, t *metainfo.Torrent) error {
	ctx, stop := interruptible()
	defer stop()
	bar := newMeter(cmd.Root().ErrWriter, "checking")
	report, err := disk.Check(ctx, cmd.String("d"), client.Layout(t), bar.progress)
	bar.close()
	switch {
	case errors.Is(err, context.Canceled):
		return command.Interrupt()
	case err != nil:
		return command.Fail(err)
	}
	r := examine(t, report.Have)
	if cmd.Bool("json") {
		return r.writeJSON(cmd.Root().Writer)
	}
	if report.Err != nil {
		fmt.Fprintln(cmd.Root().ErrWriter, "btclient: "+printable.Text(report.Err.Error()))
	}
	return r.write(cmd.Root().Writer)
}

// findings are what there is of a torrent.
type findings struct {
	Event       string `json:"event"` // "complete" or "incomplete"
	BytesDone   int64  `json:"bytes_done"`
	BytesTotal  int64  `json:"bytes_total"`
	PiecesDone  uint32 `json:"pieces_done"`
	PiecesTotal uint32 `json:"pieces_total"`
	Files       []lack `json:"files"` // those that lack something

	name string
}

// lack is a file that lacks pieces.
type lack struct {
	Path          string `json:"path"`
	Length        int64  `json:"length"`
	PiecesMissing uint32 `json:"pieces_missing"`
	PiecesTotal   uint32 `json:"pieces_total"`
}

// examine says which files lack something, when the pieces in have are there.
func examine(t *metainfo.Torrent, have *bitset.BitSet) *findings {
	in := &t.Info
	r := &findings{Event: "complete", BytesTotal: in.Total, PiecesTotal: in.NumPieces(), Files: []lack{}, name: in.Name}
	for i := range in.NumPieces() {
		if have.Test(uint(i)) {
			r.PiecesDone++
			r.BytesDone += int64(in.PieceSize(i))
		}
	}
	if r.PiecesDone < r.PiecesTotal {
		r.Event = "incomplete"
	}
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		first, last := f.Offset/int64(in.PieceLength), (f.Offset+f.Length-1)/int64(in.PieceLength)
		missing := uint32(0)
		for p := first; p <= last; p++ {
			if !have.Test(uint(p)) {
				missing++
			}
		}
		if missing > 0 {
			r.Files = append(r.Files, lack{strings.Join(f.Path, "/"), f.Length, missing, uint32(last - first + 1)})
		}
	}
	return r
}

// err is nil when the torrent is complete.
func (r *findings) err() error {
	if r.PiecesDone == r.PiecesTotal {
		return nil
	}
	return command.FailQuietly()
}

func (r *findings) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return command.Fail(err)
	}
	return r.err()
}

func (r *findings) write(w io.Writer) error {
	out := command.Output{To: w}
	for _, f := range r.Files {
		out.Line("%s: %s", f.Path, f.text())
	}
	out.Line("%s: %s", r.name, r.summary())
	if err := out.Close(); err != nil {
		return err
	}
	return r.err()
}

// text says what it lacks.
func (f *lack) text() string {
	if f.PiecesMissing == f.PiecesTotal {
		return "nothing of it is there"
	}
	return fmt.Sprintf("%d of %s missing", f.PiecesMissing, ui.Count(int64(f.PiecesTotal), "piece"))
}

// summary says how much is there.
func (r *findings) summary() string {
	if r.PiecesDone == r.PiecesTotal {
		return fmt.Sprintf("complete, %s in %s", ui.Bytes(r.BytesTotal), ui.Count(int64(r.PiecesTotal), "piece"))
	}
	return fmt.Sprintf("%d of %s missing, %s is there (%s)", r.PiecesTotal-r.PiecesDone,
		ui.Count(int64(r.PiecesTotal), "piece"), ui.Portion(r.BytesDone, r.BytesTotal), ui.Percent(r.BytesDone, r.BytesTotal))
}
