package crowd

import "testing"

// The bins of how long peers were unchoked follow each other, and each begins where it says.
func TestTurnBins(t *testing.T) {
	for bin := 1; bin < TurnBins; bin++ {
		if from := TurnFrom(bin); from <= TurnFrom(bin-1) || turnBin(from) != bin || turnBin(from-1) != bin-1 {
			t.Errorf("bin %d is from %v on: that is in %d, what is before in %d", bin, from, turnBin(from), turnBin(from-1))
		}
	}
}
