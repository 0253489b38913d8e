package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/command"
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/metainfo"
	"peerwire/internal/minitracker"
)

// demo is one run of the command.
type demo struct {
	dir    string
	size   int64
	out    command.Output
	screen *ui.Screen // nil when there is no terminal

	sums    [][sha256.Size]byte
	torrent *metainfo.Torrent
	tracker *minitracker.Server
	members []*demoMember
	began   time.Time // the first leecher was started
	ended   time.Time // the last leecher had everything
}

// demoMember is one client of the demo.
type demoMember struct {
	name    string
	dir     string
	leecher bool
	may     bt.Transports // over which it dials
	noUTP   bool          // nor can it be reached over uTP
	client  *client.Client
	view    ui.View
	took    time.Duration // to complete; 0 before
}

// say prints a line, above the table where that is shown.
func (d *demo) say(format string, args ...any) {
	if d.screen != nil {
		d.screen.Print(fmt.Sprintf(format, args...))
		return
	}
	d.out.Line(format, args...)
}

// run does it all but for removing the folder.
func (d *demo) run(ctx context.Context, seeds, leechers int) error {
	for _, step := range []func(context.Context) error{
		d.prepare,
		func(ctx context.Context) error { return d.startAll(ctx, seeds, leechers) },
		d.watch,
		d.compare,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	d.report()
	return nil
}

// prepare makes the data, the tracker and the torrent.
func (d *demo) prepare(ctx context.Context) (err error) {
	d.say("making %s of data in %s ...", ui.Bytes(d.size), ui.Count(int64(len(demoFiles)), "file"))
	data := filepath.Join(d.dir, "seed-1")
	if d.sums, err = makeData(ctx, data, d.size); err != nil {
		return err
	}
	if d.tracker, err = minitracker.Start(minitracker.Config{}); err != nil {
		return err
	}
	announce := [][]string{{d.tracker.URLs()[0]}}
	encoded, err := (&source{
		root:  filepath.Join(data, demoName),
		draft: metainfo.Draft{Name: demoName, Announce: announce},
	}).torrent(ctx, nil)
	if err != nil {
		return err
	}
	if d.torrent, err = metainfo.Parse(encoded); err != nil {
		return err
	}
	in := &d.torrent.Info
	d.say("torrent %s: %s of %s", d.torrent.InfoHash, ui.Count(int64(in.NumPieces()), "piece"), ui.Bytes(int64(in.PieceLength)))
	d.say("tracker %s", announce[0][0])
	return nil
}

// demoDials is over what one leecher after the other dials, and every second seed is without uTP, as other clients are: so the first leecher
// has peers of every kind.
var demoDials = [...]bt.Transports{bt.TCPAndUTP, bt.OnlyTCP, bt.OnlyUTP}

// startAll starts the seeds, then the leechers. They know the tracker, and nothing of each other.
func (d *demo) startAll(ctx context.Context, seeds, leechers int) error {
	for i := range seeds {
		m := &demoMember{name: fmt.Sprintf("seed-%d", i+1), may: demoDials[0]}
		if i%2 == 1 {
			m.noUTP, m.may = true, bt.OnlyTCP
		}
		if err := d.start(ctx, m); err != nil {
			return err
		}
	}
	d.began = time.Now()
	for i := range leechers {
		m := &demoMember{name: fmt.Sprintf("leecher-%d", i+1), leecher: true, may: demoDials[i%len(demoDials)]}
		if err := d.start(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) start(ctx context.Context, m *demoMember) (err error) {
	m.dir = filepath.Join(d.dir, m.name)
	if first := filepath.Join(d.dir, "seed-1"); !m.leecher && m.dir != first {
		if err := shareData(first, m.dir); err != nil {
			return err
		}
	}
	cfg := bt.DefaultConfig()
	cfg.Transports = m.may
	m.client, err = client.Start(ctx, client.Options{
		Torrent: d.torrent, Dir: m.dir, Listen: "127.0.0.1:0", ReadOnly: !m.leecher, NoUTP: m.noUTP, Core: cfg, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	d.members = append(d.members, m)
	return nil
}

// watch shows the swarm until every leecher has everything.
func (d *demo) watch(ctx context.Context) error {
	const pause, line, idle = 100 * time.Millisecond, time.Second, 30 * time.Second
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	var moved int64
	movedAt, lineAt := time.Now(), time.Now()
	for {
		left, done := d.look()
		if done > moved {
			moved, movedAt = done, time.Now()
		}
		if d.screen != nil {
			d.draw()
		} else if time.Since(lineAt) >= line || left == 0 {
			lineAt = time.Now()
			d.out.Line("%4.1f s  %s", time.Since(d.began).Seconds(), ui.SwarmLine(d.shown(true)))
		}
		switch {
		case left == 0:
			return nil
		case time.Since(movedAt) > idle:
			return errIdle
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// look takes a view of every member, and tells how many leechers lack something and how many bytes are there.
func (d *demo) look() (left int, done int64) {
	var snap core.Snapshot
	for _, m := range d.members {
		select {
		case <-m.client.Completed():
			if m.leecher && m.took == 0 {
				d.ended = time.Now()
				m.took = d.ended.Sub(d.began)
			}
		default:
			left++
		}
		if m.client.Snapshot(&snap) {
			m.view = *viewOf(&snap, nil)
			for i := range m.view.Peers {
				m.view.Peers[i].Client = d.nameOf(snap.Peers[i].PeerID)
			}
		}
		done += m.view.Done
	}
	return left, done
}

// nameOf is what the demo calls a peer.
func (d *demo) nameOf(id bt.PeerID) string {
	for _, m := range d.members {
		if m.client.PeerID() == id {
			return m.name
		}
	}
	return ""
}

// shown is what is drawn of the members, or of the leechers alone.
func (d *demo) shown(leechers bool) (all []ui.Member) {
	for _, m := range d.members {
		if m.leecher || !leechers {
			all = append(all, ui.Member{Name: m.name, View: m.view})
		}
	}
	return all
}

func (d *demo) draw() {
	title := fmt.Sprintf("%s of %s, %.1f s", demoName, ui.Bytes(d.size), time.Since(d.began).Seconds())
	members := d.shown(false)
	focus := slices.IndexFunc(d.members, func(m *demoMember) bool { return m.leecher })
	d.screen.Draw(func(k ui.Look) []ui.Line { return ui.DrawSwarm(title, members, focus, k) })
}

// compare looks at the copies without any of the code that made them.
func (d *demo) compare(context.Context) error {
	if d.screen != nil {
		d.screen.Close() // the table stays as it stands
		d.say("")
	}
	n := 0
	for _, m := range d.members {
		if m.leecher {
			n++
			if err := compareData(m.dir, d.sums); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
	}
	d.say("compared %d x %d files by SHA-256: all are what was made", n, len(demoFiles))
	return nil
}

// close ends what was started.
func (d *demo) close() {
	for _, m := range d.members {
		m.client.Close()
	}
	if d.tracker != nil {
		d.tracker.Close()
	}
	if d.screen != nil {
		d.screen.Close()
	}
}
