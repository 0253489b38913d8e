package utp

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// While a thousand forged SYNs come each second, from anywhere, or from the dialler's own address, dials get through, but for one in a hundred.
func TestForgedDials(t *testing.T) {
	for name, sites := range map[string]int{"anywhere": 1 << 24, "own": 1} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, opt Options) { testForgedDials(t, opt, sites) })
		})
	}
}

func testForgedDials(t *testing.T, opt Options, sites int) {
	const dials, pause = 100, 10 * time.Millisecond
	a, b := newStation(t, "127.0.0.1", opt), newStation(t, "127.0.0.1", opt)
	stop := make(chan struct{})
	var flood sync.WaitGroup
	flood.Go(func() {
		r := rand.New(rand.NewPCG(1, 2))
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			from := peer(1+r.IntN(sites), 1+r.IntN(1<<16-1)) // never off this machine
			b.arrived(from, makePacket(syn, uint16(r.Uint32()), uint16(r.Uint32()), 0))
		}
	})
	failed := 0
	for range dials {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		near, err := a.Dial(ctx, b.Addr())
		cancel()
		if err != nil {
			failed++
			continue
		}
		a.Watch(near, func() {})
		a.say(near, "hello")
		far := b.accept()
		b.expect(far, "hello")
		near.Close()
		far.Close()
		time.Sleep(pause)
	}
	close(stop)
	flood.Wait()
	if failed > dials/100 {
		t.Errorf("%d of %d dials failed; %+v; %+v", failed, dials, a.Stats(), b.Stats())
	}
	if s := b.Stats(); opt.Engine == Anacrolix && (s.Validated < dials-uint64(failed) || s.HalfOpen > maxHalfOpen ||
		sites == 1 && s.HalfOpen > maxHalfOpenSite) {
		t.Errorf("%+v", s)
	}
}

// Whoever was driven out of the places of his site, between our answer and what he says next, is let in all the same.
func TestDrivenOut(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		s := newStation(t, "127.0.0.1", opt)
		b := byHand(t, s)
		for port := range 10 * maxHalfOpenSite {
			s.arrived(peer(1, 1+port), makePacket(syn, uint16(port), 9, 0))
		}
		b.tell(data, 2, 1<<20, 'a')
		c := s.accept()
		s.expect(c, "a")
		c.Close()
	})
}

// The library's switches in the environment change nothing: it would lose all packets, and tell of it.
func TestSwitches(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestTalk$")
	cmd.Env = append(os.Environ(), "GO_UTP_PACKET_DROP=1", "GO_UTP_LOGGING=5")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "PASS" && !strings.HasPrefix(string(out), "PASS\ncoverage") {
		t.Errorf("%v: %s", err, out)
	}
}
