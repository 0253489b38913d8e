package utp

import (
	"testing"
	"time"
)

// A reader that stops, until so much has piled up, and goes on: nothing stalls. [UTP-19, UTP-20, UTP-21]
func TestReaderStopsAndGoesOn(t *testing.T) {
	const whole = 9 << 19
	step := 64 << 10
	if testing.Short() {
		step = 2 << 20 // nothing here is concurrent
	}
	for unread := 0; unread <= 4<<20; unread += step {
		w := newWorld(t, uint64(unread), path{delay: 5 * time.Millisecond}, [2]Config{})
		w.check = false
		_, dst := transfer(w, whole)
		on := w.ends[1].on
		w.ends[1].on = func(e Event) {
			if e.Kind == Accepted {
				dst.id = e.ID
			}
		}
		w.run(20*time.Second, func() bool {
			info, ok := w.ends[1].s.Info(dst.id)
			return ok && info.Unread >= unread && unread < 4<<20
		})
		w.run(10*time.Second, func() bool { return false })
		w.ends[1].on = on
		dst.read()
		from := w.now
		if !w.run(3*time.Second, func() bool { return dst.ended }) || dst.got != whole {
			t.Errorf("with %d unread: %d bytes after %s", unread, dst.got, w.now.Sub(from))
		}
	}
}

// The same when what tells of room is lost, and only asking helps. [UTP-21]
func TestRoomToldAndLost(t *testing.T) {
	const whole = 6 << 20
	w := newWorld(t, 1, path{delay: 5 * time.Millisecond}, [2]Config{})
	_, dst := transfer(w, whole)
	on := w.ends[1].on
	w.ends[1].on = func(e Event) {
		if e.Kind == Accepted {
			dst.id = e.ID
		}
	}
	w.run(10*time.Second, func() bool { return false })
	w.ends[1].on, w.ends[1].out.loss = on, 1000
	dst.read()
	w.settle(w.ends[1])
	w.ends[1].out.loss = 0
	if !w.run(2*time.Minute, func() bool { return dst.ended }) || dst.got != whole {
		t.Errorf("%d bytes after %s", dst.got, w.now)
	}
}

// Connections share the memory that there is: with little for all of them each still comes to its end. [UTP-37]
func TestMemoryIsShared(t *testing.T) {
	const conns, whole = porchOfSite, 1 << 20
	cfg := Config{Memory: leastBuffer}
	w := newWorld(t, 1, path{delay: 5 * time.Millisecond, loss: 20}, [2]Config{cfg, cfg})
	room, most, ended := make([]byte, 1<<16), 0, 0
	from, to := w.ends[0].s, w.ends[1].s
	sent := map[ID]int{}
	w.ends[0].on = func(e Event) {
		for e.Kind == Connected || e.Kind == Writable {
			n, err := from.Write(w.now, e.ID, [][]byte{room[:min(len(room), whole-sent[e.ID])]})
			if sent[e.ID] += n; sent[e.ID] == whole {
				from.Finish(w.now, e.ID)
			}
			if n == 0 || err != nil {
				return
			}
		}
	}
	w.ends[1].on = func(e Event) {
		var err error
		for err == nil {
			_, err = to.Read(w.now, e.ID, [][]byte{room})
			most = max(most, from.pool.lent, to.pool.lent)
		}
		ended += b2i(err == ErrEnd)
	}
	for range conns {
		if _, err := from.Dial(w.now, w.ends[1].addr); err != nil {
			t.Fatal(err)
		}
	}
	w.run(10*time.Minute, func() bool { return ended == conns })
	if bound := cfg.Memory + conns*(2*leastShare+chunkSize); ended < conns || most > bound {
		t.Errorf("%d of %d streams ended, %d bytes were lent, %d allowed", ended, conns, most, bound)
	}
}

// A connection that has fallen silent keeps next to nothing of what it took in full swing. [UTP-37]
func TestSilenceTakesNoMemory(t *testing.T) {
	w := newWorld(t, 1, path{delay: 25 * time.Millisecond, loss: 5}, [2]Config{})
	src, dst := transfer(w, 10<<20)
	src.closes = false
	w.run(time.Hour, func() bool { return dst.got == src.n })
	w.run(30*time.Second, func() bool { return false })
	for _, e := range w.ends {
		for _, c := range e.s.slots {
			if c == nil || len(c.flight.ring) > leastFlight || len(c.reorder.packets) > 0 || e.s.pool.lent > 0 {
				t.Errorf("%d places, %d for what is out of order, %d bytes", len(c.flight.ring), len(c.reorder.packets), e.s.pool.lent)
			}
		}
	}
}

// When nobody reads, what connections have together stays within the memory there is, and the least share of each. [UTP-37]
func TestMemoryIsBounded(t *testing.T) {
	const conns = porchOfSite
	w := newWorld(t, 1, path{delay: 5 * time.Millisecond}, [2]Config{{}, {Memory: 1 << 20}})
	room := make([]byte, 1<<16)
	from, to := w.ends[0].s, w.ends[1].s
	w.ends[0].on = func(e Event) {
		for err := error(nil); err == nil && e.Kind != Closed; {
			_, err = from.Write(w.now, e.ID, [][]byte{room})
		}
	}
	for range conns {
		if _, err := from.Dial(w.now, w.ends[1].addr); err != nil {
			t.Fatal(err)
		}
	}
	w.run(20*time.Second, func() bool { return false })
	if have, bound := to.pool.lent, 1<<20+conns*(leastShare+chunkSize); have > bound || have < 1<<20 {
		t.Errorf("%d bytes are held, %d allowed", have, bound)
	}
}
