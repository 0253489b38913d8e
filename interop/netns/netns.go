// Package netns runs the calling program in private network, mount and PID
// namespaces, and hands out addresses there.
//
// Loopback itself will not do as a network: Transmission ignores peers in
// 127.0.0.0/8, and most clients take two peers on one IP for the same peer.
// In a namespace of our own a whole /16 is put on lo instead, every client
// gets an address nobody else has, so every port on it is free, and nothing
// can reach the world or be reached from it.
package netns

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
)

// Home is the address of the namespace's lo, and the source address of
// whoever connects without binding one.
var Home = netip.MustParseAddr("10.99.0.1")

const (
	prefix  = "10.99.0.1/16"
	prefix6 = "fd99::/64"
	mark    = "PEERWIRE_NAMESPACE"
	// peerPort is where every client listens, each on an address of its own.
	peerPort = 6881
	// firstHost and maxHost are the lowest and the highest number handed out.
	firstHost = 10
	maxHost   = 0xd000
)

// Inside tells whether this process already runs in its namespace.
func Inside() bool { return os.Getenv(mark) == "yes" }

// Enter runs this very program again in new network, mount and PID
// namespaces, with the same arguments and streams, and returns its exit code
// once it has ended. Interrupts are left to the child, which shares our
// terminal.
func Enter() (int, error) {
	if os.Geteuid() != 0 {
		return 1, errors.New("needs root: it makes a network namespace")
	}
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}
	// The parent-death signal follows the thread, so the thread must stay.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// Caught and dropped, not ignored: what is ignored stays so in children.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), mark+"=yes")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		// Being the first process of a PID namespace, it takes every client
		// with it when it dies, however it dies, and it dies with us.
		Cloneflags: syscall.CLONE_NEWPID,
		// Unlike Cloneflags this also keeps mounts from getting out.
		Unshareflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
		Pdeathsig:    syscall.SIGKILL,
	}
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, fmt.Errorf("entering a network namespace: %w", err)
	}
	return 0, nil
}

// Up makes the namespaces usable: it mounts their /proc, raises their
// loopback, and makes all of 10.99.0.0/16 and fd99::/64 local.
func Up() error {
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"address", "add", prefix, "dev", "lo"},
		{"-6", "route", "add", "local", prefix6, "dev", "lo"},
	} {
		if err := ip(args...); err != nil {
			return err
		}
	}
	// A route is not enough to bind an IPv6 address, as it is for IPv4.
	return os.WriteFile("/proc/sys/net/ipv6/ip_nonlocal_bind", []byte("1"), 0)
}

var handedOut atomic.Uint32

// Next returns a listening address that nobody else was given. There are
// some 53 000 of them.
func Next() netip.AddrPort {
	n := number()
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 99, byte(n >> 8), byte(n)}), peerPort)
}

// NextAtHome is Next for a client that cannot bind its outgoing connections,
// so that trackers see it at Home: it listens there, at a port nobody else
// was given.
func NextAtHome() netip.AddrPort { return netip.AddrPortFrom(Home, uint16(peerPort+number())) }

// Next6 is Next for IPv6.
func Next6() netip.AddrPort {
	n := number()
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0xfd, 1: 0x99, 14: byte(n >> 8), 15: byte(n)}), peerPort)
}

func number() uint32 {
	n := handedOut.Add(1) + firstHost - 1
	if n > maxHost {
		panic("BUG: more clients than addresses")
	}
	return n
}
