package peerfsm

import (
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// rules is all that one machine's change does to another. A connection that closes takes back what was said
// on it, and with the peer's interest goes its slot; what is known of the peer itself stays.
var rules = []fsm.Rule{
	{When: mLink, Enters: linkClosed, Then: InterestLose, Clause: clause.FLG18},
	{When: mLink, Enters: linkClosed, Then: PeerChokes, Clause: clause.FLG18},
	{When: mLink, Enters: linkClosed, Then: PeerNotInterested, Clause: clause.FLG18},
	{When: mLink, Enters: linkClosed, Then: Unsnub, Clause: clause.FLG18},
	{When: mTheirInterest, Enters: theirInterestNone, Then: SlotChoke, Clause: clause.CHK3},
}

// needs is all that one machine's state forbids to another. A handshake settles the torrent and the
// extensions before the connection opens; everything that messages say belongs to an open one. A slot
// needs no word about that, since only the peer of an open connection can be interested; nor a promotion, since
// who holds a slot is interested.
var needs = []fsm.Need{
	{On: []Ev{Bind, ExtAbsent, ExtPresent}, Of: mLink, In: in(linkHandshake), Clause: clause.FLG3},
	{On: []Ev{LinkShaken}, Of: mBinding, In: in(bindingBound), Clause: clause.TOR1},
	{On: []Ev{LinkShaken}, Of: mExtensions, In: in(extensionsAbsent, extensionsPresent), Clause: clause.FLG7},
	{On: []Ev{SlotUnchoke, SlotOptimistic}, Of: mTheirInterest, In: in(theirInterestSome), Clause: clause.CHK3},
	{On: []Ev{InterestGain}, Of: mLink, In: in(linkOpen), Clause: clause.FLG10},
	{On: []Ev{InterestGain}, Of: mSupply, In: in(supplyPartial, supplySeed), Clause: clause.MSG9},
	{On: []Ev{PeerChokes, PeerUnchokes, PeerInterested, PeerNotInterested}, Of: mLink, In: in(linkOpen), Clause: clause.MSG1},
	{On: []Ev{Snub}, Of: mLink, In: in(linkOpen), Clause: clause.FLG13},
	{On: []Ev{SupplyPartial, SupplySeed}, Of: mLink, In: in(linkOpen), Clause: clause.FLG15},
	{On: []Ev{IntentDeclare, IntentWithdraw}, Of: mLink, In: in(linkOpen), Clause: clause.EXT1},
}
