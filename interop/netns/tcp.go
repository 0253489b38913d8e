package netns

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strconv"
	"sync"
)

// NoTCPFrom keeps an address from dialling peers over TCP, at the port where
// clients listen that have an address of their own. What it dials with UDP is
// not affected, nor what it dials elsewhere.
func NoTCPFrom(a netip.Addr) error { return prohibit("from", a) }

// NoTCPTo keeps everybody from dialling an address over TCP, at that port.
func NoTCPTo(a netip.Addr) error { return prohibit("to", a) }

// prohibit adds a rule that is looked at before what is local.
func prohibit(side string, a netip.Addr) error {
	if err := localLater(); err != nil {
		return err
	}
	return ip("rule", "add", "pref", "10", side, a.String(), "ipproto", "tcp", "dport", strconv.Itoa(peerPort), "prohibit")
}

// localLater makes room before the rule for local addresses, which is the
// first of all.
var localLater = sync.OnceValue(func() error {
	if err := ip("rule", "add", "pref", "100", "lookup", "local"); err != nil {
		return err
	}
	return ip("rule", "del", "pref", "0")
})

func ip(args ...string) error {
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("ip %v: %w: %s", args, err, out)
	}
	return nil
}
