package interop

import (
	"context"
	"encoding/json"
	"flag"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
)

// utpBytes is how long the torrents are that pass over uTP.
var utpBytes = flag.Int64("utp-bytes", 256<<20, "length of the torrents that are transferred over uTP")

// utpLimit bounds an upload over uTP.
const utpLimit = 2 * transferLimit

// engines are what btclient can speak uTP with.
var engines = []string{"anacrolix", "peerwire"}

// overUTP are clients of other people that speak nothing but uTP.
var overUTP = []client.Client{client.Libtorrent{UTP: true}, client.Transmission{UTP: true}}

// Each engine downloads from and uploads to clients that speak uTP only. The
// leecher dials. Transmission 3.00 takes a while to do so, and then takes
// little at a time, so these transfers go on side by side.
func TestUTP(t *testing.T) {
	s := shape{name: "one.bin", bits: 20, files: []fixture.File{{Path: "one.bin", Size: *utpBytes + 12345}}}
	torrent := s.make(t, "")
	for _, engine := range engines {
		us := client.Btclient{Transport: "utp", Engine: engine}
		for _, other := range overUTP {
			t.Run(engine+" from "+other.Name(), func(t *testing.T) {
				from, to := seedJob(t, torrent), leechJob(t, torrent)
				launch(t, other.Seed, from)
				to.Dial = append(to.Dial, from.Listen)
				r := launch(t, us.Leech, to)
				complete(t, r, to)
				wantNoTCP(t, r)
			})
			t.Run(engine+" to "+other.Name(), func(t *testing.T) {
				torrent := torrent
				if other.Name() == (client.Transmission{}).Name() {
					t.Parallel()
					torrent = s.make(t, "") // a folder has one seed
				}
				from, to := seedJob(t, torrent), leechJob(t, torrent)
				r := launch(t, us.Seed, from)
				to.Dial = append(to.Dial, from.Listen)
				leecher := launch(t, other.Leech, to)
				ctx, cancel := context.WithTimeout(t.Context(), utpLimit)
				defer cancel()
				if _, err := leecher.AwaitComplete(ctx); err != nil {
					t.Fatal(err)
				}
				complete(t, leecher, to)
				stop(t, r)
				wantNoTCP(t, r)
			})
		}
	}
}

// With each engine, a seed feeds a swarm whose members speak TCP, uTP, or both,
// and meet at opentracker.
func TestMixedSwarm(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			open, torrent := meeting(t, shapes[0])
			us := client.Btclient{Transport: "both", Engine: engine}
			seed := launch(t, us.Seed, tracked(seedJob(t, torrent), us))
			everybodyGets(t, torrent, append(client.Others(), client.Libtorrent{UTP: true}, us))
			stop(t, seed)
			if seen := kinds(t, seed); seen["tcp_in"]+seen["tcp_out"] == 0 || seen["utp_in"]+seen["utp_out"] == 0 {
				t.Errorf("the seed's peers were %v", seen)
			}
			if t.Failed() {
				t.Logf("opentracker:\n%s", open.Output())
			}
		})
	}
}

// wantNoTCP wants none of btclient's connections to have been over TCP.
func wantNoTCP(t *testing.T, r *client.Run) {
	t.Helper()
	if seen := kinds(t, r); seen["tcp_in"]+seen["tcp_out"] > 0 {
		t.Errorf("its peers were %v", seen)
	}
}

// kinds are how many connections of each kind btclient ever had, as its last
// line about its progress says: over loopback many are open for less time than
// there is between two such lines.
func kinds(t *testing.T, r *client.Run) map[string]int {
	t.Helper()
	var ever map[string]int
	for _, e := range r.Events() {
		if e.Event != client.Progress {
			continue
		}
		var line struct {
			Opened map[string]int `json:"opened_by_kind"`
		}
		if err := json.Unmarshal([]byte(e.Line), &line); err != nil {
			t.Fatal(err)
		}
		ever = line.Opened
	}
	if len(ever) == 0 {
		t.Fatal("it never said of what kind its peers were")
	}
	return ever
}
