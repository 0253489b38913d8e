package interop

import (
	"net/netip"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/netns"
)

// Each other client alone is the seed, and the subject downloads from it.
func TestDownloadFrom(t *testing.T) {
	for _, other := range client.Others() {
		pair(t, other.Name(), other, subject(), netns.Next)
	}
}

// Each other client alone downloads from the subject.
func TestUploadTo(t *testing.T) {
	for _, other := range client.Others() {
		pair(t, other.Name(), subject(), other, netns.Next)
	}
}

// Over IPv6 libtorrent stands for all: the protocol is the same, and the
// others cannot be told IPv6 peers.
func TestIPv6(t *testing.T) {
	pair(t, "from libtorrent", client.Libtorrent{}, subject(), netns.Next6)
	pair(t, "to libtorrent", subject(), client.Libtorrent{}, netns.Next6)
}

// pair runs one seed and one leecher with each shape of torrent, once with
// either dialling: both ends of the handshake are then each one's own.
func pair(t *testing.T, name string, seed, leech client.Client, address func() netip.AddrPort) {
	for _, s := range shapes {
		t.Run(name+"/"+s.name+"/leecher dials", func(t *testing.T) {
			t.Parallel()
			from, to := jobs(t, s, address)
			launch(t, seed.Seed, from)
			to.Dial = []netip.AddrPort{from.Listen}
			complete(t, launch(t, leech.Leech, to), to)
		})
		t.Run(name+"/"+s.name+"/seed dials", func(t *testing.T) {
			t.Parallel()
			from, to := jobs(t, s, address)
			leecher := launch(t, leech.Leech, to)
			from.Dial = []netip.AddrPort{to.Listen}
			launch(t, seed.Seed, from)
			complete(t, leecher, to)
		})
	}
}

// jobs are a seed's and a leecher's for the same torrent.
func jobs(t *testing.T, s shape, address func() netip.AddrPort) (from, to client.Job) {
	t.Helper()
	torrent := s.make(t, "")
	from, to = seedJob(t, torrent), leechJob(t, torrent)
	from.Listen, to.Listen = address(), address()
	return from, to
}
