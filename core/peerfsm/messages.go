package peerfsm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// stepMessage takes one message of an open connection.
func (p *Peer) stepMessage(now bt.Instant, b []byte) (int, Fact) {
	var m wire.Message
	n, need, v := wire.Decode(b, p.rules(), &m)
	switch {
	case n == 0 && v != 0:
		return 0, broke(v)
	case n == 0:
		return 0, Fact{Kind: More, Size: need}
	case v != 0:
		p.offend(v)
		if m.ID != wire.Bitfield { // its spare bits mean nothing, the others count [MSG-5]
			return n, Fact{}
		}
	}
	return n, p.dispatch(now, &m)
}

func (p *Peer) dispatch(now bt.Instant, m *wire.Message) Fact {
	switch m.ID {
	case wire.Extended:
		return p.onExtended(now, m.ExtID, m.Body)
	case wire.KeepAlive:
		return p.onKeepAlive(now)
	case wire.Bitfield:
		return p.onBitfield(m.Body)
	case wire.HaveAll:
		return p.onHaveAll()
	case wire.HaveNone:
		return p.onHaveNone()
	}
	p.untold(now)
	switch m.ID {
	case wire.Piece:
		return p.onPiece(now, m.Block)
	case wire.Request:
		return p.onRequest(now, m.Block)
	case wire.Have:
		return p.onHave(now, m.Block.Piece)
	case wire.Choke:
		return p.onChoke(now)
	case wire.Unchoke:
		return p.onUnchoke(now)
	case wire.Interested:
		return p.onInterested(now, bt.PeerSaidInterest)
	case wire.NotInterested:
		return p.onNotInterested(now)
	case wire.Cancel:
		return p.onCancel(m.Block)
	case wire.Reject:
		return p.onReject(now, m.Block)
	case wire.Suggest:
		return p.onSuggest(m.Block.Piece)
	case wire.AllowedFast:
		return p.onAllowedFast(m.Block.Piece)
	}
	p.hit(clause.MSG23) // a port message asks nothing of us
	return Fact{}
}

// onKeepAlive: it is enough that bytes came; a flood of them is a nuisance. [FRM-7]
func (p *Peer) onKeepAlive(now bt.Instant) Fact {
	if now.Sub(p.keptAlive) < KeepAliveSpacing {
		p.offend(clause.KeepAliveFlood)
	}
	p.keptAlive = now
	return Fact{}
}

// onChoke: with Fast every request sent is still answered, one by one; without it they are void. [MSG-1] [FST-7]
func (p *Peer) onChoke(now bt.Instant) Fact {
	if !p.step(now, PeerChokes, bt.PeerSaidChoke) {
		return Fact{}
	}
	p.hit(clause.FST7)
	p.takeBackUnsent()
	if !p.speaksFast {
		p.voidSent()
	}
	return Fact{Kind: Moved}
}

func (p *Peer) onUnchoke(now bt.Instant) Fact {
	p.step(now, PeerUnchokes, bt.PeerSaidUnchoke)
	return Fact{Kind: Moved}
}

func (p *Peer) onInterested(now bt.Instant, because bt.Because) Fact {
	if !p.step(now, PeerInterested, because) {
		return Fact{}
	}
	p.settleBoredom(now)
	p.settleShown(now)
	p.allowFast()
	return Fact{Kind: Moved}
}

func (p *Peer) onNotInterested(now bt.Instant) Fact {
	if !p.step(now, PeerNotInterested, bt.PeerSaidNone) {
		return Fact{}
	}
	p.slotLost()
	p.settleBoredom(now)
	p.settleShown(now)
	return Fact{Kind: Moved}
}

// onSuggest remembers the newest suggestions, newest first. [FST-10]
func (p *Peer) onSuggest(i uint32) Fact {
	p.hit(clause.FST10)
	p.remember(&p.suggested, i, MaxSuggested)
	return Fact{}
}

// onAllowedFast remembers a piece that may be asked for while the peer chokes us. [FST-12]
func (p *Peer) onAllowedFast(i uint32) Fact {
	if p.allowed.len() < MaxAllowedFast && !p.allows(i) {
		p.hit(clause.FST12)
		p.allowed.push(&p.stock().pieces, i)
	}
	return Fact{Kind: Moved}
}

// remember puts i at the end of list, once, and lets go of the first beyond limit.
func (p *Peer) remember(list *queue[uint32], i uint32, limit int) {
	p.forget(list, i)
	if list.len() == limit {
		list.remove(&p.stock().pieces, 0)
	}
	list.push(&p.stock().pieces, i)
}

func (p *Peer) forget(list *queue[uint32], i uint32) {
	if k := indexOf(list, i); k >= 0 {
		list.remove(&p.stock().pieces, k)
	}
}

// allows tells whether the peer said that a piece may be asked for while it chokes us.
func (p *Peer) allows(i uint32) bool { return indexOf(&p.allowed, i) >= 0 }

func indexOf(list *queue[uint32], i uint32) int {
	for k, v := range list.all() {
		if *v == i {
			return k
		}
	}
	return -1
}

// accepts is what the peer told in its extension handshakes that it takes.
type accepts struct {
	uploadOnly uint8  // the id the peer gave the message "upload_only"; 0 is none
	dontHave   uint8  // the same of "lt_donthave"
	reqq       uint16 // requests the peer keeps; 0 is not told
}

// introduction is what else the peer told in its extension handshakes (BEP 10). Peers that tell the same share one, which never changes.
type introduction struct {
	yourIP [16]byte // our address, as the peer sees it; zero is not told
	client string   // empty is not told
}

// merge takes what a handshake names and leaves the rest as it was told before. [EXT-6] [EXT-7] [EXT-8] [EXT-15]
func (p *Peer) merge(h *ExtHandshake) {
	if h.MapsUploadOnly {
		p.accepts.uploadOnly = h.UploadOnlyID
	}
	if h.MapsDontHave {
		p.accepts.dontHave = h.DontHaveID
	}
	if h.RequestMax > 0 {
		p.accepts.reqq = uint16(h.RequestMax)
	}
	if p.port == 0 {
		p.port = h.Port
	}
	if h.Client == "" && !h.YourIP.IsValid() {
		return
	}
	in := introduction{}
	if p.theirExt != nil {
		in = *p.theirExt
	}
	if h.Client != "" {
		in.client = h.Client
	}
	if h.YourIP.IsValid() {
		in.yourIP = h.YourIP.As16()
	}
	if last := p.self.told; last == nil || *last != in {
		told := in // or each would be moved to the heap
		p.self.told = &told
	}
	p.theirExt = p.self.told
}

// Client is what the peer calls its program; empty when it did not say.
func (p *Peer) Client() string {
	if p.theirExt == nil {
		return ""
	}
	return p.theirExt.client
}

// ListenPort is the port where the peer accepts connections, 0 when it did not say.
func (p *Peer) ListenPort() uint16 { return p.port }

// YourIP is our address as the peer says that it sees it, never IPv4-mapped; not valid when it did not say. It is one stranger's
// word. [EXT-15]
func (p *Peer) YourIP() netip.Addr {
	if p.theirExt == nil || p.theirExt.yourIP == ([16]byte{}) {
		return netip.Addr{}
	}
	return netip.AddrFrom16(p.theirExt.yourIP).Unmap()
}

func (p *Peer) onExtended(now bt.Instant, id uint8, body []byte) Fact {
	if !p.SupportExtensions() {
		p.offend(clause.ExtensionUnnegotiated)
		return Fact{} // else we would say what we were asked for, and EXT-1 forbids it
	}
	switch id {
	case 0:
		return p.onExtHandshake(now, body)
	case ExtUploadOnly:
		return p.onUploadOnly(now, body)
	case ExtDontHave:
		return p.onDontHave(now, body)
	}
	p.offend(clause.ExtensionUnadvertised)
	return Fact{}
}

// onExtHandshake takes a first or a repeated extension handshake; a repeated one changes what it names. [EXT-6]
func (p *Peer) onExtHandshake(now bt.Instant, body []byte) Fact {
	h, v := ParseExtHandshake(body)
	if v != 0 {
		p.offend(v)
	}
	p.recordIntroduction(&h)
	p.merge(&h)
	if h.RequestMax > 0 && p.Outstanding() > h.RequestMax { // it keeps fewer than were chosen
		p.hit(clause.LIM3)
		p.takeBackUnsent()
	}
	if h.UploadOnly { // only the message takes it back [EXT-10]
		p.step(now, IntentDeclare, bt.DeclaredIntent)
	}
	return Fact{Kind: Introduced}
}

// recordIntroduction records the clauses that a handshake gives occasion to obey. Of what it may say of addresses, in "ipv4" and "ipv6",
// nothing is even read: else any stranger could have us dial whom it likes. [EXT-16]
func (p *Peer) recordIntroduction(h *ExtHandshake) {
	p.hit(clause.EXT6)
	p.hit(clause.EXT16)
	if h.Port != 0 {
		p.hit(clause.EXT7)
	}
	if h.RequestMax > 0 {
		p.hit(clause.EXT8)
	}
	if h.Client != "" {
		p.hit(clause.EXT9)
	}
	if h.UploadOnly {
		p.hit(clause.EXT10)
	}
	if h.YourIP.IsValid() {
		p.hit(clause.EXT15)
	}
}

// onUploadOnly takes the message "upload_only" of BEP 21: one byte, zero takes it back. [EXT-11]
func (p *Peer) onUploadOnly(now bt.Instant, body []byte) Fact {
	if len(body) != 1 {
		p.offend(clause.ExtensionMalformed)
		return Fact{}
	}
	p.hit(clause.EXT11)
	if body[0] != 0 {
		p.step(now, IntentDeclare, bt.DeclaredByMessage)
	} else {
		p.step(now, IntentWithdraw, bt.WithdrawnIntent)
	}
	return Fact{Kind: Introduced}
}
