package peerfsm

import "peerwire/core/bt"

// Downloaded is the payload received from the peer, in bytes, wanted or not.
func (p *Peer) Downloaded() int64 { return p.down.rate.total }

// Wasted is the payload received that was not needed, in bytes.
func (p *Peer) Wasted() int64 { return p.down.duplicate }

// Uploaded is the payload sent to the peer, in bytes.
func (p *Peer) Uploaded() int64 { return p.up.rate.total }

// Strikes is how many milder breaches of the peer were counted. [LIM-5]
func (p *Peer) Strikes() int { return int(p.strikes) }

// DownloadRate is the payload received a second, in bytes, over the last seconds.
func (p *Peer) DownloadRate(now bt.Instant) int64 { return p.down.rate.perSecond(now) }

// UploadRate is the payload sent a second, in bytes, over the last seconds.
func (p *Peer) UploadRate(now bt.Instant) int64 { return p.up.rate.perSecond(now) }
