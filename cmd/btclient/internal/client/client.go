package client

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"sync"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/metainfo"
	"peerwire/core/peerfsm"
	"peerwire/shell/disk"
	"peerwire/shell/loop"
	"peerwire/shell/tcp"
	"peerwire/shell/tracker"
	"peerwire/shell/utp"
	"peerwire/trace"
)

// torrentID names the one torrent of a client in its session.
const torrentID bt.TorrentID = 1

// Options are what a Client is made with.
type Options struct {
	Torrent   *metainfo.Torrent
	Dir       string        // the folder that the torrent is put into; it is made when it is missing
	Peers     []string      // "host:port" of peers to dial, and to dial again while they do not answer
	Listen    string        // "addr:port" to accept connections at; empty: all addresses, DefaultPort or a free one
	NoTracker bool          // do not announce
	ReadOnly  bool          // only seed: make no folder and no file but the record
	SuperSeed bool          // when everything is there, show it piece by piece (BEP 16)
	Recheck   bool          // hash everything, whatever the record says
	Engine    utp.Engine    // what speaks uTP
	NoUTP     bool          // neither dial nor accept over uTP; there is no UDP port then
	Core      bt.Config     // what the core is told; the zero Config is the default, and who we are is filled in
	Log       *slog.Logger  // may be nil
	Trace     *trace.Writer // records the session; the caller's again when Close returns. May be nil
	// Checking is told, while what is on disk is hashed, how many bytes of how many are done; may be nil.
	Checking func(done, total int64)
	// Notify is told what happens, one thing at a time; it must not block. It may be nil.
	Notify func(Notice)
}

// Client is one running torrent. Its methods may be called from any goroutine.
type Client struct {
	opt       Options
	id        bt.PeerID
	loop      *loop.Loop
	store     *disk.Torrent
	listener  *tcp.Listener
	socket    *utp.Socket        // at the same port; nil without uTP
	announcer *tracker.Announcer // nil when nothing is announced
	report    disk.Report
	stop      context.CancelFunc
	looping   chan struct{} // closed when the loop has ended
	announced chan struct{} // closed when the last announce is done
	resolving sync.WaitGroup
	completed chan struct{}
	once      sync.Once
	troubles  troubles

	mu     sync.Mutex
	totals tracker.Totals // as they were last known
}

// Start opens the torrent's folder, finds out what is there, and begins to download and to seed. ctx ends the
// check, not the client: that is for Close.
func Start(ctx context.Context, opt Options) (*Client, error) {
	c := &Client{
		opt: opt, id: newPeerID(), looping: make(chan struct{}), announced: make(chan struct{}), completed: make(chan struct{}),
	}
	if c.opt.Log == nil {
		c.opt.Log = slog.New(slog.DiscardHandler)
	}
	if !opt.ReadOnly {
		if err := os.MkdirAll(opt.Dir, 0o777); err != nil {
			return nil, err
		}
	}
	var err error
	if c.listener, c.socket, err = listen(opt.Listen, c.opener()); err != nil {
		return nil, fmt.Errorf("cannot listen: %w", err)
	}
	if c.loop, err = loop.New(c.loopOptions()); err != nil {
		c.deafen()
		return nil, err
	}
	if err := c.open(ctx); err != nil {
		c.deafen()
		c.closeDisk()
		return nil, err
	}
	c.run()
	return c, nil
}

func (c *Client) loopOptions() loop.Options {
	cfg := c.opt.Core
	if cfg == (bt.Config{}) {
		cfg = bt.DefaultConfig()
	}
	cfg.Seed = chance()
	cfg.PeerID = c.id
	cfg.ListenPort = c.listener.Addr().Port()
	cfg.Client = clientName
	return loop.Options{Config: cfg, UTP: c.socket, Log: c.opt.Log, Observe: c.observe, Trace: c.opt.Trace}
}

// open finds out what of the torrent is on disk.
func (c *Client) open(ctx context.Context) (err error) {
	info := &c.opt.Torrent.Info
	if c.store, err = c.loop.Disk().Open(torrentID, c.opt.Dir, Layout(c.opt.Torrent)); err != nil {
		return err
	}
	if c.opt.Recheck {
		c.report, err = c.store.Check(ctx, c.opt.Checking)
	} else {
		c.report, err = c.store.Resume(ctx, c.opt.Checking)
	}
	if err != nil {
		return err
	}
	if !c.opt.ReadOnly {
		if err := c.store.Prepare(); err != nil {
			c.trouble(err)
		}
	}
	c.totals.Left = uint64(info.Total)
	if c.report.Have.Count() == uint(info.NumPieces()) {
		c.totals.Left = 0
		c.complete()
	}
	return nil
}

// run starts what goes on until Close.
func (c *Client) run() {
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	if !c.opt.NoTracker && len(c.opt.Torrent.Announce) > 0 {
		c.announcer = c.newAnnouncer()
	}
	go func() {
		defer close(c.looping)
		c.loop.Run(ctx)
	}()
	c.loop.Handle(bt.Event{Kind: bt.AddTorrent, Torrent: torrentID, Spec: c.spec()})
	c.listener.Serve(c.loop.Accept)
	c.resolving.Go(func() { c.keepPeers(ctx) })
	go func() {
		defer close(c.announced)
		if c.announcer != nil {
			c.announcer.Run(ctx)
		}
	}()
}

func (c *Client) spec() *bt.TorrentSpec {
	t := c.opt.Torrent
	return &bt.TorrentSpec{InfoHash: t.InfoHash, Geometry: t.Info.Geometry, Private: t.Info.Private, Have: c.report.Have, SuperSeed: c.opt.SuperSeed}
}

// Addr is where connections are accepted.
func (c *Client) Addr() netip.AddrPort { return c.listener.Addr() }

// PeerID is what the client calls itself in handshakes.
func (c *Client) PeerID() bt.PeerID { return c.id }

// Found is what was on disk at the start.
func (c *Client) Found() disk.Report { return c.report }

// Completed is closed when every piece is verified.
func (c *Client) Completed() <-chan struct{} { return c.completed }

func (c *Client) complete() { c.once.Do(func() { close(c.completed) }) }

// Sync makes durable what is verified, and the record of it.
func (c *Client) Sync() error { return c.store.Sync() }

// Snapshot fills snap with what is now. It is false when the client has ended.
func (c *Client) Snapshot(snap *core.Snapshot) bool {
	return c.loop.Do(func(s *core.Session, now bt.Instant) { s.Snapshot(now, snap) })
}

// Why explains the flags of a connection; false when there is none, or the client has ended.
func (c *Client) Why(id bt.ConnID) (all [peerfsm.NumFlags]core.Explanation, ok bool) {
	c.loop.Do(func(s *core.Session, _ bt.Instant) { all, ok = s.Why(id) })
	return all, ok
}

// AddPeers makes peers known, to be dialled.
func (c *Client) AddPeers(from bt.Source, addrs ...netip.AddrPort) {
	evs := make([]bt.Event, len(addrs))
	for i, a := range addrs {
		evs[i] = bt.Event{Kind: bt.AddPeer, Torrent: torrentID, Addr: a, Source: from}
	}
	c.loop.Handle(evs...)
}

// newPeerID is a random id under our client code (BEP 20).
func newPeerID() (id bt.PeerID) {
	n := copy(id[:], peerIDPrefix)
	rand.Read(id[n:])
	return id
}

// chance is a seed that nobody can guess.
func chance() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}
