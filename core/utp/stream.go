package utp

// stream is a queue of bytes, first in, first out. It takes memory from the pool as it grows, and holds none when it is empty.
type stream struct {
	chunks [][]byte // those before first are given back already
	first  int
	head   int // bytes of the first chunk that have been taken out
	size   int
}

// chunkSize is the size of a portion.
const chunkSize = 16 << 10

// add appends bytes.
func (s *stream) add(p *pool, b []byte) {
	for len(b) > 0 {
		at := (s.head + s.size) % chunkSize
		if at == 0 {
			s.grow(p)
		}
		n := copy(s.chunks[len(s.chunks)-1][at:], b)
		s.size += n
		b = b[n:]
	}
}

// grow appends a chunk. The places of chunks that were given back are used again.
func (s *stream) grow(p *pool) {
	if len(s.chunks) == cap(s.chunks) && s.first > len(s.chunks)/2 {
		n := copy(s.chunks, s.chunks[s.first:])
		clear(s.chunks[n:])
		s.chunks, s.first = s.chunks[:n], 0
	}
	s.chunks = append(s.chunks, p.lend(chunkSize))
}

// at copies bytes from a place in the stream into b; they must be there.
func (s *stream) at(offset int, b []byte) {
	offset += s.head
	for i := s.first + offset/chunkSize; len(b) > 0; i++ {
		n := copy(b, s.chunks[i][offset%chunkSize:])
		b, offset = b[n:], 0
	}
}

// take moves as many bytes out as b has room for.
func (s *stream) take(p *pool, b []byte) int {
	n := min(len(b), s.size)
	s.at(0, b[:n])
	s.drop(p, n)
	return n
}

// drop takes n bytes out.
func (s *stream) drop(p *pool, n int) {
	s.head += n
	s.size -= n
	for s.head >= chunkSize || s.size == 0 && s.first < len(s.chunks) {
		p.back(s.chunks[s.first])
		s.chunks[s.first] = nil
		s.first++
		s.head -= min(s.head, chunkSize)
	}
	if s.first == len(s.chunks) {
		s.chunks, s.first, s.head = s.chunks[:0], 0, 0
	}
}
