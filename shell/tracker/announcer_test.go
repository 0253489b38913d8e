package tracker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// world is what the trackers of a test do, in the virtual time of its bubble.
type world struct {
	t     *testing.T
	start time.Time

	mu       sync.Mutex
	trackers map[string]func(Request) (Response, error) // by URL; a missing one keeps silent
	log      []string
	totals   Totals
	answered int
}

var errDown = errors.New("connection refused")

// works answers with an interval of half an hour.
func works(Request) (Response, error) {
	return Response{Interval: 30 * time.Minute, Seeders: 1, Leechers: 2}, nil
}
func down(Request) (Response, error) { return Response{}, errDown }

// announce is what the Announcer calls. It logs "seconds URL event", and takes one second.
func (w *world) announce(ctx context.Context, url string, r Request) (Response, error) {
	w.mu.Lock()
	line := fmt.Sprintf("%.0f %s %s", time.Since(w.start).Seconds(), strings.TrimPrefix(url, "http://10.0.0."), r.Event)
	w.log = append(w.log, strings.TrimSpace(line))
	behave := w.trackers[url]
	w.mu.Unlock()
	if behave == nil {
		<-ctx.Done()
		return Response{}, ctx.Err()
	}
	select {
	case <-time.After(time.Second):
		w.mu.Lock()
		defer w.mu.Unlock()
		return behave(r)
	case <-ctx.Done():
		return Response{}, ctx.Err()
	}
}

// set changes what a tracker does from now on.
func (w *world) set(name string, behave func(Request) (Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trackers[tracked(name)] = behave
}

// tracked is the URL of a tracker with a short name. It has an address, so that there is one leg.
func tracked(name string) string { return "http://10.0.0." + name }

// left changes how much the torrent lacks.
func (w *world) left(n uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.totals.Left = n
}

// take gives the announces since the last call, when all is quiet.
func (w *world) take() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	log := w.log
	w.log = nil
	return log
}

// expect wants these announces since the last call.
func (w *world) expect(want ...string) {
	w.t.Helper()
	if got := strings.Join(w.take(), ", "); got != strings.Join(want, ", ") {
		w.t.Errorf("announces: %s\n     want: %s", got, strings.Join(want, ", "))
	}
}

// run starts an Announcer in a bubble of virtual time, gives it to the test, and ends it after.
func run(t *testing.T, tiers [][]string, trackers map[string]func(Request) (Response, error), test func(w *world, a *Announcer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: map[string]func(Request) (Response, error){}, totals: Totals{Left: 100}}
		for name, behave := range trackers {
			w.trackers[tracked(name)] = behave
		}
		a, end := begin(t, Config{
			Tiers: tiers, Port: 6881, Seed: 1, Announce: w.announce,
			Totals:   func() Totals { w.mu.Lock(); defer w.mu.Unlock(); return w.totals },
			Answered: func(Response) { w.answered++ },
		})
		test(w, a)
		end()
	})
}

// begin runs an Announcer until the returned function has been called.
func begin(t *testing.T, config Config) (*Announcer, func()) {
	if config.Answered == nil {
		config.Answered = func(Response) {}
	}
	a := NewAnnouncer(config)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	return a, func() { cancel(); <-done }
}

// urls writes tiers of short names as tiers of URLs: "1 2/3" has two tiers.
func urls(text string) [][]string {
	var tiers [][]string
	for tier := range strings.SplitSeq(text, "/") {
		var all []string
		for _, name := range strings.Fields(tier) {
			all = append(all, tracked(name))
		}
		tiers = append(tiers, all)
	}
	return tiers
}

type behaviour = map[string]func(Request) (Response, error)

func TestAnnouncesAtTheInterval(t *testing.T) {
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) {
		w.expect("0 1 started")
		time.Sleep(2 * time.Hour)
		w.expect("1801 1", "3602 1", "5403 1")
		if w.answered != 4 {
			t.Errorf("%d answers were passed on", w.answered)
		}
	})
}

func TestEventsAreToldOnce(t *testing.T) {
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) {
		w.expect("0 1 started")
		time.Sleep(time.Minute)
		w.left(0)
		a.Completed()
		a.Completed()
		w.expect("60 1 completed") // though the min interval is not over
		a.Completed()
		time.Sleep(time.Hour)
		w.expect("1861 1")
	})
}

// The last announces go to the trackers that know us, and to no other.
func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: behaviour{tracked("1"): down, tracked("2"): works, tracked("3"): works}}
		_, end := begin(t, Config{Tiers: urls("1/2/3"), Announce: w.announce, Totals: func() Totals { return Totals{} }})
		time.Sleep(time.Minute)
		w.set("2", down)
		time.Sleep(time.Hour) // tracker 3 takes over
		w.set("2", func(r Request) (Response, error) {
			if r.Event == Stopped && r.NumWant != 0 {
				t.Errorf("asked for %d peers at the end", r.NumWant)
			}
			return works(r)
		})
		w.take()
		end()
		log := w.take()
		slices.Sort(log)
		if got := strings.Join(log, ", "); got != "3660 2 stopped, 3660 3 stopped" {
			t.Errorf("announces at the end: %s", got)
		}
	})
}

func TestStopIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: behaviour{tracked("1"): works}}
		a := NewAnnouncer(Config{Tiers: urls("1"), Announce: w.announce,
			Totals: func() Totals { return Totals{} }, Answered: func(Response) { w.set("1", nil) }})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		a.Run(ctx)
		if took := time.Since(w.start); took != time.Minute+stopTimeout {
			t.Errorf("Run returned after %v", took)
		}
		w.expect("0 1 started", "60 1 stopped")
	})
}

func TestNothingIsToldToTrackersThatNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: behaviour{tracked("1"): down}}
		_, end := begin(t, Config{Tiers: urls("1/2"), Announce: w.announce, Totals: func() Totals { return Totals{} }})
		time.Sleep(3 * time.Second)
		end()
		w.expect("0 1 started", "1 2 started")
	})
}

// Whoever knew us as a seed only did not see a download complete.
func TestCompletionIsToldToThoseWhoSawTheDownload(t *testing.T) {
	run(t, urls("1/2"), behaviour{"1": works, "2": works}, func(w *world, a *Announcer) {
		time.Sleep(time.Minute)
		w.left(0)
		a.Completed()
		w.expect("0 1 started", "60 1 completed")
		time.Sleep(time.Minute)
		w.set("1", down)
		time.Sleep(time.Hour)
		w.set("1", works)
		time.Sleep(time.Hour)
		if log := strings.Join(w.take(), ", "); strings.Count(log, "completed") != 0 || strings.Count(log, "2 started") != 1 {
			t.Errorf("announces: %s", log)
		}
	})
}

// A download can be shorter than its first announce takes.
func TestCompletionDuringTheFirstAnnounce(t *testing.T) {
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) {
		w.expect("0 1 started")
		w.left(0)
		a.Completed()
		time.Sleep(time.Minute)
		w.expect("1 1 completed")
		time.Sleep(30 * time.Minute)
		w.expect("1802 1")
	})
}

// A client may end before the completion was told. That is told first then.
func TestCompletionAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: behaviour{tracked("1"): works}}
		a, end := begin(t, Config{Tiers: urls("1"), Announce: w.announce, Totals: func() Totals { return Totals{Left: 100} }})
		time.Sleep(time.Minute)
		w.set("1", down)
		a.Completed()
		time.Sleep(2 * time.Second) // it failed, and is not tried again yet
		w.expect("0 1 started", "60 1 completed")
		end()
		w.expect("62 1 completed", "63 1 stopped")
	})
}

// A client may end while the completion is being told. That is not cut short, and not told again.
func TestCompletionUnderWayAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, start: time.Now(), trackers: behaviour{tracked("1"): works}}
		a, end := begin(t, Config{Tiers: urls("1"), Announce: w.announce, Totals: func() Totals { return Totals{Left: 100} }})
		time.Sleep(time.Minute)
		a.Completed()
		synctest.Wait()
		end()
		w.expect("0 1 started", "60 1 completed", "61 1 stopped")
	})
}

func TestCompletionSurvivesAFailure(t *testing.T) {
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) {
		time.Sleep(10 * time.Minute)
		w.expect("0 1 started")
		w.set("1", down)
		a.Completed()
		time.Sleep(2 * time.Second)
		w.expect("600 1 completed")
		w.set("1", works)
		time.Sleep(10 * time.Second)
		w.expect("605 1 completed") // failed at 601, then a little less than retryDelay
	})
}

// An event may come before the min interval is over, but what fails is not tried again before.
func TestAFailedEventKeepsTheMinInterval(t *testing.T) {
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) {
		time.Sleep(time.Minute)
		w.set("1", down)
		a.Completed()
		time.Sleep(4*time.Minute + 5*time.Second)
		w.expect("0 1 started", "60 1 completed", "301 1 completed")
	})
}

// Tiers are tried in order, and each announce starts at the first (BEP 12).
func TestTiersFallThrough(t *testing.T) {
	run(t, urls("1/2/3"), behaviour{"1": down, "2": works, "3": works}, func(w *world, a *Announcer) {
		time.Sleep(4 * time.Second)
		w.expect("0 1 started", "1 2 started")
		time.Sleep(26 * time.Minute) // the first tier is tried ever less often
		if log := w.take(); len(log) < 7 || len(log) > 10 {
			t.Errorf("%d further announces in 26 minutes: %s", len(log), log)
		}
		w.set("1", works)
		time.Sleep(2 * time.Hour)
		w.expect("1802 2", "2266 1 started", "4067 1", "5868 1", "7669 1")
	})
}

// A tracker that answers is moved to the front of its tier, and asked first from then on.
func TestPromotionWithinATier(t *testing.T) {
	run(t, urls("1 2 3 4"), behaviour{"1": down, "2": down, "3": works, "4": down}, func(w *world, a *Announcer) {
		time.Sleep(10 * time.Second)
		if got := a.Status()[0]; got.URL != Redact(tracked("3")) || got.State != Working {
			t.Errorf("first is %v", got)
		}
		w.take()
		time.Sleep(3 * time.Hour)
		w.expect("1802 3", "3603 3", "5404 3", "7205 3", "9006 3", "10807 3")
	})
}

func TestShuffleIsOfTheSeed(t *testing.T) {
	order := func(seed uint64) string {
		var names []string
		for _, s := range NewAnnouncer(Config{Tiers: urls("1 2 3 4 5 6 7 8/9"), Seed: seed}).Status() {
			names = append(names, s.URL)
		}
		return strings.Join(names, " ")
	}
	first, again := order(1), order(1)
	if first != again {
		t.Error("the same seed gives different orders")
	}
	if first == order(2) && first == order(3) {
		t.Error("different seeds give the same order")
	}
	if !strings.HasSuffix(order(1), " "+tracked("9")) {
		t.Errorf("tiers were mixed: %s", order(1))
	}
}

// A tracker that keeps silent does not hold up the next one for its full time.
func TestSilentTrackersArePassedBy(t *testing.T) {
	run(t, urls("1/2/3/4"), behaviour{"4": works}, func(w *world, a *Announcer) {
		time.Sleep(3*patience + time.Second)
		w.expect("0 1 started", "5 2 started", "10 3 started", "15 4 started")
		if got := a.Status(); got[0].State != Announcing || got[3].State != Working {
			t.Errorf("%v", got)
		}
		time.Sleep(announceTimeout - 3*patience)
		synctest.Wait()
		if got := a.Status()[0]; got.State != Failing || got.LastError == "" {
			t.Errorf("%v", got)
		}
	})
}

// But one that worked is given all its time before others are asked.
func TestASlowTrackerIsWaitedFor(t *testing.T) {
	run(t, urls("1/2"), behaviour{"1": works, "2": works}, func(w *world, a *Announcer) {
		time.Sleep(time.Minute)
		w.set("1", nil)
		time.Sleep(1801*time.Second + announceTimeout - time.Minute - time.Second)
		w.expect("0 1 started", "1801 1")
		time.Sleep(2 * time.Second)
		w.expect("1861 2 started")
	})
}

func TestBackOff(t *testing.T) {
	run(t, urls("1"), behaviour{"1": down}, func(w *world, a *Announcer) {
		time.Sleep(24 * time.Hour)
		log := w.take()
		last, gap := 0.0, time.Duration(0)
		for i, line := range log {
			var at float64
			if _, err := fmt.Sscan(line, &at); err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				gap = time.Duration(at-last) * time.Second
				most := min(retryDelay<<min(i-1, 20), maxDelay) + 2*time.Second
				if gap > most || gap < most*3/4-4*time.Second {
					t.Errorf("announce %d came %v after the one before, at most %v", i, gap, most)
				}
			}
			last = at
		}
		if len(log) < 50 || len(log) > 80 {
			t.Errorf("%d announces in a day", len(log))
		}
		w.set("1", works)
		time.Sleep(time.Hour)
		if got := a.Status()[0]; got.State != Working || got.LastError != "" {
			t.Errorf("%v", got)
		}
	})
}

// A tracker that says no is not asked again at once.
func TestRefusalsAreRespected(t *testing.T) {
	for _, err := range []error{&FailureError{}, &StatusError{}, ErrMalformed, fmt.Errorf("%w: here", ErrForbidden)} {
		refuse := func(Request) (Response, error) { return Response{}, err }
		run(t, urls("1"), behaviour{"1": refuse}, func(w *world, a *Announcer) {
			time.Sleep(refusedDelay * 3 / 4)
			w.expect("0 1 started")
			time.Sleep(refusedDelay)
			if log := w.take(); len(log) != 1 {
				t.Errorf("%v: announces %s", err, log)
			}
		})
	}
}

// Peers are few: the next announce comes as soon as the tracker permits.
func TestWantPeers(t *testing.T) {
	hasMin := func(Request) (Response, error) {
		return Response{Interval: time.Hour, MinInterval: 10 * time.Minute}, nil
	}
	run(t, urls("1"), behaviour{"1": hasMin}, func(w *world, a *Announcer) {
		time.Sleep(time.Minute)
		w.expect("0 1 started")
		a.WantPeers()
		a.WantPeers()
		time.Sleep(time.Hour - time.Minute - 2*time.Second)
		w.expect("601 1") // once; then the interval holds again
		a.WantPeers()
		w.expect("3598 1")
		time.Sleep(2 * time.Second)
		if got := a.Status()[0].NextAnnounce.Sub(w.start); got != 7199*time.Second {
			t.Errorf("next announce at %v", got)
		}
	})
	run(t, urls("1"), behaviour{"1": works}, func(w *world, a *Announcer) { // which names no min interval
		time.Sleep(time.Minute)
		w.expect("0 1 started")
		a.WantPeers()
		time.Sleep(10 * time.Minute)
		w.expect("301 1")
	})
}

// A tracker with a name is announced to over both families, each with its own events; one of them is enough.
func TestBothFamilies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var log []string
		v6, left := errors.New("no route"), uint64(1)
		announce := func(_ context.Context, _ string, r Request) (Response, error) {
			mu.Lock()
			defer mu.Unlock()
			log = append(log, fmt.Sprintf("%d:%s:%s", r.Family, r.Event, r.TrackerID))
			if r.Family == IPv6 && v6 != nil {
				return Response{}, v6
			}
			return Response{Interval: 30 * time.Minute, Peers: peers("1.2.3.4:5"), TrackerID: fmt.Sprint("id", r.Family)}, nil
		}
		a, end := begin(t, Config{Tiers: [][]string{{"udp://tracker.invalid:1"}}, Announce: announce,
			Totals: func() Totals { return Totals{Left: left} }})
		expect := func(want ...string) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			slices.Sort(log)
			if !slices.Equal(log, want) {
				t.Errorf("announces %s, want %s", log, want)
			}
			log = nil
		}
		expect("1:started:", "2:started:")
		if got := a.Status()[0]; got.State != Working || got.LastError != "" || got.Peers != 1 {
			t.Errorf("%v", got)
		}
		v6, left = nil, 0
		a.Completed()
		expect("1:completed:id1")
		time.Sleep(30 * time.Minute)
		expect("1::id1", "2:started:") // of which the tracker sees only now that it exists
		if got := a.Status()[0]; got.Peers != 2 {
			t.Errorf("%v", got)
		}
		end()
		expect("1:stopped:id1", "2:stopped:id2")
	})
}

// Where two legs are told different intervals, the longer hold for both.
func TestTheLongerIntervalHolds(t *testing.T) {
	for _, slow := range []Family{IPv4, IPv6} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			a, end := begin(t, Config{Tiers: [][]string{{"udp://tracker.invalid:1"}}, Totals: func() Totals { return Totals{} },
				Announce: func(_ context.Context, _ string, r Request) (Response, error) {
					if r.Family == slow {
						return Response{Interval: time.Hour, MinInterval: 10 * time.Second}, nil
					}
					return Response{Interval: 2 * time.Minute, MinInterval: time.Minute}, nil
				}})
			synctest.Wait()
			if got := a.Status()[0].NextAnnounce.Sub(begun); got != time.Hour {
				t.Errorf("next announce after %v", got)
			}
			a.WantPeers()
			time.Sleep(59 * time.Second)
			if got := a.Status()[0].NextAnnounce.Sub(begun); got != time.Hour {
				t.Errorf("announced before %v", got)
			}
			time.Sleep(2 * time.Second)
			if got := a.Status()[0].NextAnnounce.Sub(begun); got != time.Hour+time.Minute {
				t.Errorf("next announce after %v", got)
			}
			end()
		})
	}
}

// Of two legs that fail, the one that reached an address tells more.
func TestErrorOfTheBetterLeg(t *testing.T) {
	for _, better := range []Family{IPv4, IPv6} {
		synctest.Test(t, func(t *testing.T) {
			announce := func(_ context.Context, _ string, r Request) (Response, error) {
				if r.Family == better {
					return Response{}, errDown
				}
				return Response{}, &net.DNSError{Err: "no such host", Name: "tracker.invalid"}
			}
			a, end := begin(t, Config{Tiers: [][]string{{"udp://tracker.invalid:1"}}, Announce: announce,
				Totals: func() Totals { return Totals{} }})
			time.Sleep(3 * time.Second)
			end()
			if got := a.Status()[0]; got.LastError != errDown.Error() || got.State != Failing {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestUnusableTrackersAreSkipped(t *testing.T) {
	tiers := [][]string{{"wss://tracker.invalid/SECRET", tracked("1"), tracked("1")}, nil, {"", tracked("1"), tracked("2")}}
	run(t, tiers, behaviour{"1": works}, func(w *world, a *Announcer) {
		time.Sleep(time.Minute)
		w.expect("0 1 started")
		var got []string
		for _, s := range a.Status() {
			got = append(got, fmt.Sprintf("%d %s %s %s", s.Tier, s.URL, s.State, s.LastError))
		}
		slices.Sort(got)
		want := []string{
			"0 http://10.0.0.1 working ",
			`0 wss://tracker.invalid/*** unusable tracker wss://tracker.invalid/***: unsupported tracker URL: scheme "wss" is not http, https or udp`,
			"2 (unreadable URL) unusable tracker (unreadable URL): unsupported tracker URL: scheme \"\" is not http, https or udp",
			"2 http://10.0.0.2 idle ",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	})
}

func TestNoTrackers(t *testing.T) {
	run(t, nil, nil, func(w *world, a *Announcer) {
		a.WantPeers()
		a.Completed()
		time.Sleep(24 * time.Hour)
		w.expect()
		if got := a.Status(); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}

func TestTrackersAreLimited(t *testing.T) {
	var tier []string
	for i := range 3 * MaxTrackers {
		tier = append(tier, fmt.Sprintf("http://tracker%d.invalid/announce", i))
	}
	if got := len(NewAnnouncer(Config{Tiers: [][]string{tier, tier}}).Status()); got != MaxTrackers {
		t.Errorf("%d trackers", got)
	}
}
