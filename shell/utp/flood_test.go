package utp

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// While a thousand forged SYNs come each second, dials get through: a forger does not know who dials, and so has to drive out everybody.
func TestForgedDials(t *testing.T) {
	each(t, testForgedDials)
}

func testForgedDials(t *testing.T, opt Options) {
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
			from := peer(r.IntN(1<<24), 1+r.IntN(1<<16-1)) // never off this machine
			b.arrived(from, makePacket(syn, uint16(r.Uint32()), uint16(r.Uint32()), 0))
		}
	})
	for range dials {
		near, far := a.dial(b)
		near.Close()
		far.Close()
		time.Sleep(pause)
	}
	close(stop)
	flood.Wait()
	if s := b.Stats(); opt.Engine == Anacrolix && (s.Validated != dials || s.HalfOpen > maxHalfOpen || s.HalfOpen < dials) {
		t.Errorf("%+v", s)
	}
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
