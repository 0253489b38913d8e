package loop

import (
	"testing"

	"peerwire/core/bt"
	"peerwire/shell/utp"
)

// overUTP gives a node a uTP socket of its own, at host, and has it dial over nothing else. It returns the socket in at.
func overUTP(t testing.TB, engine utp.Engine, host string, at **utp.Socket) func(*Options) {
	t.Helper()
	sock, err := utp.Listen(host, utp.Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sock.Close) // after the node's own, which comes later and so runs before
	*at = sock
	return func(o *Options) { o.UTP, o.Config.Transports = sock, bt.OnlyUTP }
}

// Two nodes that have half of the pieces each download the other half over uTP, with each engine, over both families.
func TestUTP(t *testing.T) {
	for _, engine := range []utp.Engine{utp.Anacrolix, utp.Own} {
		for _, host := range []string{"127.0.0.1:0", "[::1]:0"} {
			t.Run(engine.String()+host, func(t *testing.T) { testUTP(t, engine, host) })
		}
	}
}

func testUTP(t *testing.T, engine utp.Engine, host string) {
	var near, far *utp.Socket
	to := makeTorrent(32<<10, oddFiles...)
	b := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 1 }), overUTP(t, engine, host, &far))
	a := startNode(t, to, to.place(t, func(i int) bool { return i%2 == 0 }), overUTP(t, engine, host, &near))
	a.dial(far.Addr())
	a.awaitDownload()
	b.awaitDownload()
	a.await("both seeds to part", func() bool { return a.peers()+b.peers() == 0 })
	a.awaitRest()
	b.awaitRest()
	for _, s := range []*utp.Socket{near, far} {
		if s := s.Stats(); s.Overrun > 0 || s.BytesIn < uint64(to.layout.Geometry.Total)/3 {
			t.Errorf("%+v", s)
		}
	}
}

// A node without a socket for uTP does not dial over it.
func TestNoUTP(t *testing.T) {
	n := startNode(t, makeTorrent(32<<10, oddFiles...), t.TempDir())
	_, err := n.connect(t.Context(), n.listener.Addr(), bt.UTP)
	if f := faultOf(bt.UTP, err); f != bt.Unreachable {
		t.Error(f)
	}
}
