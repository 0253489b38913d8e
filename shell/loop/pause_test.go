package loop

import (
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
)

// TestPause has a peer's message come while it is not to be read: that it came is remembered, and it is read when
// reading goes on, though the socket has no more to tell.
func TestPause(t *testing.T) {
	to := makeTorrent(32<<10, 100_000)
	n := startNode(t, to, to.place(t, all))
	sock := dialPlain(t, n)
	greet(t, sock, to, 1)
	n.await("the handshake", func() bool { return n.peers() == 1 })
	set := func(kind bt.EffectKind) {
		n.look(func(*core.Session, *core.Snapshot) {
			for id := range n.links {
				n.execute(&bt.Effect{Kind: kind, Conn: id})
			}
		})
	}
	interested := func() (yes bool) {
		n.look(func(_ *core.Session, snap *core.Snapshot) { yes = snap.Peers[0].State.RemoteInterested() })
		return yes
	}
	set(bt.PauseRead)
	sock.Write(wire.AppendInterested(nil))
	n.await("the message", func() (there bool) {
		n.look(func(*core.Session, *core.Snapshot) {
			for _, k := range n.links {
				there = k.sock.Readable()
			}
		})
		return there
	})
	if interested() {
		t.Error("a message was read that was not to be")
	}
	set(bt.ResumeRead)
	n.await("it to be read", interested)
}
