package crowd

import (
	"time"

	"peerwire/core/bt"
)

// due is when the record wants to look at the crowd.
func (r *Record) due() bt.Instant {
	if r == nil {
		return bt.Never
	}
	return r.next
}

// look takes a sample when it is due.
func (r *Record) look() {
	now := r.crowd.world.Now()
	if now < r.next {
		return
	}
	r.sample(now)
	if len(r.Samples) > MaxSamples {
		r.Samples = everyOther(r.Samples)
		r.Every *= 2
	}
	r.next = now.Add(r.Every)
	if n := len(r.Periods); n == 0 || now >= r.Periods[n-1].Until.Add(r.every) {
		r.period(now)
	}
	if len(r.Periods) > MaxPeriods {
		r.Periods = everyOther(r.Periods)
		r.every *= 2
	}
	r.every = max(r.every, r.Every)
}

// everyOther keeps the first of a list, the third and so on; of an odd number that is the last, too.
func everyOther[T any](list []T) []T {
	kept := list[:0]
	for i := 0; i < len(list); i += 2 {
		kept = append(kept, list[i])
	}
	clear(list[len(kept):])
	return kept
}

// sample notes how the crowd stands.
func (r *Record) sample(now bt.Instant) {
	c := r.crowd
	r.settle(now)
	s := Sample{
		At: now, Leechers: c.count.Present - c.count.Seeds, Seeds: c.count.Seeds, Completed: c.count.Completed,
		Announces: c.count.Announces, Told: c.count.Told, Gained: r.gained, Fluid: r.fluid.at(now),
		Groups: make([]GroupSample, len(r.Groups)), Unchoked: append([]time.Duration(nil), r.classes...),
	}
	for _, m := range c.members {
		g := &s.Groups[m.class]
		if m.arrived <= now && m.left > now {
			g.Present++
		}
		g.Sent += m.through()
		if rate := int64(m.group.Up); rate > 0 && m.arrived < now {
			g.Could += product(min(m.left, now).Sub(m.arrived), rate)
		}
	}
	r.count(&s)
	r.Samples = append(r.Samples, s)
}

// count notes how many there are of which piece.
func (r *Record) count(s *Sample) {
	s.Copies = make([]Copies, r.Pieces)
	sums, sizes := make([]int, r.Pieces), make([]int, r.Pieces)
	all := int64(0)
	for i, n := range r.copies {
		copies, bin := int(n), i*r.Pieces/len(r.copies)
		if b := &s.Copies[bin]; sizes[bin] == 0 || copies < b.Least {
			b.Least = copies
		}
		if i == 0 || copies < s.Rarest {
			s.Rarest = copies
		}
		s.Most = max(s.Most, copies)
		sums[bin] += copies
		sizes[bin]++
		all += int64(copies)
	}
	for i := range s.Copies {
		s.Copies[i].Mean = int(100 * int64(sums[i]) / int64(sizes[i]))
	}
	if n := len(r.copies); n > 0 {
		s.Mean = int(100 * all / int64(n))
	}
}

// period notes who was unchoked by whom until now.
func (r *Record) period(now bt.Instant) {
	r.settle(now)
	r.Periods = append(r.Periods, Period{Until: now, Unchoked: append([]time.Duration(nil), r.matrix...)})
}
