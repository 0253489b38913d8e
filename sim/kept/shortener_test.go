package kept

import (
	"slices"
	"strings"
	"testing"

	"peerwire/sim/check"
)

// All that need not be said is left out, and what is left fails as it did.
func TestShorten(t *testing.T) {
	k := &shortener{checker: string(check.Innocents), lines: []string{
		"lenient", "torrent T pieces=1", "raw X by-hand innocent", "raw Y", "node A", "disk A by-hand", "connect X->A", "connect Y->A",
		"X says at-once handshake / have-all / suggest 0", "run for=3s", "A writes X times=3", "X says keep-alive / unchoke", "run for=1s", "A writes X",
		"Y says handshake / have-none", "run for=2s", "X answers 0 @0 bad", "A answers store 0 @0", "A answers verify 0", "run for=1m", "X says have 0",
	}}
	if !k.fails(k.lines) {
		t.Fatal("it does not fail")
	}
	k.shorten(6)
	want := []string{
		"lenient", "torrent T pieces=1", "raw X innocent", "node A", "connect X->A", "X says handshake / have-all / unchoke", "X answers 0 @0 bad",
	}
	if !k.fails(k.lines) || len(k.lines) > len(want)+1 {
		t.Errorf("%q", k.lines)
	}
	for _, line := range []string{"lenient", "raw X innocent", "X answers 0 @0 bad"} {
		if !slices.Contains(k.lines, line) {
			t.Errorf("%q lacks %q", k.lines, line)
		}
	}
	if text := strings.Join(k.lines, "\n"); strings.Contains(text, atOnce) {
		t.Errorf("what came at once matters in %q", text)
	}
	if k.enough = func() bool { return true }; k.try(k.lines) {
		t.Error("it goes on when there is no more time")
	}
}
