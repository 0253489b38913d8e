package command

import (
	"errors"
	"fmt"
	"os"

	"peerwire/cmd/internal/printable"
)

// The exit codes, as help documents them.
const (
	Done        = 0   // done; also when interrupted while seeding what is complete
	Failed      = 1   // it could not be done
	BadInput    = 2   // bad input, or a command line that makes no sense
	Interrupted = 130 // interrupted before it was done
)

// exit ends the program with a code. Its text is one printable line; none is shown when it is empty.
type exit struct {
	code int
	text string
}

func (e *exit) Error() string { return e.text }

// Fail is an error of doing what was asked for.
func Fail(err error) error { return &exit{Failed, printable.Text(err.Error())} }

// FailQuietly ends the program as failed without a word: what there is to say was said.
func FailQuietly() error { return &exit{code: Failed} }

// BadFile is an error that lies in a file that was given.
func BadFile(path string, err error) error {
	var wrapped *os.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err // which file it was stands in front already
	}
	return &exit{BadInput, printable.Text(path + ": " + err.Error())}
}

// Misuse is an error in the command line.
func Misuse(format string, args ...any) error {
	return &exit{BadInput, printable.Text(fmt.Sprintf(format, args...))}
}

// Interrupt ends the program quietly: who pressed the keys knows.
func Interrupt() error { return &exit{code: Interrupted} }

// Written is the error of writing a command's result, to a full disk or a closed pipe; nil when there is none.
func Written(err error) error {
	if err == nil {
		return nil
	}
	return Fail(fmt.Errorf("cannot write the result: %w", err))
}

// codeOf is the exit code that goes with an error.
func codeOf(err error) int {
	var e *exit
	switch {
	case err == nil:
		return Done
	case errors.As(err, &e):
		return e.code
	}
	return Failed
}
