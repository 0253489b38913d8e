package tracker

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"

	"go.uber.org/goleak"
)

// TestMain finds goroutines that are left behind. One that is none of ours may live half a second longer than the tests: a
// server of net/http waits so long for a client to read the last of a connection that it closes.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// bounded gives a context that ends the test's network use should it hang.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// sampleHash has bytes that need escaping, and some that must not be escaped.
var sampleHash = bt.InfoHash{0x00, 0x01, '%', '&', '+', ' ', '=', '#', 'a', 'Z', '0', '-', '.', '_', '~', 0x7f, 0x80, 0xff, '\r', '\n'}

// sample is an announce with every field set.
func sample() Request {
	return Request{
		InfoHash: sampleHash, PeerID: bt.PeerID([]byte("-PW0001-abcdefghijkl")), Port: 6881,
		Uploaded: 1, Downloaded: 2, Left: 3, Event: Started, NumWant: 50, Key: 0xdeadbeef,
	}
}

func peers(texts ...string) []netip.AddrPort {
	var all []netip.AddrPort
	for _, text := range texts {
		all = append(all, netip.MustParseAddrPort(text))
	}
	return all
}
