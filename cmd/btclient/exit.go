package main

import (
	"errors"
	"fmt"
	"os"

	"peerwire/cmd/btclient/internal/ui"
)

// The exit codes, as help documents them.
const (
	exitDone        = 0   // done; also when interrupted while seeding what is complete
	exitFailed      = 1   // it could not be done
	exitUsage       = 2   // bad input, or a command line that makes no sense
	exitInterrupted = 130 // interrupted before it was done
)

// exitError ends the program with a code. Its text is one printable line; none is shown when it is empty.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

// failed is an error of doing what was asked for.
func failed(err error) error { return &exitError{exitFailed, ui.Printable(err.Error())} }

// badFile is an error that lies in a file that was given.
func badFile(path string, err error) error {
	var wrapped *os.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err // which file it was stands in front already
	}
	return &exitError{exitUsage, ui.Printable(path + ": " + err.Error())}
}

// usage is an error in the command line.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, ui.Printable(fmt.Sprintf(format, args...))}
}

// interrupted ends the program quietly: who pressed the keys knows.
func interrupted() error { return &exitError{code: exitInterrupted} }

// codeOf is the exit code that goes with an error.
func codeOf(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &exit):
		return exit.code
	}
	return exitFailed
}
