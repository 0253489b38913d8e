package sim

// inbox is what has arrived on a connection and was not taken yet.
type inbox struct {
	segments []segment
}

func (b *inbox) add(s segment) {
	last := len(b.segments) - 1
	if last >= 0 && !s.isRun() && !s.end && !b.segments[last].isRun() && !b.segments[last].end {
		b.segments[last].data = append(b.segments[last].data, s.data...)
		return
	}
	if !s.isRun() {
		s.data = append([]byte(nil), s.data...)
	}
	b.segments = append(b.segments, s)
}

func (b *inbox) empty() bool { return len(b.segments) == 0 }

func (b *inbox) size() (n int) {
	for i := range b.segments {
		n += b.segments[i].size()
	}
	return n
}

// bytes are the control bytes at the head; nil when there is none.
func (b *inbox) bytes() []byte {
	if b.empty() {
		return nil
	}
	return b.segments[0].data
}

// drop takes n bytes from the head, which holds so many, and gives what they were.
func (b *inbox) drop(n int) (taken segment) {
	if n < b.segments[0].size() {
		taken, b.segments[0] = b.segments[0].split(n)
		return taken
	}
	taken = b.segments[0]
	b.segments = b.segments[1:]
	return taken
}

// ended takes the end of the stream when nothing stands before it.
func (b *inbox) ended() (segment, bool) {
	if b.empty() || !b.segments[0].end {
		return segment{}, false
	}
	return b.segments[0], true
}

// flatten makes zero bytes of the first run, when control is awaited where payload comes: whoever sends the one for
// the other gets what he deserves.
func (b *inbox) flatten() bool {
	for i := range b.segments {
		if s := &b.segments[i]; s.isRun() {
			*s = segment{data: make([]byte, s.size())}
			if i > 0 && !b.segments[i-1].end {
				b.segments[i-1].data = append(b.segments[i-1].data, s.data...)
				b.segments = append(b.segments[:i], b.segments[i+1:]...)
			}
			return true
		}
	}
	return false
}
