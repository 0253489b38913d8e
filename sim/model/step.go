package model

import (
	"net/netip"
	"strconv"

	"peerwire/core/bt"
)

// Step is one call of a session, and all that was to be seen of it.
type Step struct {
	Now   bt.Instant
	Event *bt.Event // that Handle was given; nil when it was Transmit that was called

	Conn  bt.ConnID // of Transmit
	Room  int       // bytes that Transmit was given
	Said  []byte    // control bytes that Transmit gave
	Token bt.Token  // of the payload behind them; 0 when there is none
	Size  int       // bytes of that payload
	Last  bool      // Transmit said that there is nothing more to write

	Effects  []bt.Effect // polled after the call, in their order
	Conns    []Conn      // the connections that there are after it
	Torrents []Torrent   // the torrents that there are after it
	Next     bt.Instant  // NextDeadline after it
	Timer    bt.Timer    // and what it is for
}

// Conn is a connection as a session shows it.
type Conn struct {
	ID      bt.ConnID
	Torrent bt.TorrentID // 0 when it is bound to none
	Addr    netip.AddrPort
	Flags   Flags
	Live    []bt.Block // requests of ours that were said, and not answered or given up
	Chosen  []bt.Block // requests of ours that are to be said
	Asked   int        // requests of the peer that wait
	Strikes int        // breaches that did not close it
}

// Torrent is a torrent as a session shows it.
type Torrent struct {
	ID       bt.TorrentID
	Have     int // pieces
	Finished bool
	Stalled  bool
}

// Flags is what the sixteen status methods say.
type Flags struct {
	Queued, Connecting, Handshake  bool
	Torrent, LocalConnection       bool
	SupportExtensions              bool
	Choked, OptimisticUnchoke      bool
	Interesting                    bool
	RemoteChoked, RemoteInterested bool
	Snubbed, OnParole              bool
	Pieces                         int // how many there are
	Seed, UploadOnly               bool
}

// flag is one of the sixteen, as text.
type flag struct {
	name, value string
}

func (f Flags) list() []flag {
	text := strconv.FormatBool
	return []flag{
		{"Queued", text(f.Queued)}, {"Connecting", text(f.Connecting)}, {"Handshake", text(f.Handshake)}, {"Torrent", text(f.Torrent)},
		{"LocalConnection", text(f.LocalConnection)}, {"SupportExtensions", text(f.SupportExtensions)}, {"Choked", text(f.Choked)},
		{"OptimisticUnchoke", text(f.OptimisticUnchoke)}, {"Interesting", text(f.Interesting)}, {"RemoteChoked", text(f.RemoteChoked)},
		{"RemoteInterested", text(f.RemoteInterested)}, {"Snubbed", text(f.Snubbed)}, {"OnParole", text(f.OnParole)},
		{"Pieces", strconv.Itoa(f.Pieces)}, {"Seed", text(f.Seed)}, {"UploadOnly", text(f.UploadOnly)},
	}
}

// differ lists the flags in which two connections are not alike, as the first has them and as the second does.
func (f Flags) differ(g Flags) (ours, theirs []flag) {
	if f == g {
		return nil, nil
	}
	a, b := f.list(), g.list()
	for i := range a {
		if a[i] != b[i] {
			ours, theirs = append(ours, a[i]), append(theirs, b[i])
		}
	}
	return ours, theirs
}
