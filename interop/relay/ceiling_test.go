package relay

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"peerwire/sim/packet"
)

// The most that a relay passes, sender and receiver in the same process: what a program is measured through must stay well below.
func BenchmarkCeiling(b *testing.B) {
	const size, ahead = 1428, 2048
	any4 := netip.MustParseAddrPort("127.0.0.1:0")
	from, err := open(any4)
	if err != nil {
		b.Fatal(err)
	}
	to, err := open(any4)
	if err != nil {
		b.Fatal(err)
	}
	r, err := Start(Options{Front: any4, Back: any4, To: to.at, There: packet.Line{Rate: 1 << 40, Queue: 1 << 30}})
	if err != nil {
		b.Fatal(err)
	}
	data := make([]byte, size)
	sent, got := 0, 0
	b.SetBytes(size)
	for b.Loop() {
		for ; sent-got > ahead; got += drain(b, to) {
		}
		if from.put(sent%batch, r.Front(), data); sent%batch == batch-1 {
			if err := from.write(batch); err != nil {
				b.Fatal(err)
			}
		}
		sent++
	}
	report, err := r.Close()
	if err != nil || report.Overrun != 0 {
		b.Errorf("%+v, %v", report, err)
	}
	b.ReportMetric(float64(report.CPU.Nanoseconds())/float64(max(1, report.There.Passed)), "relay-ns/op")
	_, _ = unix.Close(from.fd), unix.Close(to.fd)
}

// drain waits for datagrams and throws them away.
func drain(b *testing.B, s *socket) int {
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN}}, 1000); err != nil && err != unix.EINTR {
		b.Fatal(err)
	}
	n, err := s.read()
	if err != nil {
		b.Fatal(err)
	}
	return n
}
