// Package trace is the record of what a core.Session was told and what it answered, so that it can be read, and played to the core again.
//
// A trace holds, of one session or of many that share a clock: how each was made, every call of Handle and of Transmit with its time, and
// after each what came of it: the transitions of the sixteen flags with their reasons, what is said to the peer byte for byte, every effect, and the next
// deadline. Of the payload of pieces it has only how much there was. docs/trace.md describes the format.
//
// Writer writes a trace, Session is a core.Session that a Writer listens to, Reader reads a trace, and Replay does it all again and
// compares.
package trace
