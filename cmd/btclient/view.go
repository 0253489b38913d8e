package main

import (
	"time"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
	"peerwire/cmd/internal/printable"
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/tracker"
)

// viewOf is what a display shows of a snapshot with one torrent.
func viewOf(snap *core.Snapshot, trackers []tracker.Status) *ui.View {
	v := &ui.View{}
	if len(snap.Torrents) > 0 {
		t := &snap.Torrents[0]
		v.Done, v.Total, v.PiecesDone, v.Pieces = t.Total-t.Left, t.Total, t.Have, t.Pieces
		v.DownRate, v.UpRate, v.Known = t.DownRate, t.UpRate, t.Known
		v.Downloaded, v.Uploaded, v.Wasted = t.Totals.Downloaded, t.Totals.Uploaded, t.Totals.Wasted
		v.Opened = t.Totals.Opened
		v.Super, v.Stalled = t.Super, t.Stalled != bt.OK
	}
	for i := range snap.Peers {
		p := &snap.Peers[i]
		v.Peers = append(v.Peers, ui.Peer{
			Addr: p.Addr.String(), Over: p.Transport, Client: p.Client, Link: ui.LinkOf(&p.State), Flags: ui.FlagsOf(&p.State),
			Pieces: p.Pieces, DownRate: p.DownRate, UpRate: p.UpRate,
			Asked: p.Outstanding, Target: p.Target, Serving: p.Asked,
		})
	}
	for i := range trackers {
		t := &trackers[i]
		line := trackerOf(t)
		if !t.NextAnnounce.IsZero() {
			line.Next = max(time.Until(t.NextAnnounce), time.Second)
		}
		v.Trackers = append(v.Trackers, line)
	}
	return v
}

// trackerOf is a tracker without its time.
func trackerOf(t *tracker.Status) ui.Tracker {
	return ui.Tracker{
		URL: t.URL, State: t.State.String(), Error: t.LastError, Warning: t.Warning, Seeders: t.Seeders, Leechers: t.Leechers,
	}
}

// noteOf puts a notice into words.
func noteOf(n client.Notice) ui.Note {
	switch n.Kind {
	case client.DiskRecovered:
		return ui.Note{Event: "recovered", Text: "the disk works again, going on"}
	case client.Violated: // people read of it in the log
		return ui.Note{
			Event: "violation", Address: n.Peer.String(), Violation: n.Reason.Violation.String(), Clause: n.Reason.Violation.Clause().String(),
		}
	case client.Banned:
		return ui.Note{
			Event: "ban", Address: n.Peer.Addr().String(), Violation: n.Reason.Violation.String(), Clause: n.Reason.Violation.Clause().String(),
		}
	}
	return warning(n.Err)
}

func warning(err error) ui.Note {
	text := printable.Text(err.Error())
	return ui.Note{Event: "warning", Message: text, Text: "warning: " + text}
}

// trackerTeller tells of trackers whose state has changed.
type trackerTeller struct{ told map[string]tracker.Status }

func (r *trackerTeller) tell(all []tracker.Status, to ui.Display) {
	if r.told == nil {
		r.told = make(map[string]tracker.Status)
	}
	for i := range all {
		t := &all[i]
		old := r.told[t.URL]
		if t.State == tracker.Idle || t.State == tracker.Announcing || t.State == old.State && t.LastError == old.LastError {
			continue
		}
		r.told[t.URL] = *t
		line := trackerOf(t)
		to.Tell(ui.Note{
			Event: "tracker", Tracker: t.URL, State: t.State.String(), Message: t.LastError, Text: "tracker " + ui.TrackerText(&line),
		})
	}
}
