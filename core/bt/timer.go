package bt

// Timer names a deadline of the core. Of deadlines at one instant and one connection, the smaller
// fires first.
type Timer uint8

// The deadlines: of a connection, then of the session.
const (
	NoTimer         Timer = iota
	TimerConnect          // the dialled connection must stand
	TimerHandshake        // the handshake must be whole
	TimerInactivity       // something must have been received
	TimerNoRequest        // an unchoked and interested peer must have asked for something
	TimerRequest          // a request must have been answered
	TimerRedundant        // a peer that neither side can use must have become useful
	TimerUntaken          // the transport must have taken something
	TimerRetry            // ask again a peer that rejected too much
	TimerKeepAlive        // something must be sent
	TimerSuperSeed        // a peer must be shown another piece
	TimerRechoke          // rank the peers for the upload slots
	TimerOptimistic       // give the optimistic slots to others
	TimerDial             // a known peer may be dialled again
	TimerNoInterest       // a connection has been of no interest for too long, and they are short
	TimerTwin             // the other side has not decided which of two connections ends
	TimerTurnover         // the least useful connections are to make room
	TimerEndGame          // look again at who is idle in end-game
	TimerHaves            // peers must be told of pieces, though there is nothing else to tell them
	NumTimers
)

var timerNames = [...]string{"none", "connect", "handshake", "inactivity", "no-request", "request", "redundant", "untaken", "retry",
	"keepalive", "super-seed", "rechoke", "optimistic", "dial",
	"no-interest", "twin", "turnover", "end-game", "haves"}

// String names the deadline in one lower-case word.
func (t Timer) String() string {
	if int(t) < len(timerNames) {
		return timerNames[t]
	}
	return "unknown"
}
