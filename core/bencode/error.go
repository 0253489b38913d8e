package bencode

import "strconv"

// Fault is one way in which bytes fail to be bencode within the limits.
type Fault uint8

// The faults that Parse reports.
const (
	_              Fault = iota
	Truncated            // the input ends inside a value, or a string is longer than what is left of it
	BadToken             // a byte that starts no value, or not the one that is due
	BadInteger           // no digits, a sign alone, a leading zero, minus zero, or no 'e' after the digits
	BadLength            // a string length with a leading zero, or without its colon
	Overflow             // an integer outside the range of int64
	KeyNotString         // a dictionary key that is not a string
	KeyWithoutItem       // a dictionary that ends after a key
	UnsortedKey          // a key smaller than the key before it (Limits.Strict)
	DuplicateKey         // a key equal to another of its dictionary (Limits.Strict)
	TooDeep              // more containers within containers than Limits.Depth
	TooManyTokens        // more values than Limits.Tokens
)

var faultText = [...]string{
	Truncated:      "the data ends too early",
	BadToken:       "no value starts here",
	BadInteger:     "malformed integer",
	BadLength:      "malformed string length",
	Overflow:       "integer does not fit 64 bits",
	KeyNotString:   "dictionary key is not a string",
	KeyWithoutItem: "dictionary key without a value",
	UnsortedKey:    "dictionary keys are not sorted",
	DuplicateKey:   "dictionary key occurs twice",
	TooDeep:        "nested too deeply",
	TooManyTokens:  "too many values",
}

// String says what is wrong in a few words, none of them from the input.
func (f Fault) String() string {
	if f == 0 || int(f) >= len(faultText) {
		return "fault " + strconv.Itoa(int(f))
	}
	return faultText[f]
}

// Error tells why and where a document was refused.
type Error struct {
	Offset int // of the byte at which the fault was seen: the start of the token, or the end of the input
	Fault  Fault
}

// Error gives one line that holds nothing from the input.
func (e *Error) Error() string {
	return "bencode: " + e.Fault.String() + " (at byte " + strconv.Itoa(e.Offset) + ")"
}
