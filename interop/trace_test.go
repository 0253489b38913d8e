package interop

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/netns"
)

// A download that btclient records is one that its core can be told again: it answers the same, to the byte. And the capture that is
// made of it is one of BitTorrent to Wireshark, with every packet whole but for payload, which is counted and left out.
func TestTrace(t *testing.T) {
	for name, test := range map[string]struct {
		seed      client.Client
		transport string
	}{
		"libtorrent":          {client.Libtorrent{}, "tcp"},
		"libtorrent over utp": {client.Libtorrent{UTP: true}, "utp"},
		"transmission":        {client.Transmission{}, "tcp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := jobs(t, shapes[0], netns.Next)
			trace := filepath.Join(t.TempDir(), "get.trace")
			launch(t, test.seed.Seed, from)
			to.Dial = []netip.AddrPort{from.Listen}
			us := client.Btclient{Transport: test.transport, Trace: trace}
			r := launch(t, us.Leech, to)
			complete(t, r, to)
			if err := r.Wait(); err != nil {
				t.Fatal(err)
			}
			replayed(t, trace)
			dissected(t, trace, int((to.Torrent.Size-1)>>shapes[0].bits)+1, from.Listen)
		})
	}
}

// output is what a program prints, which is to end well.
func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), transferLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("%s %q: %v\n%s%s", program, args, err, out, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func replayed(t *testing.T, trace string) {
	t.Helper()
	info, err := os.Stat(trace)
	if err != nil {
		t.Fatal(err)
	}
	out := output(t, os.Getenv(btsimVariable), "replay", trace)
	t.Logf("%d bytes: %s", info.Size(), out)
	if !strings.Contains(out, ": the same to the byte: 1 session answered ") {
		t.Error(out)
	}
}

// dissected has tshark take the capture of a trace apart.
func dissected(t *testing.T, trace string, pieces int, seed netip.AddrPort) {
	t.Helper()
	capture := trace + ".pcapng"
	output(t, os.Getenv(btsimVariable), "trace", trace, "--pcapng", capture)
	port := "tcp.port==" + regexp.MustCompile(`\d+$`).FindString(seed.String()) + ",bittorrent"
	tshark := func(filter string, args ...string) []string {
		args = append([]string{"-r", capture, "-d", port, "-Y", filter}, args...)
		return strings.Split(strings.TrimSpace(output(t, "tshark", args...)), "\n")
	}
	// The severest of what is known to experts are errors, 0x800000, and among them what is malformed.
	wrong := "_ws.malformed || _ws.expert.severity >= 0x800000 || tcp.analysis.lost_segment || tcp.analysis.retransmission"
	wrong += " || tcp.len > 0 && !bittorrent || bittorrent.continuous_data" // which is what is no message
	if bad := tshark(wrong); bad[0] != "" {
		t.Errorf("%d packets are not as they should be, the first:\n%s", len(bad), bad[0])
	}
	headers := tshark("bittorrent.msg.type == 7", "-T", "fields", "-e", "bittorrent.piece.index")
	seen := make(map[string]bool)
	for _, piece := range headers {
		seen[piece] = true
	}
	if len(seen) != pieces {
		t.Errorf("blocks of %d pieces are there, of %d that the torrent has", len(seen), pieces)
	}
	comments := strings.Join(tshark("frame.comment", "-T", "fields", "-e", "frame.comment"), "\n")
	for _, want := range []string{"dialled connected from ", "RemoteChoked false: it said unchoke [MSG-1]", "Interesting true: it has "} {
		if !strings.Contains(comments, want) {
			t.Errorf("no packet has the comment %q", want)
		}
	}
}
