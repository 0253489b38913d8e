package main

import (
	"errors"
	"fmt"
)

// The exit codes, as help documents them.
const (
	exitDone   = 0 // done
	exitFailed = 1 // it could not be done
	exitUsage  = 2 // a command line that makes no sense
)

// exitError ends the program with a code. Its text is one line.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

// usage is an error in the command line.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// written is the error of writing a command's result, to a full disk or a closed pipe.
func written(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitFailed, "cannot write the result: " + err.Error()}
}

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
