package utp

import "fmt"

// Check gives the first thing that is wrong with the Socket, or nil. Nothing that anybody does can make it fail; tests,
// simulation and fuzzing call it after every event.
func (s *Socket) Check() error {
	for _, c := range s.slots {
		if c == nil {
			continue
		}
		if err := c.flight.check(); err != nil {
			return fmt.Errorf("%s: %w", c.id, err)
		}
	}
	return nil
}

// check counts everything anew.
func (f *flight) check() error {
	var n [3]int
	bytes, span := 0, 0
	for seq := f.una; seq != f.end; seq++ {
		p := f.at(seq)
		n[p.place]++
		span += p.size
		if p.place == flying {
			bytes += p.size
		}
	}
	if n[flying] != f.out.n || n[lost] != f.back.n || bytes != f.bytes || span != f.span {
		return fmt.Errorf("flight holds %d flying, %d lost, %d bytes, %d in all; counted were %d, %d, %d, %d",
			n[flying], n[lost], bytes, span, f.out.n, f.back.n, f.bytes, f.span)
	}
	return nil
}
