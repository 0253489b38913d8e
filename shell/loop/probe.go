package loop

import (
	"peerwire/core/bt"
	"peerwire/shell/disk"
)

// failed has a disk that failed tried again, after a while, until it takes data.
func (l *Loop) failed(id bt.TorrentID) {
	if _, ok := l.probes[id]; !ok {
		l.probes[id] = l.now.Add(l.opt.ProbeEvery)
	}
}

// nextProbe is when the next disk is to be tried.
func (l *Loop) nextProbe() bt.Instant {
	next := bt.Never
	for _, at := range l.probes {
		next = min(next, at)
	}
	return next
}

// probe tries the disks whose time has come.
func (l *Loop) probe() {
	for id, at := range l.probes {
		if at <= l.now {
			l.probes[id] = bt.Never
			l.job(disk.Job{Op: disk.Probe, Torrent: id})
		}
	}
}

// probed takes what came of it. A torrent that is closed meanwhile is not tried again.
func (l *Loop) probed(r *disk.Result) {
	switch r.Fault {
	case bt.OK:
		delete(l.probes, r.Torrent)
		l.handle(bt.Event{Kind: bt.DiskReady, Torrent: r.Torrent})
		l.observe(&bt.Effect{Kind: bt.Stalled, Torrent: r.Torrent}, nil)
	case bt.Lost:
		delete(l.probes, r.Torrent)
	default:
		l.probes[r.Torrent] = l.now.Add(l.opt.ProbeEvery)
	}
}
