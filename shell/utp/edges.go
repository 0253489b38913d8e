package utp

// edges are what a Conn has to tell its owner. They belong to the Socket's lock.
type edges struct {
	read, write bool
	listed      bool // to be told of
	watched     bool
	closed      bool
}

// Watch begins to watch a Conn. From now on Tell calls ready whenever c became readable or writable; ready only takes
// note of it. What has come already counts.
func (s *Socket) Watch(c *Conn, ready func()) {
	c.ready = ready
	s.mu.Lock()
	c.edges.watched = true
	s.mu.Unlock()
	c.tell(true, true)
}

// tell has the owner told that a Conn became readable, or writable. Any goroutine may call it.
func (c *Conn) tell(read, write bool) {
	s := c.socket
	s.mu.Lock()
	e := &c.edges
	e.read, e.write = e.read || read, e.write || write
	if e.listed || !e.watched || e.closed {
		s.mu.Unlock()
		return
	}
	e.listed = true
	s.listed = append(s.listed, c)
	first := len(s.listed) == 1
	s.mu.Unlock()
	if first {
		s.notify()
	}
}

// Tell calls what was given with Watch for each Conn that became readable or writable since it was called last.
func (s *Socket) Tell() {
	s.mu.Lock()
	s.telling, s.listed = s.listed, s.telling[:0]
	s.mu.Unlock()
	for _, c := range s.telling {
		if c.note() {
			c.ready()
		}
	}
	clear(s.telling)
}

// note takes a Conn's edges; false when it was closed.
func (c *Conn) note() bool {
	c.socket.mu.Lock()
	defer c.socket.mu.Unlock()
	e := &c.edges
	e.listed = false
	c.readable, c.writable = c.readable || e.read, c.writable || e.write
	e.read, e.write = false, false
	return !e.closed
}

// unlist has a Conn's owner told of nothing any more.
func (s *Socket) unlist(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.edges.closed = true
}
