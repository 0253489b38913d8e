package tracker

import (
	"errors"
	"fmt"
	"net"
	"net/url"
)

// Kinds of failure, for errors.Is. Every error of this package names the tracker, redacted, and is one printable line.
var (
	// ErrUnsupported means that the URL is none we can announce to; trying again is of no use.
	ErrUnsupported = errors.New("unsupported tracker URL")
	// ErrForbidden means that the URL, or a redirect, led to an address where we do not announce: see reach.go.
	ErrForbidden = errors.New("address refused")
	// ErrMalformed means that the tracker answered, but not in the tracker protocol.
	ErrMalformed = errors.New("malformed answer")
)

// FailureError is a tracker's refusal in its own words.
type FailureError struct {
	Tracker string // its URL, redacted
	Reason  string // printable
}

// Error names the tracker and its reason.
func (e *FailureError) Error() string { return "tracker " + e.Tracker + " refused: " + e.Reason }

// StatusError is an HTTP answer that is no success.
type StatusError struct {
	Tracker string // its URL, redacted
	Code    int    // 404
	Status  string // "404 Not Found", printable
}

// Error names the tracker and the status.
func (e *StatusError) Error() string { return "tracker " + e.Tracker + " answered " + e.Status }

// fault is any other failure of an announce to one tracker.
type fault struct {
	tracker string // redacted
	cause   error
}

// Error names the tracker and the cause. The cause can quote what the tracker sent, and so is made printable.
func (e *fault) Error() string { return "tracker " + e.tracker + ": " + printable(e.cause.Error()) }

// Unwrap gives the cause to errors.Is and errors.As.
func (e *fault) Unwrap() error { return e.cause }

// explain gives an error of one announce its final form. The URL that net/http repeats in each error goes: it
// has the secrets in it.
func explain(rawURL string, err error) error {
	var failure *FailureError
	var status *StatusError
	if errors.As(err, &failure) || errors.As(err, &status) {
		return err
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = fmt.Errorf("no answer in time (%w)", err)
	}
	return &fault{tracker: Redact(rawURL), cause: err}
}

// malformed says what is wrong with an answer.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrMalformed, fmt.Errorf(format, args...))
}
