package script

import (
	"fmt"
	"slices"
	"strings"

	"peerwire/core"
	"peerwire/core/bt"
)

// state lists the flags of a connection that are true, and what goes with them.
func (s *Script) state(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	p, ok := n.Peer(c.next())
	if !ok {
		return "no connection\n", nil
	}
	text := strings.Join(flags(&p), " ")
	if p.Outstanding > 0 || p.Asked > 0 {
		text += fmt.Sprintf("; %d outstanding of %d, asked for %d", p.Outstanding, p.Target, p.Asked)
	}
	if p.Transport == bt.UTP {
		text += "; over utp"
	}
	if p.State.Queued() {
		text += fmt.Sprintf("; %d to be dialled before it", p.Ahead)
	}
	if p.Strikes > 0 {
		text += fmt.Sprintf("; %d strikes", p.Strikes)
	}
	return text + "\n", nil
}

// why says why the flags of a connection stand as they do: those that are named, or all sixteen.
func (s *Script) why(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	p, ok := n.Peer(c.next())
	if !ok {
		return "no connection\n", nil
	}
	var asked []string
	for name := c.next(); name != ""; name = c.next() {
		asked = append(asked, name)
	}
	all, _ := n.Session().Why(p.Conn)
	var b strings.Builder
	said := 0
	for i := range all {
		if name := all[i].Flag.String(); len(asked) == 0 || slices.Contains(asked, name) {
			fmt.Fprintf(&b, "%s: %s\n", name, all[i].Text(s.world.Now()))
			said++
		}
	}
	if said < len(asked) {
		return "", fmt.Errorf("of %v some are no flags", asked)
	}
	return b.String(), nil
}

// flags names the status methods that are true; Pieces is their number.
func flags(p *core.PeerSnapshot) (list []string) {
	st := &p.State
	for _, f := range []struct {
		name string
		on   bool
	}{
		{"Queued", st.Queued()}, {"Connecting", st.Connecting()}, {"Handshake", st.Handshake()},
		{"Torrent", st.Bound()}, {"LocalConnection", st.LocalConnection()}, {"SupportExtensions", st.SupportExtensions()},
		{"Choked", st.Choked()}, {"OptimisticUnchoke", st.OptimisticUnchoke()}, {"Interesting", st.Interesting()},
		{"RemoteChoked", st.RemoteChoked()}, {"RemoteInterested", st.RemoteInterested()}, {"Snubbed", st.Snubbed()},
		{"OnParole", st.OnParole()}, {fmt.Sprintf("Pieces=%d", p.Pieces), p.Pieces > 0}, {"Seed", st.Seed()}, {"UploadOnly", st.UploadOnly()},
	} {
		if f.on {
			list = append(list, f.name)
		}
	}
	return list
}

// client says what a peer calls its program, and where it sees us.
func (s *Script) client(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	p, ok := n.Peer(c.next())
	if !ok {
		return "no connection\n", nil
	}
	text := fmt.Sprintf("%d bytes: %s", len(p.Client), p.Client)
	if p.YourIP.IsValid() {
		text += "; sees us at " + p.YourIP.String()
	}
	return text + "\n", nil
}

// addresses says what a node believes its own addresses to be.
func (s *Script) addresses(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	var snap core.Snapshot
	n.Session().Snapshot(s.world.Now(), &snap)
	if len(snap.Own) == 0 {
		return "none\n", nil
	}
	return fmt.Sprintln(snap.Own), nil
}

// torrents says how far a node has come.
func (s *Script) torrents(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, t := range s.world.Torrents() {
		ts, ok := n.Torrent(t.ID)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s: %d of %d pieces, %d bytes left, %d peers known, %d connected", t.Name, ts.Have, ts.Pieces, ts.Left, ts.Known, ts.Connected)
		fmt.Fprintf(&b, "; %d bytes down, %d up, %d wasted", ts.Totals.Downloaded, ts.Totals.Uploaded, ts.Totals.Wasted)
		if ts.Totals.Corrupt > 0 {
			fmt.Fprintf(&b, ", %d corrupt", ts.Totals.Corrupt)
		}
		if ts.Stalled != bt.OK {
			b.WriteString("; stalled: " + ts.Stalled.String())
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// deadline says when a node's core must be called next, and what for.
func (s *Script) deadline(c *command, _ string) (string, error) {
	n, err := s.node(c.next())
	if err != nil {
		return "", err
	}
	at, name := n.Session().NextDeadline()
	if at == bt.Never {
		return "none\n", nil
	}
	return "t=" + at.String() + " " + name.String() + "\n", nil
}

// settled says that nodes are complete and want nothing of each other any more, or what they still do.
func (s *Script) settled(c *command, _ string) (string, error) {
	var b strings.Builder
	for name := c.next(); name != ""; name = c.next() {
		n, err := s.node(name)
		if err != nil {
			return "", err
		}
		for _, t := range s.world.Torrents() {
			if ts, ok := n.Torrent(t.ID); ok && !n.Complete(t) {
				fmt.Fprintf(&b, "%s has %d of %d pieces of %s\n", name, ts.Have, ts.Pieces, t.Name)
			}
		}
		labels, peers := n.Peers()
		for i, p := range peers {
			if p.Outstanding > 0 || p.Asked > 0 || p.State.Interesting() {
				fmt.Fprintf(&b, "%s: %s %s; %d outstanding, asked for %d\n", name, labels[i], strings.Join(flags(&p), " "), p.Outstanding, p.Asked)
			}
		}
	}
	if b.Len() == 0 {
		return "settled\n", nil
	}
	return b.String(), nil
}
