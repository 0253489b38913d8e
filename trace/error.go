package trace

import "strconv"

// FormatError is that what was read is no trace, or not one of ours: it is corrupt, or of another version.
type FormatError struct {
	Offset int64 // of what is wrong
	Text   string
}

// Error names the place first.
func (e *FormatError) Error() string {
	return "offset " + strconv.FormatInt(e.Offset, 10) + ": " + e.Text
}

// TornError is that a trace ends in the middle of a record: who wrote it was killed, or the disk was full. All that was read before is good.
type TornError struct {
	Offset int64 // of the record, or chunk, that is not whole
}

// Error names the place first.
func (e *TornError) Error() string {
	return "offset " + strconv.FormatInt(e.Offset, 10) + ": the trace is torn: it ends in the middle of a record"
}
