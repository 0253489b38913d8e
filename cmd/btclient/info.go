package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
	"peerwire/core/metainfo"
	"peerwire/shell/tracker"
)

func newInfo() *cli.Command {
	return &cli.Command{
		Name:      "info",
		Usage:     "tell what is in a .torrent file",
		ArgsUsage: "FILE.torrent",
		Description: `Trackers of private torrents have the user's secret in their address; so addresses are shown
without it, unless --secrets is given.

Examples:
   btclient info debian.torrent
   btclient info --json debian.torrent`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object"},
			&cli.BoolFlag{Name: "secrets", Usage: "print the addresses of trackers in full"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			t, err := torrentArgument(cmd)
			if err != nil {
				return err
			}
			d := describe(t, cmd.Bool("secrets"))
			if cmd.Bool("json") {
				return d.writeJSON(cmd.Root().Writer)
			}
			return d.write(cmd.Root().Writer)
		},
	}
}

// description is what info tells of a torrent; the JSON keys are documented in docs/json.md.
type description struct {
	Event        string            `json:"event"`
	Name         string            `json:"name"`
	InfoHash     string            `json:"info_hash"`
	BytesTotal   int64             `json:"bytes_total"`
	PieceLength  uint32            `json:"piece_length"`
	PiecesTotal  uint32            `json:"pieces_total"`
	Private      bool              `json:"private"`
	Hybrid       bool              `json:"hybrid"`
	Comment      string            `json:"comment,omitempty"`
	CreatedBy    string            `json:"created_by,omitempty"`
	CreationDate int64             `json:"creation_date,omitempty"`
	Trackers     [][]string        `json:"trackers"`
	Files        []fileDescription `json:"files"`
}

// fileDescription is one file of a torrent.
type fileDescription struct {
	Path       string `json:"path"`
	Length     int64  `json:"length"`
	Executable bool   `json:"executable,omitempty"`
	Symlink    bool   `json:"symlink,omitempty"`
}

func describe(t *metainfo.Torrent, secrets bool) *description {
	d := &description{
		Event: "info", Name: t.Info.Name, InfoHash: t.InfoHash.String(),
		BytesTotal: t.Info.Total, PieceLength: t.Info.PieceLength, PiecesTotal: t.Info.NumPieces(),
		Private: t.Info.Private, Hybrid: t.Info.Hybrid,
		Comment: t.Comment, CreatedBy: t.CreatedBy, CreationDate: t.CreationDate,
		Trackers: [][]string{}, Files: []fileDescription{},
	}
	for _, tier := range t.Announce {
		var urls []string
		for _, url := range tier {
			if !secrets {
				url = tracker.Redact(url)
			}
			urls = append(urls, url)
		}
		d.Trackers = append(d.Trackers, urls)
	}
	for i := range t.Info.Files {
		if f := &t.Info.Files[i]; !f.Pad {
			d.Files = append(d.Files, fileDescription{
				Path: strings.Join(f.Path, "/"), Length: f.Length, Executable: f.Executable, Symlink: f.Symlink,
			})
		}
	}
	return d
}

func (d *description) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return command.Fail(err)
	}
	return nil
}

func (d *description) write(w io.Writer) error {
	out := command.Output{To: w}
	out.Line("name       %s", d.Name)
	out.Line("info-hash  %s", d.InfoHash)
	out.Line("size       %s (%d bytes) in %s", ui.Bytes(d.BytesTotal), d.BytesTotal, ui.Count(int64(len(d.Files)), "file"))
	out.Line("pieces     %d of %s", d.PiecesTotal, ui.Bytes(int64(d.PieceLength)))
	if d.Hybrid {
		out.Line("version    1 and 2 (hybrid); the version 1 half is used")
	}
	if d.Private {
		out.Line("private    yes: peers come from its trackers only")
	}
	if d.CreationDate != 0 {
		out.Line("created    %s", time.Unix(d.CreationDate, 0).UTC().Format(time.DateTime+" UTC"))
	}
	if d.CreatedBy != "" {
		out.Line("made with  %s", d.CreatedBy)
	}
	if d.Comment != "" {
		out.Line("comment    %s", d.Comment)
	}
	d.writeTrackers(&out)
	out.Line("files")
	for _, f := range d.Files {
		note := ""
		if f.Symlink {
			note = "  (a symbolic link, which is not made)"
		}
		out.Line("  %10s  %s%s", ui.Bytes(f.Length), f.Path, note)
	}
	return out.Close()
}

func (d *description) writeTrackers(out *command.Output) {
	if len(d.Trackers) == 0 {
		out.Line("trackers   none")
		return
	}
	out.Line("trackers")
	for i, tier := range d.Trackers {
		for _, url := range tier {
			out.Line("  tier %d    %s", i+1, url)
		}
	}
}
