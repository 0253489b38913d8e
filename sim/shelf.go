package sim

// shelf keeps what a happening is about, by a number: that of what is gone is given again. What is gone is the zero T.
type shelf[T any] struct {
	all  []T
	free []int32
}

// put gives something a number.
func (s *shelf[T]) put(t T) int32 {
	if last := len(s.free) - 1; last >= 0 {
		i := s.free[last]
		s.free = s.free[:last]
		s.all[i] = t
		return i
	}
	s.all = append(s.all, t)
	return int32(len(s.all) - 1)
}

// take gives what has a number, which it has no longer.
func (s *shelf[T]) take(i int32) T {
	var none T
	t := s.all[i]
	s.all[i] = none
	s.free = append(s.free, i)
	return t
}
