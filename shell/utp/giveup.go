package utp

import (
	"time"
	_ "unsafe" // for go:linkname
)

// libraryGivesUp is how long the library waits for an acknowledgement of a packet before it gives the peer up. It would be 15 s, which a busy
// machine, or a path with a second of queue and some losses, can take: the library sends a packet again later and later, and no other
// packet's arrival moves the end. It has no other door to this than the linker's.
const libraryGivesUp = time.Minute

//go:linkname libraryWriteTimeout github.com/anacrolix/utp.writeTimeout
var libraryWriteTimeout time.Duration

func init() {
	if libraryWriteTimeout == 0 {
		panic("BUG: the library has no such time")
	}
	libraryWriteTimeout = libraryGivesUp
}
