package bencode

import (
	"bytes"
	"slices"
)

// scanner walks a document once, token by token, with a stack of its own in place of recursion.
type scanner struct {
	data   []byte
	limits Limits

	pos      int // the next byte
	tokens   int // seen so far
	keyCount int // keys seen so far

	unsorted, duplicate int // see Document

	// keys is nil in a first scan. In a second one it is a stack: the offsets of all keys of all open dictionaries.
	keys []int

	depth int
	stack [MaxDepth]frame
}

// frame is one open list or dictionary.
type frame struct {
	dict bool
	due  bool // a key was read, its value is next
	prev span // the text of the previous key; empty at first, which no key is smaller than
	keys int  // in a dictionary: keys read so far
}

// span is a half-open range of the input.
type span struct{ start, end int }

// run consumes one value.
func (s *scanner) run() error {
	for {
		if err := s.step(); err != nil {
			return err
		}
		if s.depth == 0 {
			return nil
		}
	}
}

// step consumes one token: a key, a value, the head of a container or its end.
func (s *scanner) step() error {
	if s.pos == len(s.data) {
		return s.fail(Truncated)
	}
	if s.depth > 0 {
		top := &s.stack[s.depth-1]
		switch {
		case s.data[s.pos] == 'e':
			return s.close(top)
		case top.dict && !top.due:
			return s.key(top)
		}
		top.due = false
	}
	return s.value()
}

// close ends the innermost container.
func (s *scanner) close(top *frame) error {
	if top.due {
		return s.fail(KeyWithoutItem)
	}
	if s.keys != nil && top.dict {
		first := len(s.keys) - top.keys
		s.findDuplicate(s.keys[first:])
		s.keys = s.keys[:first]
	}
	s.pos++
	s.depth--
	return nil
}

// value consumes an integer, a string, or the first byte of a container.
func (s *scanner) value() error {
	if s.tokens++; s.tokens > s.limits.Tokens {
		return s.fail(TooManyTokens)
	}
	switch c := s.data[s.pos]; {
	case c == 'i':
		_, size, fault := integer(s.data[s.pos:])
		if fault != 0 {
			return s.fail(fault)
		}
		s.pos += size
	case c == 'l' || c == 'd':
		if s.depth == s.limits.Depth {
			return s.fail(TooDeep)
		}
		s.stack[s.depth] = frame{dict: c == 'd'}
		s.depth++
		s.pos++
	case isDigit(c):
		_, err := s.text()
		return err
	default:
		return s.fail(BadToken)
	}
	return nil
}

// key consumes a dictionary key and compares it with the one before.
func (s *scanner) key(top *frame) error {
	at := s.pos
	if !isDigit(s.data[at]) {
		return s.fail(KeyNotString)
	}
	if s.tokens++; s.tokens > s.limits.Tokens {
		return s.fail(TooManyTokens)
	}
	text, err := s.text()
	if err != nil {
		return err
	}
	if top.keys > 0 {
		switch order := bytes.Compare(s.data[text.start:text.end], s.data[top.prev.start:top.prev.end]); {
		case order < 0 && s.limits.Strict:
			return &Error{at, UnsortedKey}
		case order == 0 && s.limits.Strict:
			return &Error{at, DuplicateKey}
		case order < 0 && s.unsorted < 0:
			s.unsorted = at
		case order == 0 && s.duplicate < 0:
			s.duplicate = at
		}
	}
	if s.keys != nil {
		s.keys = append(s.keys, at)
	}
	s.keyCount++
	top.keys++
	top.prev, top.due = text, true
	return nil
}

// text consumes a string and returns where its bytes are.
func (s *scanner) text() (span, error) {
	start, end, fault := text(s.data[s.pos:])
	if fault != 0 {
		return span{}, s.fail(fault)
	}
	where := span{s.pos + start, s.pos + end}
	s.pos = where.end
	return where, nil
}

// findDuplicate sorts the keys at the given offsets and notes the earliest that equals one before it.
func (s *scanner) findDuplicate(offsets []int) {
	slices.SortFunc(offsets, func(a, b int) int {
		if order := bytes.Compare(s.keyAt(a), s.keyAt(b)); order != 0 {
			return order
		}
		return a - b
	})
	for i := 1; i < len(offsets); i++ {
		at := offsets[i]
		if (s.duplicate < 0 || at < s.duplicate) && bytes.Equal(s.keyAt(offsets[i-1]), s.keyAt(at)) {
			s.duplicate = at
		}
	}
}

// keyAt returns the text of a key that was scanned before.
func (s *scanner) keyAt(offset int) []byte {
	start, end, _ := text(s.data[offset:])
	return s.data[offset+start : offset+end]
}

// fail reports a fault at the token that is being read.
func (s *scanner) fail(fault Fault) error {
	return &Error{s.pos, fault}
}

// integer reads "i…e" at the start of b, which begins with 'i'. It returns the value and how many bytes it took.
func integer(b []byte) (value int64, size int, fault Fault) {
	const maxDigits = 19 // of an int64; any 19 digits fit a uint64
	i := 1
	negative := i < len(b) && b[i] == '-'
	if negative {
		i++
	}
	first := i
	var n uint64
	for ; i < len(b) && isDigit(b[i]); i++ {
		if i-first == maxDigits {
			return 0, 0, Overflow
		}
		n = n*10 + uint64(b[i]-'0')
	}
	switch digits := i - first; {
	case i == len(b):
		return 0, 0, Truncated
	case digits == 0, b[i] != 'e', b[first] == '0' && (digits > 1 || negative):
		return 0, 0, BadInteger
	case negative && n <= 1<<63:
		return int64(-n), i + 1, 0 // -2⁶³ wraps to itself
	case n < 1<<63:
		return int64(n), i + 1, 0
	}
	return 0, 0, Overflow
}

// text reads "n:…" at the start of b, which begins with a digit. It returns where its bytes start and end in b.
func text(b []byte) (start, end int, fault Fault) {
	i := 0
	var n uint64
	for ; i < len(b) && isDigit(b[i]); i++ {
		if n = n*10 + uint64(b[i]-'0'); n > uint64(len(b)) {
			return 0, 0, Truncated
		}
	}
	switch {
	case i == len(b):
		return 0, 0, Truncated
	case b[i] != ':', b[0] == '0' && i > 1:
		return 0, 0, BadLength
	}
	start = i + 1
	if n > uint64(len(b)-start) {
		return 0, 0, Truncated
	}
	return start, start + int(n), 0
}

// isDigit reports whether c is a decimal digit.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
