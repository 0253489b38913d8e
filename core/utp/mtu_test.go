package utp

import (
	"fmt"
	"testing"
	"time"
)

// The search finds what passes, near enough, and no probe costs a packet. [UTP-35]
func TestSearch(t *testing.T) {
	for _, c := range []struct{ takes, peer, most, least int }{
		{1472, 1472, 0, 1472},
		{1472, 1472, 1472, 1472},
		{65507, 1472, 0, 1472}, // the peer takes no more
		{65507, 65507, 0, 65507},
		{65507, 65507, 8972, 8972 - searchStep},
		{65507, 65507, 1472, 1472},
		{65507, 65507, 1380, 1380 - searchStep},
		{1472, 65507, 1210, baseDatagram},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			w := newWorld(t, 1, path{delay: 10 * time.Millisecond, most: c.most}, [2]Config{{Datagram: c.takes}, {Datagram: c.peer}})
			w.check = false
			src, dst := transfer(w, max(c.most, 1<<10)<<13)
			if !w.run(time.Hour, func() bool { return dst.ended }) || dst.err != ErrEnd {
				t.Fatalf("%d bytes, %v", dst.got, dst.err)
			}
			info, _ := w.ends[0].s.Info(src.id)
			most := min(c.takes, c.peer)
			if c.most > 0 {
				most = min(most, c.most)
			}
			if info.Datagram < c.least || info.Datagram > most {
				t.Errorf("datagrams of %d are sent, want %d to %d", info.Datagram, c.least, most)
			}
			if n := w.ends[0].s.Stats().Lost; n > 0 {
				t.Errorf("%d packets were thought lost: %+v", n, w.ends[0].s.Stats())
			}
		})
	}
}

// Where so few bytes are missing that no padding is as small, no probe is larger than it may be.
func TestSearchOfFewBytes(t *testing.T) {
	for good := ordinaryDatagram4 - 12; good < ordinaryDatagram4; good++ {
		w := newWorld(t, 1, path{delay: 10 * time.Millisecond}, [2]Config{{Datagram: ordinaryDatagram4}, {Datagram: ordinaryDatagram4}})
		w.check = false
		src, dst := transfer(w, 4<<20)
		w.run(time.Second, func() bool { return dst.got > 0 })
		search := &w.ends[0].s.lookup(src.id).search
		search.good, search.bad, search.trying, search.restful = good, search.most+1, 0, 1 // it has rested
		w.unsent = func(_ *end, d Datagram) bool {
			if d.N > ordinaryDatagram4 {
				t.Fatalf("a datagram of %d, from %d", d.N, good)
			}
			return false
		}
		if !w.run(time.Hour, func() bool { return dst.ended }) || dst.err != ErrEnd {
			t.Fatalf("%d bytes, %v", dst.got, dst.err)
		}
	}
}

// A system that says at once what is too big saves the waiting. [UTP-35]
func TestSystemRefuses(t *testing.T) {
	w := newWorld(t, 1, path{delay: 10 * time.Millisecond}, [2]Config{{Datagram: 65507}, {Datagram: 65507}})
	w.ends[0].takes = 9000
	src, dst := transfer(w, 16<<20)
	if !w.run(time.Hour, func() bool { return dst.ended }) || dst.err != ErrEnd {
		t.Fatalf("%d bytes, %v", dst.got, dst.err)
	}
	info, _ := w.ends[0].s.Info(src.id)
	if info.Datagram < 9000-searchStep || info.Datagram > 9000 {
		t.Errorf("datagrams of %d are sent", info.Datagram)
	}
}

// Ten minutes after the search found what passes it looks again: the way may be another. [UTP-35]
func TestSearchAgain(t *testing.T) {
	s, now := newSearch(ordinaryDatagram4), at(1)
	for size := s.next(now, ordinaryDatagram4); size > 0; size = s.next(now, ordinaryDatagram4) {
		s.trying = size
		if s.missed(size); s.good > baseDatagram {
			t.Fatalf("%d passes, though nothing did", s.good)
		}
	}
	again := now.Add(searchAgain)
	if size := s.next(again-1, ordinaryDatagram4); size > 0 {
		t.Errorf("tries %d too soon", size)
	}
	if size := s.next(again, ordinaryDatagram4); size != ordinaryDatagram4 {
		t.Errorf("tries %d", size)
	}
}
