package loop

import (
	"bytes"
	"io"
	"testing"

	"peerwire/trace"
)

// TestTrace has a download recorded at both ends, over TCP and in crumbs: told the same once more, both answer the same, to the byte.
func TestTrace(t *testing.T) {
	to := makeTorrent(32<<10, oddFiles...)
	var records [2]bytes.Buffer
	record := func(i int) func(*Options) {
		return func(o *Options) { o.Trace = trace.NewWriter(&records[i], "test") }
	}
	seed := startNode(t, to, to.place(t, all), record(0))
	r := startRelay(t, seed.listener.Addr(), fate{crumb: true}, fate{})
	leecher := startNode(t, to, t.TempDir(), record(1))
	leecher.dial(r.addr())
	leecher.awaitDownload()
	leecher.awaitRest()
	for i, n := range []*node{seed, leecher} {
		n.close()
		if err := n.opt.Trace.Flush(); err != nil {
			t.Error(err)
		}
		if size := records[i].Len(); size > len(to.content)/4 {
			t.Errorf("the trace has %d bytes, the torrent %d", size, len(to.content))
		}
		reader, err := trace.NewReader(&records[i])
		if err != nil {
			t.Fatal(err)
		}
		d, tally, err := trace.Replay(reader)
		if d != nil || err != nil || tally.Calls < 100 {
			t.Errorf("%+v, %+v, %v", d, tally, err)
		}
	}
}

// TestTraceFails has a trace that cannot be written disturb nobody.
func TestTraceFails(t *testing.T) {
	to := makeTorrent(32<<10, 500_000)
	seed := startNode(t, to, to.place(t, all))
	from, into := io.Pipe()
	go func() {
		_, _ = io.ReadFull(from, make([]byte, 2000))
		from.CloseWithError(io.ErrShortWrite)
	}()
	leecher := startNode(t, to, t.TempDir(), func(o *Options) { o.Trace = trace.NewWriter(into, "test") })
	leecher.dial(seed.listener.Addr())
	leecher.awaitDownload()
	leecher.close()
	if err := leecher.opt.Trace.Flush(); err != io.ErrShortWrite {
		t.Error(err)
	}
}
