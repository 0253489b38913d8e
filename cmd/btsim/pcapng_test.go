package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"peerwire/core/wire"
)

// A capture has every message of the session as a packet, with whole sequence numbers, block payload counted and left out, and our reasons
// beside what they brought about.
func TestCapture(t *testing.T) {
	dir := t.TempDir()
	record, to := filepath.Join(dir, "a.trace"), filepath.Join(dir, "a.pcapng")
	btsim(t, "run", "first-pair", "--until", "3s", "--trace", record)
	btsim(t, "trace", record, "--node", "seed", "--pcapng", to)
	f, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	next := make(map[layers.TCPPort]uint32)
	var pieces, unchokes int
	for {
		data, ci, opts, err := r.ReadPacketDataWithOptions()
		if err != nil {
			break
		}
		p := gopacket.NewPacket(data, layers.LayerTypeIPv4, gopacket.Default)
		tcp, ok := p.TransportLayer().(*layers.TCP)
		if !ok {
			t.Fatalf("a packet is no TCP: %v", p)
		}
		left := ci.Length - ci.CaptureLength
		if want, known := next[tcp.SrcPort]; known && want != tcp.Seq {
			t.Fatalf("the stream goes on at %d, not at %d: %v", tcp.Seq, want, p)
		}
		next[tcp.SrcPort] = tcp.Seq + uint32(len(tcp.Payload)+left)
		if tcp.SYN || tcp.FIN {
			next[tcp.SrcPort]++
		}
		if len(tcp.Payload) < 5 || len(tcp.Payload) == wire.HandshakeLen {
			continue
		}
		switch wire.ID(tcp.Payload[4]) {
		case wire.Piece:
			pieces++
			if left != 16384 || len(tcp.Payload) != wire.PieceHeaderLen {
				t.Errorf("of a piece %d bytes are there and %d not", len(tcp.Payload), left)
			}
		case wire.Unchoke:
			unchokes++
			if comments := strings.Join(opts.Comments, "\n"); !strings.Contains(comments, "Choked false: a slot was free [CHK-8]") {
				t.Errorf("the unchoke has the comments %q", comments)
			}
		}
	}
	if pieces < 50 || unchokes != 1 {
		t.Errorf("%d pieces, %d unchokes", pieces, unchokes)
	}
}
