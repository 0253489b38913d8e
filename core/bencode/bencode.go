// Package bencode reads and writes bencode (BEP 3, "bencoding"), the notation of .torrent files, tracker answers and
// extension messages. It is made for hostile input: [Parse] checks a whole document once, in one pass without recursion,
// and from then on a [Value] is a slice of the input that is known to be well formed.
//
// Memory: Parse allocates nothing for a document of n bytes whose keys are in order. When keys are out of order and the
// limits allow that, it allocates at most 2·n + 1 KiB to look for duplicates. A refused document costs one [*Error] more.
// Values, their keys and their strings are slices of the input, so the caller must not change it while they are in use.
//
// Time: Parse is linear, but for the search for duplicates among keys out of order, which sorts them.
package bencode

// MaxDepth is the deepest nesting of lists and dictionaries that Parse ever accepts: a list in a list has depth two.
const MaxDepth = 100

// MaxTokens is the largest number of tokens that Parse accepts unless told otherwise. Every integer, every string (so
// also every key), every list and every dictionary is one token.
const MaxTokens = 3_000_000

// Limits bounds what Parse accepts. The zero value means MaxDepth, MaxTokens, and keys in any order.
type Limits struct {
	Depth  int  // containers within containers, 1 to MaxDepth; 0 and anything above MaxDepth mean MaxDepth
	Tokens int  // tokens in all; 0 means MaxTokens
	Strict bool // refuse unsorted and duplicate keys: what is accepted is then exactly what an Encoder writes
}

// Document is what Parse found: one value, the bytes that follow it, and what is odd about it.
type Document struct {
	Root Value
	Rest []byte // the input after the value; empty when there is nothing more

	// Unsorted and Duplicate are the offsets of the first key that is smaller than the key before it, and of the first
	// key found to occur twice in its dictionary; -1 for none. Readers of a duplicate disagree on its meaning: Value.Get
	// takes the first.
	Unsorted, Duplicate int
}

// Parse reads the value at the start of data and checks all of it. The error, if any, is an [*Error].
func Parse(data []byte, limits Limits) (Document, error) {
	s := scanner{data: data, limits: limits.filled(), unsorted: -1, duplicate: -1}
	if err := s.run(); err != nil {
		return Document{}, err
	}
	if s.unsorted >= 0 {
		again := scanner{data: data, limits: s.limits, unsorted: -1, duplicate: -1, keys: make([]int, 0, s.keyCount)}
		if err := again.run(); err != nil {
			panic("BUG: bencode: a document passed the first scan and failed the second")
		}
		s.duplicate = again.duplicate
	}
	return Document{
		Root:      Value{data[:s.pos:s.pos]},
		Rest:      data[s.pos:],
		Unsorted:  s.unsorted,
		Duplicate: s.duplicate,
	}, nil
}

// filled returns the limits with every zero replaced by its meaning.
func (l Limits) filled() Limits {
	if l.Depth <= 0 || l.Depth > MaxDepth {
		l.Depth = MaxDepth
	}
	if l.Tokens <= 0 {
		l.Tokens = MaxTokens
	}
	return l
}
