package interop

import (
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/netns"
)

// A tracker where nobody listens does not keep the subject from peers that
// it was given by hand.
func TestMissingTracker(t *testing.T) {
	t.Parallel()
	from, to := jobs(t, shapes[0], netns.Next)
	launch(t, client.Libtorrent{}.Seed, from)
	to.Dial, to.Tracker = []netip.AddrPort{from.Listen}, true
	complete(t, launch(t, subject().Leech, to), to)
}

// An aria2 that was told to trust its data serves garbage in place of a third
// of it, beside an honest but slow seed. The subject gets it right all the
// same.
func TestLyingSeed(t *testing.T) {
	t.Parallel()
	honest, to := jobs(t, shapes[0], netns.Next)
	honest.UploadLimit = seedRate
	launch(t, client.Libtorrent{}.Seed, honest)

	liar := honest
	liar.UploadLimit, liar.Scratch, liar.Listen, liar.Dir = 0, t.TempDir(), netns.Next(), t.TempDir()
	forge(t, honest, liar)
	launch(t, client.Aria2{Trust: true}.Seed, liar)

	to.Dial = []netip.AddrPort{liar.Listen, honest.Listen}
	r := launch(t, subject().Leech, to)
	complete(t, r, to)
	blamed(t, r, liar.Listen)
}

// blamed waits until btclient has said that a peer broke the specification,
// and where, or that it is banned for that.
func blamed(t *testing.T, r *client.Run, peer netip.AddrPort) {
	t.Helper()
	if r.Name() == (client.Btclient{}).Name() {
		await(t, r, "violation by "+peer.String(), func(e client.Event) bool {
			told := e.Event == "violation" && e.Address == peer.String() || e.Event == "ban" && e.Address == peer.Addr().String()
			return told && e.Clause != ""
		})
	}
}

// forge copies a single file from one job's folder to another's, with every
// third piece's worth of bytes in its middle replaced by others.
func forge(t *testing.T, from, to client.Job) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(from.Dir, from.Torrent.Name))
	if err != nil {
		t.Fatal(err)
	}
	const piece = 1 << 18
	for at := piece + piece/2; at < len(data); at += 3 * piece {
		data[at] ^= 0xff
	}
	if err := os.WriteFile(filepath.Join(to.Dir, to.Torrent.Name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Peers that send what no peer may send lose their connection while a
// download goes on, and it goes on.
func TestGarbage(t *testing.T) {
	garbage := map[string]string{
		"no handshake":      "GET / HTTP/1.1\r\nHost: here\r\n\r\nand enough more to be as long as a handshake is, and longer",
		"endless message":   "\xff\xff\xff\xff\x07",
		"have out of range": "\x00\x00\x00\x05\x04\xff\xff\xff\xff",
		"short request":     "\x00\x00\x00\x05\x06\x00\x00\x00\x00",
		"unasked block":     "\x00\x00\x00\x0d\x07\x00\x00\x00\x00\x00\x00\x00\x00abcd",
	}
	t.Parallel()
	l := newLives(t)
	r := l.begin(t)
	l.grow(t, 1<<20)
	for name, bytes := range garbage {
		peer := netip.AddrPortFrom(netns.Next().Addr(), 10000)
		if err := insult(l.job, peer, name != "no handshake", bytes); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		blamed(t, r, peer)
	}
	if last, ok := r.Last(client.Progress); !ok || last.BytesDone == l.job.Torrent.Size {
		t.Errorf("the download was over before the insults were: %+v", last)
	}
	complete(t, r, l.job)
	frugal(t, l.seed, l.job.Torrent.Size+window)
}

// insult dials a client from an address, sends bytes, after a handshake or
// at once, and waits to be thrown out.
func insult(job client.Job, from netip.AddrPort, handshake bool, bytes string) error {
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(from)}
	conn, err := dialer.Dial("tcp", job.Listen.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(transferLimit)); err != nil {
		return err
	}
	if handshake {
		if err := client.Handshake(conn, job.Torrent.InfoHash, "-PW0000-insulting..."); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(conn, bytes); err != nil {
		return err
	}
	// All that it says before it closes; a reset is as good an end.
	if _, err := io.Copy(io.Discard, conn); err != nil && os.IsTimeout(err) {
		return err
	}
	return nil
}
