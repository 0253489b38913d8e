package sim

import "time"

const (
	million    = 1_000_000
	packetSize = 1448                   // bytes of a stream in one packet
	patience   = 200 * time.Millisecond // of a sender whose packet was lost twice
)

// mishap is by how much later something arrives than the line's latency has it, by chance; and a loss narrows the window.
func (e *End) mishap(n int) (late time.Duration) {
	l := e.line
	if l.Jitter > 0 {
		late = time.Duration(e.lots.Below(uint64(l.Jitter)))
	}
	if l.Loss == 0 {
		return late
	}
	again := 2*e.latency() + patience/4 // a round trip, and what it takes to notice
	for range (n + packetSize - 1) / packetSize {
		for e.lots.Below(million) < uint64(l.Loss) && late < time.Minute {
			late += again
			again += patience
			e.narrow()
		}
	}
	return late
}

// widen lets the sender write further ahead, as so many bytes were taken: twice as far each round trip at first, a packet further each
// when something was lost.
func (e *End) widen(n int) {
	if e.calm > 0 && e.open >= e.calm {
		n = max(1, n*packetSize/e.open)
	}
	e.open = min(e.open+n, e.line.window())
}

// narrow halves how far the sender may write ahead.
func (e *End) narrow() {
	if e.open > 0 {
		e.open = max(e.open/2, 2*packetSize)
		e.calm = e.open
	}
}
