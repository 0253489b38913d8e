package sim_test

import (
	"path/filepath"
	"strings"
	"testing"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/model"
)

// unjudged are the transcripts that the reference model does not follow, and why not.
var unjudged = []struct{ name, why string }{
	{"super_seed", "super-seeding is not modelled"},
	{"geometry_unknown", "a geometry that is not known is not modelled"},
	{"connections_of_one", "a torrent's own limit of connections (LIM-13) is not modelled"},
	{"handshakes_50", "the limit of handshakes (LIM-8) is not modelled"},
	{"private", "private torrents (DIA-13) are not modelled"},
	{"disk_slow", "that reading pauses for the disk (LIM-9) is not modelled"},
	{"outstanding_requests", "the model would take minutes for hundreds of requests"},
	{"no_interest", "the model would take long for hundreds of connections"},
}

// Every other transcript is what the reference model, written from SPEC.md alone, allows, call by call.
func TestTranscriptsAgreeWithModel(t *testing.T) {
	each(t, func(t *testing.T, path string) {
		for _, u := range unjudged {
			if strings.HasPrefix(filepath.Base(path), u.name) {
				t.Log(u.why)
				return
			}
		}
		play(t, path, sim.Options{Seed: 1, Judge: judged})
	})
}

func judged(cfg bt.Config) sim.Judge { return model.New(cfg) }
