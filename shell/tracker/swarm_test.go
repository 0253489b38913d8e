package tracker

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/internal/minitracker"
)

// Client and minitracker are two readings of the protocols; here they meet.
func TestSwarmOnARealTracker(t *testing.T) {
	server, err := minitracker.Start(minitracker.Config{Addrs: []string{"127.0.0.1:0", "[::1]:0"}, MinInterval: 90 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	var all []Response
	var client Client
	for i, u := range slices.Concat(server.URLs(), server.UDPURLs()) {
		r := sample()
		r.PeerID[19], r.Port, r.Left = byte(i), uint16(7000+i), uint64(i) // the first is a seed
		answer, err := client.Announce(bounded(t), u, r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, answer)
	}
	want := [][]netip.AddrPort{
		nil,
		peers("127.0.0.1:7000"),
		peers("127.0.0.1:7000"), // UDP tells of its own family only
		peers("[::1]:7001"),
	}
	for i, answer := range all {
		if !slices.Equal(answer.Peers, want[i]) || answer.Seeders != 1 || answer.Leechers != i || answer.Interval != minitracker.DefaultInterval {
			t.Errorf("answer %d: %+v, want %v", i, answer, want[i])
		}
	}
	for i, ip := range []string{"127.0.0.1", "::1"} {
		if all[i].ExternalIP.String() != ip || all[i].MinInterval != 90*time.Second {
			t.Errorf("answer %d: %+v", i, all[i])
		}
	}
	var log []string
	for _, a := range server.Announces() {
		log = append(log, fmt.Sprintf("%s %s %s %d/%d/%d %d %x %s", a.Protocol, a.Peer, a.Event, a.Uploaded, a.Downloaded, a.Left, a.NumWant, a.Key, a.URLData))
		if a.InfoHash != sampleHash {
			t.Errorf("hash %v", a.InfoHash)
		}
	}
	if got, want := strings.Join(log, "\n"), strings.Join([]string{
		"http 127.0.0.1:7000 started 1/2/0 50 deadbeef ",
		"http [::1]:7001 started 1/2/1 50 deadbeef ",
		"udp 127.0.0.1:7002 started 1/2/2 50 deadbeef /announce",
		"udp [::1]:7003 started 1/2/3 50 deadbeef /announce",
	}, "\n"); got != want {
		t.Errorf("the tracker understood\n%s\nwant\n%s", got, want)
	}
}

// An Announcer's whole life, over real sockets: it falls through to a tracker that works, is told of the other peer, and
// leaves the swarm as it found it.
func TestAnnouncerOnARealTracker(t *testing.T) {
	server, err := minitracker.Start(minitracker.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	other := sample()
	other.PeerID[0], other.Left = 'x', 0
	if _, err := new(Client).Announce(bounded(t), server.URLs()[0], other); err != nil {
		t.Fatal(err)
	}
	answers := make(chan Response, 10)
	dead := strings.TrimSuffix(server.URLs()[0], "announce") + "announcement"
	a := NewAnnouncer(Config{
		Tiers: [][]string{{dead}, {server.UDPURLs()[0]}}, InfoHash: sampleHash, PeerID: bt.PeerID{1}, Port: 6882,
		Totals: func() Totals { return Totals{Left: 7} }, Answered: func(r Response) { answers <- r },
	})
	ctx, cancel := context.WithCancel(bounded(t))
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	if r := <-answers; !slices.Equal(r.Peers, peers("127.0.0.1:6881")) {
		t.Errorf("answer %+v", r)
	}
	if seeders, leechers := server.Counts(sampleHash); seeders != 1 || leechers != 1 {
		t.Errorf("%d seeders, %d leechers", seeders, leechers)
	}
	a.Completed()
	<-answers
	cancel()
	<-done
	if seeders, leechers := server.Counts(sampleHash); seeders != 1 || leechers != 0 {
		t.Errorf("%d seeders, %d leechers at the end", seeders, leechers)
	}
	var events []string
	for _, a := range server.Announces()[1:] {
		events = append(events, a.Protocol+" "+a.Event)
	}
	if got := strings.Join(events, ", "); got != "udp started, udp completed, udp stopped" {
		t.Errorf("events %s", got)
	}
	if got := a.Status()[0].LastError; !strings.HasSuffix(got, "/*** answered 404 Not Found") {
		t.Errorf("the first tier: %s", got)
	}
}
