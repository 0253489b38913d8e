package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
	"peerwire/cmd/internal/printable"
	"peerwire/core/bt"
	"peerwire/core/metainfo"
)

func newCreate() *cli.Command {
	return &cli.Command{
		Name:      "create",
		Usage:     "make a .torrent file of a file or a folder",
		ArgsUsage: "PATH",
		Description: `Files come in the order of their names. Symbolic links and what is no regular file are left out,
with a note. Each -a is a tier of its own, tried in order; the trackers of one tier stand in one -a,
with commas between them.

Examples:
   btclient create photos -o photos.torrent
   btclient create photos -a udp://one.example/announce -a http://two.example/announce -o photos.torrent
   btclient create video.mkv --piece-length 4MiB --private -a https://tracker.example/KEY/announce -o video.torrent`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "o", Usage: "write the torrent to `FILE` (default: the name of PATH with .torrent, here)"},
			&cli.StringSliceFlag{Name: "a", Aliases: []string{"announce"}, Usage: "announce to the tracker at `URL`; may be repeated"},
			&cli.StringFlag{Name: "piece-length", Usage: "`SIZE` of a piece: a power of two from 16KiB on (default: by the size of the whole)"},
			&cli.BoolFlag{Name: "private", Usage: "peers may come from the trackers alone"},
			&cli.StringFlag{Name: "comment", Usage: "a `TEXT` for those who read the torrent"},
			&cli.BoolFlag{Name: "no-date", Usage: "do not write when it was made: the same files then give the same torrent"},
			&cli.BoolFlag{Name: "force", Usage: "replace FILE when it is there"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			c, err := newCreation(cmd)
			if err != nil {
				return err
			}
			return c.run()
		},
	}
}

// creation is one run of create.
type creation struct {
	cmd    *cli.Command
	source source
	target string // the .torrent file
}

// newCreation understands the command line.
func newCreation(cmd *cli.Command) (*creation, error) {
	path, err := command.OnlyArgument(cmd, "PATH")
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, command.BadFile(path, err)
	}
	c := &creation{cmd: cmd, target: cmd.String("o")}
	if c.source.root, err = filepath.EvalSymlinks(absolute); err != nil {
		return nil, command.BadFile(path, err)
	}
	c.source.skipped = c.skip
	c.source.draft = metainfo.Draft{
		Name: filepath.Base(absolute), Private: cmd.Bool("private"), Comment: cmd.String("comment"),
		CreatedBy: "btclient " + command.Version,
	}
	if c.target == "" {
		c.target = c.source.draft.Name + ".torrent"
	}
	if !cmd.Bool("no-date") {
		c.source.draft.CreationDate = time.Now().Unix()
	}
	if c.source.draft.Announce, err = tiers(cmd.StringSlice("a")); err != nil {
		return nil, err
	}
	if text := cmd.String("piece-length"); text != "" {
		if c.source.draft.PieceLength, err = parsePieceLength(text); err != nil {
			return nil, command.Misuse("create: option --piece-length: %q: %v", text, err)
		}
	}
	if there, err := os.Stat(c.target); err == nil {
		if !cmd.Bool("force") {
			return nil, command.Misuse("%s: it is there already; --force replaces it", c.target)
		}
		c.source.except = there
	}
	return c, nil
}

// tiers takes one option a tier apart.
func tiers(options []string) (all [][]string, err error) {
	for _, option := range options {
		var tier []string
		for url := range strings.SplitSeq(option, ",") {
			scheme, _, _ := strings.Cut(url, "://")
			if scheme != "http" && scheme != "https" && scheme != "udp" {
				return nil, command.Misuse("create: option -a: %q is no address of a tracker: it begins with udp://, http:// or https://", url)
			}
			tier = append(tier, url)
		}
		all = append(all, tier)
	}
	return all, nil
}

// parsePieceLength reads a length in bytes, or with KiB or MiB behind it.
func parsePieceLength(text string) (uint32, error) {
	const least = bt.BlockSize
	n, err := parseSize(text)
	switch {
	case err != nil:
		return 0, err
	case n < least || n > metainfo.MaxPieceLength || n&(n-1) != 0:
		return 0, fmt.Errorf("a piece has a power of two of bytes, from %s to %s", ui.Bytes(least), ui.Bytes(metainfo.MaxPieceLength))
	}
	return uint32(n), nil
}

func (c *creation) run() error {
	ctx, stop := interruptible()
	defer stop()
	bar := newMeter(c.cmd.Root().ErrWriter, "hashing")
	data, err := c.source.torrent(ctx, bar.progress)
	bar.close()
	var refused *metainfo.Error
	switch {
	case errors.Is(err, context.Canceled):
		return command.Interrupt()
	case errors.Is(err, errNothing), errors.Is(err, errPieces), errors.As(err, &refused):
		return command.Misuse("%s: %v", c.source.root, err)
	case err != nil:
		return command.Fail(err)
	}
	if err := c.write(data); err != nil {
		return command.Fail(err)
	}
	return c.report(data)
}

// skip tells that a file is left out.
func (c *creation) skip(path, why string) {
	fmt.Fprintln(c.cmd.Root().ErrWriter, printable.Text("btclient: "+path+": left out: "+why))
}

// write puts the torrent where it belongs, whole or not at all.
func (c *creation) write(data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(c.target), "."+filepath.Base(c.target)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when all went well
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if c.cmd.Bool("force") {
		return os.Rename(f.Name(), c.target)
	}
	if err := os.Link(f.Name(), c.target); !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err // it does not replace a file that came up meanwhile
	}
	return os.Rename(f.Name(), c.target) // a file system without links
}

func (c *creation) report(data []byte) error {
	t, err := metainfo.Parse(data)
	if err != nil {
		panic("BUG: what was encoded does not parse: " + err.Error())
	}
	out := command.Output{To: c.cmd.Root().Writer}
	out.Line("%s: %s in %s, %s of %s", c.target, ui.Bytes(t.Info.Total), ui.Count(int64(len(t.Info.Files)), "file"),
		ui.Count(int64(t.Info.NumPieces()), "piece"), ui.Bytes(int64(t.Info.PieceLength)))
	out.Line("info-hash %s", t.InfoHash)
	return out.Close()
}
