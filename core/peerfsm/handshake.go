package peerfsm

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// shake is how far the peer's handshake has come, and what else than speaksFast it said.
type shake struct {
	headed     bool // its first 48 bytes were read
	extensions bool // the peer offers BEP 10
	peerID     bt.PeerID
}

// PeerID is what the peer calls itself; zero before its handshake.
func (p *Peer) PeerID() bt.PeerID { return p.shake.peerID }

// Fast tells whether both sides speak the Fast extension (BEP 6).
func (p *Peer) Fast() bool { return p.speaksFast }

// Dial moves a queued connection to connecting, where it stays for so long at most; why says why over its transport.
func (p *Peer) Dial(now bt.Instant, why bt.Because, most time.Duration) {
	p.step(now, LinkDial, why)
	p.run(&p.times.start, now.Add(most))
}

// Connected moves a dialled connection to the handshake, and says ours first. [HSK-3]
func (p *Peer) Connected(now bt.Instant) {
	stop(&p.times.start)
	p.step(now, LinkConnected, bt.TransportOpen)
	p.opened(now)
	p.hit(clause.HSK3)
	p.greetHandshake()
}

// opened starts the clocks of a connection that has just come to be.
func (p *Peer) opened(now bt.Instant) {
	p.run(&p.times.start, now.Add(HandshakeTimeout))
	p.run(&p.times.inactivity, now.Add(InactivityTimeout))
}

// Heard notes that bytes came from the peer, whatever they say.
func (p *Peer) Heard(now bt.Instant) { p.run(&p.times.inactivity, now.Add(InactivityTimeout)) }

// Step takes the first message of b, which are the bytes received and not yet taken, and tells what it
// means. It takes n bytes: none when the message is not whole, which the fact More says; the
// header alone of a piece.
func (p *Peer) Step(now bt.Instant, b []byte) (n int, f Fact) {
	switch {
	case p.Open():
		return p.stepMessage(now, b)
	case !p.shake.headed:
		return p.stepHead(b)
	default:
		return p.stepPeerID(now, b)
	}
}

// stepHead reads all of a handshake that comes before the peer id. An acceptor answers as soon as it
// knows the torrent, before the id has arrived. [HSK-4]
func (p *Peer) stepHead(b []byte) (int, Fact) {
	h, n, need, v := wire.DecodeHandshakeHead(b)
	if v != 0 {
		return 0, broke(v)
	}
	if n == 0 {
		return 0, Fact{Kind: More, Size: need}
	}
	p.hit(clause.HSK6)
	p.shake.headed = true
	p.shake.extensions = h.Reserved.Extensions()
	p.speaksFast = h.Fast()
	if p.local == nil {
		return n, Fact{Kind: Headed, InfoHash: h.InfoHash}
	}
	if h.InfoHash != p.local.InfoHash {
		return n, broke(clause.InfoHashMismatch)
	}
	return n, Fact{}
}

// Accepted answers Headed after Bind: our handshake goes out.
func (p *Peer) Accepted() {
	p.hit(clause.HSK4)
	p.greetHandshake()
}

func (p *Peer) stepPeerID(now bt.Instant, b []byte) (int, Fact) {
	id, n, need := wire.DecodePeerID(b)
	if n == 0 {
		return 0, Fact{Kind: More, Size: need}
	}
	p.shake.peerID = id
	if p.shake.extensions {
		p.step(now, ExtPresent, bt.BitSet)
	} else {
		p.step(now, ExtAbsent, bt.BitAbsent)
	}
	p.step(now, LinkShaken, bt.HandshakeDone)
	p.openSince = now
	p.settleBoredom(now)
	p.settleHandshake()
	p.run(&p.times.keepAlive, now.Add(KeepAliveInterval))
	p.greetSupply()
	return n, Fact{Kind: Shaken}
}

// settleHandshake ends the time limit of the handshake when the peer's was read and ours was written. [TMR-4] [TMR-20]
func (p *Peer) settleHandshake() {
	if p.Open() && p.out.unshaken == 0 {
		stop(&p.times.start)
	}
}
