package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
)

// clientFlags are the options that get and seed have in common.
func clientFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringSliceFlag{Name: "peer", Usage: "connect to the peer at `HOST:PORT`; may be repeated", Validator: checkPeers},
		&cli.StringFlag{
			Name: "listen", Usage: fmt.Sprintf("accept connections at `ADDR:PORT`; port 0 is any free one (default: all addresses, port %d "+
				"or a free one)", client.DefaultPort),
			Validator: checkListen,
		},
		&cli.StringFlag{
			Name:  "peers",
			Usage: "explain the flags of the connections whose address begins with `ADDR`, or of all: why a peer is choked, snubbed, on parole ...",
		},
		&cli.BoolFlag{Name: "no-tracker", Usage: "do not ask the torrent's trackers for peers"},
		&cli.BoolFlag{Name: "recheck", Usage: "hash everything that is there, whatever an earlier run has noted"},
		&cli.StringFlag{Name: "trace", Usage: "record in `FILE` all that the core is told and answers, but for payload (see btsim trace, btsim replay)"},
		&cli.BoolFlag{Name: "json", Usage: "print JSON, one object a line (docs/json.md)"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print nothing but what goes wrong"},
		&cli.StringFlag{
			Name: "log-level", Value: "warn", Usage: "log to standard error from `LEVEL` on: debug, info, warn or error",
			Validator: func(text string) error { _, err := parseLevel(text); return err },
		},
	}, append(transportFlags(), slotFlags()...)...)
}

func checkPeers(peers []string) error {
	for _, p := range peers {
		if _, _, err := client.SplitPeer(p); err != nil {
			return err
		}
	}
	return nil
}

func checkListen(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New("it is not ADDR:PORT")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("its port is not a number from 0 to 65535")
	}
	return nil
}

func parseLevel(text string) (level slog.Level, err error) {
	if level.UnmarshalText([]byte(text)) != nil {
		return 0, errors.New("it is none of debug, info, warn, error")
	}
	return level, nil
}

// newJob understands the command line of get and seed, and reads the torrent.
func newJob(cmd *cli.Command) (*job, error) {
	path, err := command.OnlyArgument(cmd, "FILE.torrent")
	if err != nil {
		return nil, err
	}
	if cmd.Bool("json") && cmd.Bool("quiet") {
		return nil, command.Misuse("%s: options --json and --quiet exclude each other", cmd.Name)
	}
	j := &job{explain: cmd.String("peers")}
	logs := j.openDisplay(cmd)
	level, _ := parseLevel(cmd.String("log-level"))                    // it was checked
	core, _ := configOf(cmd.String("slots"), cmd.String("seed-order")) // and so were these
	core.Transports, _ = parseTransports(cmd.String("transport"))
	engine, _ := parseEngine(cmd.String("utp-engine"))
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: level, ReplaceAttr: shortTime}))
	t, err := openTorrent(path)
	if err != nil {
		return nil, j.fail(err)
	}
	j.opt = client.Options{
		Torrent: t, Dir: cmd.String("d"), Peers: cmd.StringSlice("peer"), Listen: cmd.String("listen"),
		NoTracker: cmd.Bool("no-tracker"), Recheck: cmd.Bool("recheck"), Engine: engine, Core: core, Log: log,
	}
	if err := j.startTrace(cmd.String("trace"), path); err != nil {
		return nil, j.fail(err)
	}
	return j, nil
}

// shortTime leaves the day out of a log line: who needs it has a log of his own that writes it.
func shortTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		a.Value = slog.StringValue(a.Value.Time().Format("15:04:05"))
	}
	return a
}

// openDisplay chooses how the job is shown, and gives what log lines are to be written to.
func (j *job) openDisplay(cmd *cli.Command) (logs io.Writer) {
	stdout, stderr := cmd.Root().Writer, cmd.Root().ErrWriter
	switch {
	case cmd.Bool("json"):
		j.display = ui.NewJSON(stdout)
	case cmd.Bool("quiet"):
		j.display = ui.NewQuiet(stderr)
	default:
		j.display = ui.NewPlain(stdout)
		if f, ok := stdout.(*os.File); ok {
			if screen := ui.NewScreen(f); screen != nil {
				j.display = ui.NewLive(screen)
				if ui.IsTerminal(stderr) {
					return screen.Writer(stderr)
				}
			}
		}
	}
	return stderr
}
