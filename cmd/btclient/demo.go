package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
)

func newDemo() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "show a swarm at work on this machine, without files or network",
		Description: `Makes files and a torrent of them in a temporary folder, starts a small tracker, seeds and leechers that
find each other through it, all on the loopback interface and each the client that "get" and "seed" run,
and waits until every leecher has everything. They dial over TCP, over uTP, or over both, so that all four
kinds of peers are seen: incoming and outgoing, over TCP and over uTP. Then it compares the files byte for
byte by hash, tells what happened, and removes the folder.

Examples:
   btclient demo
   btclient demo --size 512MiB --seeds 1 --leechers 8
   btclient demo --keep`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "size", Value: "128MiB", Usage: "`SIZE` of all files together", Validator: func(text string) error {
				_, err := demoSize(text)
				return err
			}},
			&cli.IntFlag{Name: "seeds", Value: 2, Usage: "`NUMBER` of seeds", Validator: between(1, maxMembers)},
			&cli.IntFlag{Name: "leechers", Value: 3, Usage: "`NUMBER` of leechers", Validator: between(1, maxMembers)},
			&cli.BoolFlag{Name: "keep", Usage: "do not remove the folder"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return command.Misuse("demo: it takes no argument: %q", cmd.Args().First())
			}
			size, _ := demoSize(cmd.String("size")) // it was checked
			return runDemo(cmd, size)
		},
	}
}

// maxMembers is the most seeds, and the most leechers, of a demo.
const maxMembers = 20

func between(least, most int) func(int) error {
	return func(n int) error {
		if n < least || n > most {
			return fmt.Errorf("it is not from %d to %d", least, most)
		}
		return nil
	}
}

func demoSize(text string) (int64, error) {
	const least, most = 1 << 20, 64 << 30
	n, err := parseSize(text)
	if err == nil && (n < least || n > most) {
		err = fmt.Errorf("it is not from %s to %s", ui.Bytes(least), ui.Bytes(most))
	}
	return n, err
}

// runDemo makes the folder, and removes it however the demo ends.
func runDemo(cmd *cli.Command, size int64) (err error) {
	ctx, stop := interruptible()
	defer stop()
	dir, err := os.MkdirTemp("", "btclient-demo-")
	if err != nil {
		return command.Fail(err)
	}
	d := &demo{dir: dir, size: size, out: command.Output{To: cmd.Root().Writer}}
	if f, ok := cmd.Root().Writer.(*os.File); ok {
		d.screen = ui.NewScreen(f)
	}
	err = d.run(ctx, cmd.Int("seeds"), cmd.Int("leechers"))
	d.close()
	if cmd.Bool("keep") {
		d.out.Line("the files are in %s", dir)
	} else if removeErr := os.RemoveAll(dir); err == nil {
		err = removeErr
	}
	switch {
	case ctx.Err() != nil:
		return command.Interrupt()
	case err != nil:
		return command.Fail(fmt.Errorf("demo: %w", err))
	}
	return d.out.Close()
}

// errIdle ends a demo in which nothing happens any more.
var errIdle = errors.New("nothing was downloaded for half a minute")
