// Package tracker runs the trackers that the clients under test meet at:
// opentracker for swarms, and a fixed one to tell a single client whom to
// dial.
package tracker

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"peerwire/interop/netns"
	"peerwire/interop/proc"
)

// Open is a running opentracker.
type Open struct {
	Addr netip.AddrPort // TCP and UDP
	proc *proc.Proc
}

// NewOpen makes an address for an opentracker that Start runs later: the
// address is part of the torrents, and their hashes part of its whitelist.
func NewOpen() *Open { return &Open{Addr: netns.Next()} }

// HTTP is the announce URL over TCP.
func (o *Open) HTTP() string { return fmt.Sprintf("http://%v/announce", o.Addr) }

// UDP is the announce URL over UDP.
func (o *Open) UDP() string { return fmt.Sprintf("udp://%v/announce", o.Addr) }

// Start runs opentracker for the torrents named, and returns when it listens.
// Debian builds it for whitelists only; dir becomes its root, where it drops
// root for nobody, so it must not be anything else's.
func (o *Open) Start(dir string, hashes ...[20]byte) error {
	const list = "whitelist"
	var b strings.Builder
	for _, h := range hashes {
		b.WriteString(hex.EncodeToString(h[:]) + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, list), []byte(b.String()), 0o644); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	port := fmt.Sprint(o.Addr.Port())
	p, err := proc.Start(proc.Spec{
		Name: "opentracker", Path: "opentracker", Dir: dir,
		Args: []string{"-i", o.Addr.Addr().String(), "-p", port, "-P", port, "-d", dir, "-u", "nobody", "-w", list},
	})
	if err != nil {
		return err
	}
	o.proc = p
	return p.Listening(o.Addr)
}

// Stop ends it.
func (o *Open) Stop() {
	if o.proc != nil {
		o.proc.Kill()
	}
}

// Output is what it printed.
func (o *Open) Output() string { return o.proc.Output() }
