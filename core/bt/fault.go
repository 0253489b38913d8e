package bt

// Fault is what went wrong outside the core, as far as the core cares: the shell keeps
// the error itself and shows it. A Fault never blames a peer for the system's doing.
type Fault uint8

// The faults a shell can report.
const (
	OK          Fault = iota // nothing went wrong
	EOF                      // the peer closed its side
	Reset                    // the connection broke
	Refused                  // nobody listens there
	Unreachable              // no route, no such address family, no permission
	TimedOut                 // the system gave up
	NoSpace                  // the disk is full, or a quota is
	ReadOnly                 // the target cannot be written: permission, read-only
	IOError                  // any other failure of the disk
	Lost                     // the data is not there: a file vanished or is too short
	Overrun                  // the peer sent more than may wait for us, over a transport that did not hold it back [LIM-16]
)

var faultNames = [...]string{"ok", "eof", "reset", "refused", "unreachable", "timed out",
	"no space left", "not writable", "i/o error", "data lost", "overrun"}

// String names the fault in a few lower-case words.
func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return "unknown fault"
}
