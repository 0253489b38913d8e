package utp

import "peerwire/core/bt"

// schedule holds the connections that wait for a time, the earliest first. Entries may be early, never late: a timer that moves
// on, as the one of a timeout does with each acknowledgement, costs nothing.
type schedule struct{ heap []*conn }

// sooner tells which of two connections is due first.
func sooner(a, b *conn) bool { return a.due < b.due || a.due == b.due && a.id < b.id }

// next is when the first of them is due.
func (s *schedule) next() bt.Instant {
	if len(s.heap) == 0 {
		return bt.Never
	}
	return s.heap[0].due
}

// arm sees to it that c is due at t or before.
func (s *schedule) arm(c *conn, t bt.Instant) {
	switch {
	case t == bt.Never || c.scheduled && c.due <= t:
		return
	case !c.scheduled:
		c.scheduled, c.place = true, len(s.heap)
		s.heap = append(s.heap, c)
	}
	c.due = t
	s.up(c.place)
}

// first takes out the first that is due, if one is.
func (s *schedule) first(now bt.Instant) (*conn, bool) {
	if s.next() > now || len(s.heap) == 0 {
		return nil, false
	}
	c := s.heap[0]
	s.remove(c)
	return c, true
}

// remove takes c out, if it is there.
func (s *schedule) remove(c *conn) {
	if !c.scheduled {
		return
	}
	i, last := c.place, len(s.heap)-1
	s.swap(i, last)
	s.heap[last] = nil
	s.heap = s.heap[:last]
	c.scheduled = false
	if i < last {
		s.up(i)
		s.down(i)
	}
}

func (s *schedule) swap(i, j int) {
	s.heap[i], s.heap[j] = s.heap[j], s.heap[i]
	s.heap[i].place, s.heap[j].place = i, j
}

func (s *schedule) up(i int) {
	for i > 0 && sooner(s.heap[i], s.heap[(i-1)/2]) {
		s.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (s *schedule) down(i int) {
	for {
		least := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(s.heap) && sooner(s.heap[child], s.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		s.swap(i, least)
		i = least
	}
}
