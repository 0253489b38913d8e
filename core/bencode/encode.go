package bencode

import "strconv"

// AppendInt appends an integer to dst and returns the longer slice.
func AppendInt(dst []byte, n int64) []byte {
	dst = append(dst, 'i')
	dst = strconv.AppendInt(dst, n, 10)
	return append(dst, 'e')
}

// AppendString appends a string, text or binary, to dst and returns the longer slice.
func AppendString[T ~string | ~[]byte](dst []byte, s T) []byte {
	dst = strconv.AppendInt(dst, int64(len(s)), 10)
	dst = append(dst, ':')
	return append(dst, s...)
}

// Encoder writes one value in canonical form: keys in ascending order of their bytes, none twice, which is what Parse
// accepts as Strict. The zero Encoder is ready. What to write is the program's own choice and never a stranger's, so a
// call out of place (a key out of order, a value without its key, an End too many) is a bug here and panics.
type Encoder struct {
	out   []byte
	stack []level
	done  bool // the one value is complete
}

// level is one container that is being written.
type level struct {
	dict bool
	due  bool // a key was written, its value is next
	any  bool // prev holds a key
	prev string
}

// Dict starts a dictionary. End ends it.
func (e *Encoder) Dict() { e.open('d') }

// List starts a list. End ends it.
func (e *Encoder) List() { e.open('l') }

// End ends the dictionary or list that was started last.
func (e *Encoder) End() {
	if len(e.stack) == 0 || e.top().due {
		panic("BUG: bencode: End without a container, or between a key and its value")
	}
	e.stack = e.stack[:len(e.stack)-1]
	e.out = append(e.out, 'e')
	e.done = len(e.stack) == 0
}

// Key writes the key of the next value. In one dictionary, each key must be greater than the one before.
func (e *Encoder) Key(key string) {
	if len(e.stack) == 0 || !e.top().dict || e.top().due {
		panic("BUG: bencode: a key where none belongs")
	}
	top := e.top()
	if top.any && key <= top.prev {
		panic("BUG: bencode: key " + strconv.Quote(key) + " does not follow " + strconv.Quote(top.prev))
	}
	top.prev, top.any, top.due = key, true, true
	e.out = AppendString(e.out, key)
}

// Int writes an integer.
func (e *Encoder) Int(n int64) {
	e.begin()
	e.out = AppendInt(e.out, n)
	e.finish()
}

// String writes a string of text.
func (e *Encoder) String(s string) {
	e.begin()
	e.out = AppendString(e.out, s)
	e.finish()
}

// Bytes writes a string of bytes.
func (e *Encoder) Bytes(b []byte) {
	e.begin()
	e.out = AppendString(e.out, b)
	e.finish()
}

// Value writes a parsed value as it stood in its input. It is canonical if that was parsed as Strict.
func (e *Encoder) Value(v Value) {
	if v.Kind() == None {
		panic("BUG: bencode: a value that is not there was written")
	}
	e.begin()
	e.out = append(e.out, v.raw...)
	e.finish()
}

// Encoded returns the value, when every container is ended. The bytes are the encoder's own, not a copy.
func (e *Encoder) Encoded() []byte {
	if !e.done {
		panic("BUG: bencode: the value is not complete")
	}
	return e.out
}

// open starts a container with its first byte.
func (e *Encoder) open(head byte) {
	e.begin()
	if len(e.stack) == MaxDepth {
		panic("BUG: bencode: nested deeper than MaxDepth")
	}
	e.stack = append(e.stack, level{dict: head == 'd'})
	e.out = append(e.out, head)
}

// begin checks that a value may stand here, and takes up its key.
func (e *Encoder) begin() {
	if e.done {
		panic("BUG: bencode: a second value after the first")
	}
	if len(e.stack) == 0 {
		return
	}
	if top := e.top(); top.dict {
		if !top.due {
			panic("BUG: bencode: a dictionary value without its key")
		}
		top.due = false
	}
}

// finish notes that a value without a container is complete.
func (e *Encoder) finish() { e.done = len(e.stack) == 0 }

// top returns the container that was started last.
func (e *Encoder) top() *level { return &e.stack[len(e.stack)-1] }
