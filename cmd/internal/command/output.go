package command

import (
	"fmt"
	"io"

	"peerwire/cmd/internal/printable"
)

// Output writes lines of a command's result and remembers the first failure, of a full disk or a closed pipe.
type Output struct {
	To  io.Writer
	err error
}

// Line writes a line, if it is the first or all went well until now.
func (o *Output) Line(format string, args ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintln(o.To, printable.Text(fmt.Sprintf(format, args...)))
	}
}

// Close is the command's error, when there was none but that of writing.
func (o *Output) Close() error { return Written(o.err) }
