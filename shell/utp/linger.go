package utp

import "time"

// linger is how long what was written may take to be delivered when the Socket is closed.
const linger = time.Second

// lingerPause is how often it is looked whether it was.
const lingerPause = 5 * time.Millisecond

// waitUntil waits until something is so, but not for long.
func waitUntil(so func() bool) {
	for late := time.Now().Add(linger); !so() && time.Now().Before(late); {
		time.Sleep(lingerPause)
	}
}
