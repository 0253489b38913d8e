package disk

import "io"

// vector is a run of bytes that lies in several buffers. Its methods move the borders of the
// buffers within the slice of them, so that slice must be the vector's own.
type vector struct {
	bufs [][]byte // none empty
	size int64    // of all of them

	room *[maxRun][]byte // where cut puts what it cuts off
}

// single is a vector of one buffer.
func single(b []byte) vector { return vector{bufs: [][]byte{b}, size: int64(len(b))} }

// pad is what a goroutine needs to move bytes: room for the parts of vectors, and for bytes to be hashed.
type pad struct {
	whole, part [maxRun][]byte
	room        []byte // scratch bytes, when there are any
}

// scratch is the room for reading back, bytes.
const scratch = 128 << 10

// vector is an empty vector, good until the next one of the same pad.
func (p *pad) vector() vector { return vector{bufs: p.whole[:0], room: &p.part} }

// add appends a buffer that is not empty.
func (v *vector) add(b []byte) {
	v.bufs = append(v.bufs, b)
	v.size += int64(len(b))
}

// cut takes at most n bytes off the front; they stay good until the next cut.
func (v *vector) cut(n int64) vector {
	if n >= v.size {
		part := *v
		v.bufs, v.size = nil, 0
		return part
	}
	part := vector{bufs: v.room[:0]}
	for part.size < n {
		head := v.bufs[0]
		take := min(int64(len(head)), n-part.size)
		part.add(head[:take])
		v.skip(take)
	}
	return part
}

// skip drops n bytes off the front; there must be so many.
func (v *vector) skip(n int64) {
	v.size -= n
	for n > 0 {
		if k := int64(len(v.bufs[0])); k <= n {
			v.bufs, n = v.bufs[1:], n-k
			continue
		}
		v.bufs[0], n = v.bufs[0][n:], 0
	}
}

// clear fills it with zeros.
func (v *vector) clear() {
	for _, b := range v.bufs {
		clear(b)
	}
}

// readFull fills v from a file at off, and tells how many bytes it got: fewer only with an
// error, which is io.ErrUnexpectedEOF at the end of the file.
func readFull(h Handle, v vector, off int64) (done int64, err error) {
	for v.size > 0 {
		n, err := h.ReadV(v.bufs, off+done)
		done += int64(n)
		if err == nil && n == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return done, err
		}
		v.skip(int64(n))
	}
	return done, nil
}

// writeFull writes v to a file at off, and tells how many bytes are written.
func writeFull(h Handle, v vector, off int64) (done int64, err error) {
	for v.size > 0 {
		n, err := h.WriteV(v.bufs, off+done)
		done += int64(n)
		if err == nil && n == 0 {
			err = io.ErrShortWrite
		}
		if err != nil {
			return done, err
		}
		v.skip(int64(n))
	}
	return done, nil
}
