package main

import (
	"fmt"
	"strings"

	"peerwire/cmd/btclient/internal/ui"
	"peerwire/core/bt"
)

// report tells what happened.
func (d *demo) report() {
	var fromSeeds, fromLeechers, wasted int64
	leechers := int64(0)
	for _, m := range d.members {
		if m.leecher {
			leechers++
			wasted += m.view.Wasted
			fromLeechers += m.view.Uploaded
		} else {
			fromSeeds += m.view.Uploaded
		}
	}
	took := d.ended.Sub(d.began)
	rate := int64(float64(leechers*d.size) / max(took.Seconds(), 1e-3))
	d.say("")
	for _, m := range d.members {
		if m.leecher {
			d.say("%-11s complete after %.2f s, received %8s, sent %8s", m.name, m.took.Seconds(), ui.Bytes(m.view.Downloaded), ui.Bytes(m.view.Uploaded))
		} else {
			d.say("%-11s sent %8s", m.name, ui.Bytes(m.view.Uploaded))
		}
	}
	d.say("")
	d.reportKinds()
	d.say("%s downloaded %s each, together at %s.", ui.Count(leechers, "leecher"), ui.Bytes(d.size), ui.Rate(rate))
	if all := fromSeeds + fromLeechers; all > 0 {
		d.say("The seeds sent %s; the leechers gave each other %s, %d %% of it all.",
			ui.Bytes(fromSeeds), ui.Bytes(fromLeechers), fromLeechers*100/all)
	}
	d.say("Every piece was verified by SHA-1 as it came; %s came more than once.", ui.Bytes(wasted))
	d.say("They found each other through the tracker, in %s.", ui.Count(int64(len(d.tracker.Announces())), "announce"))
}

// reportKinds tells of what kinds the peers of each member were.
func (d *demo) reportKinds() {
	var over [bt.UTP + 1]int64
	for _, m := range d.members {
		k := &m.view.Opened
		var list []string
		for t := bt.TCP; t <= bt.UTP; t++ {
			for o := bt.Outgoing; o <= bt.Incoming; o++ {
				if n := k[t][o]; n > 0 {
					list = append(list, fmt.Sprintf("%d %v %v", n, t, o))
				}
			}
			over[t] += int64(k[t][bt.Outgoing])
		}
		d.say("%-11s %-16s peers: %s", m.name, m.speaks()+",", strings.Join(list, ", "))
	}
	d.say("")
	d.say("%s over TCP and %d over uTP, each outgoing at one end and incoming at the other.", ui.Count(over[bt.TCP], "connection"), over[bt.UTP])
}

// speaks says what a member dials over, or what it cannot do.
func (m *demoMember) speaks() string {
	if m.noUTP {
		return "is without utp"
	}
	return "dials over " + m.may.String()
}
