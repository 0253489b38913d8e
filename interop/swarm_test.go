package interop

import (
	"fmt"
	"slices"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
	"peerwire/interop/netns"
	"peerwire/interop/tracker"
)

// Everybody together in one swarm that meets at opentracker: one client is
// the seed, all others download, from it and from each other, and complete.
func TestSwarm(t *testing.T) {
	all := append([]client.Client{subject()}, client.Others()...)
	for i, seed := range all {
		s := shapes[i%len(shapes)]
		t.Run(fmt.Sprintf("%s seeds %s", seed.Name(), s.name), func(t *testing.T) {
			t.Parallel()
			open, torrent := meeting(t, s)
			launch(t, seed.Seed, tracked(seedJob(t, torrent), seed))
			everybodyGets(t, torrent, slices.Delete(slices.Clone(all), i, i+1))
			if t.Failed() {
				t.Logf("opentracker:\n%s", open.Output())
			}
		})
	}
}

// A super-seed feeds a swarm of everybody else's clients, which pass its pieces
// on to each other: all complete, and it sends hardly more than one copy to the
// three of them.
func TestSuperSeed(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			open, torrent := meeting(t, s)
			job := tracked(seedJob(t, torrent), subject())
			job.SuperSeed = true
			seed := launch(t, subject().Seed, job)
			everybodyGets(t, torrent, client.Others())
			stop(t, seed)
			if seed.Name() == (client.Btclient{}).Name() { // the others cannot be told to
				frugal(t, seed, torrent.Size*3/2)
			}
			if t.Failed() {
				t.Logf("opentracker:\n%s\nbtclient:\n%s", open.Output(), seed.Output())
			}
		})
	}
}

// meeting starts an opentracker and makes a torrent that names it, over HTTP
// and UDP.
func meeting(t *testing.T, s shape) (*tracker.Open, *fixture.Torrent) {
	t.Helper()
	open := tracker.NewOpen()
	torrent := s.make(t, open.HTTP()+","+open.UDP())
	if err := open.Start(t.TempDir(), torrent.InfoHash); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(open.Stop)
	return open, torrent
}

// everybodyGets lets clients download a torrent and learn of each other
// from its tracker. Nobody leaves before everybody is complete.
func everybodyGets(t *testing.T, torrent *fixture.Torrent, clients []client.Client) {
	t.Helper()
	var leechers []*client.Run
	var jobs []client.Job
	for _, c := range clients {
		job := tracked(leechJob(t, torrent), c)
		job.Stay = true
		leechers, jobs = append(leechers, launch(t, c.Leech, job)), append(jobs, job)
	}
	for _, r := range leechers {
		awaitComplete(t, r)
	}
	for i, r := range leechers {
		stop(t, r)
		same(t, r, jobs[i])
	}
}

// tracked lets a job ask the torrent's tracker, which gives to others the
// address that it is asked from: for btclient, which binds no address to
// dial from, that is the namespace's own.
func tracked(job client.Job, c client.Client) client.Job {
	job.Tracker = true
	if c.Name() == (client.Btclient{}).Name() {
		job.Listen = netns.NextAtHome()
	}
	return job
}
