package utp

import (
	"math/rand/v2"
	"testing"
)

// A reader that pauses until so much is unread, and then goes on, gets the rest, whatever engine each end has.
func TestPause(t *testing.T) {
	each(t, func(t *testing.T, writer Options) {
		each(t, func(t *testing.T, reader Options) { testPause(t, writer, reader) })
	})
}

func testPause(t *testing.T, writer, reader Options) {
	a, b := newStation(t, "127.0.0.1", writer), newStation(t, "127.0.0.1", reader)
	near, far := a.dial(b)
	const most, more = 4 << 20, 64 << 10
	step := more
	if raced {
		step = 1 << 20 // the same, at a tenth of the speed
	}
	far.Allow(most + more)
	text := make([]byte, most)
	rand.NewChaCha8([32]byte{}).Read(text)
	for unread := 0; unread <= most; unread += step {
		before := b.Stats().BytesIn
		a.say(near, string(text[:unread]))
		b.await("what is not read", func() bool { return b.Stats().BytesIn-before >= uint64(unread) })
		a.say(near, string(text[:more])) // which fits in what the writer holds, if not in the reader's window
		if string(b.read(far, unread+more)) != string(text[:unread])+string(text[:more]) {
			t.Fatal("other bytes than were sent")
		}
	}
	near.Close()
	far.Close()
}
