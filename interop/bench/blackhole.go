package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"peerwire/interop/client"
	"peerwire/interop/fixture"
)

// A blackhole is a leecher that costs next to nothing: it keeps a deep queue
// of requests and throws away what comes. It speaks just enough of BEP 3,
// from an address of its own, and counts nothing but block bytes.
type blackhole struct {
	torrent *fixture.Torrent
	piece   int64 // piece length in bytes
	from    netip.Addr
	seed    netip.AddrPort
	first   int64         // the block it begins with, so that leechers differ
	want    *atomic.Int64 // bytes that all leechers together still want
	begun   func()        // told of every first block

	got       int64
	unchoked  bool
	requested int64 // blocks asked for
}

const (
	blockSize = 16 << 10
	// queueDepth is how many blocks are asked for ahead: 2 MiB, and below
	// the 250 that seeds without BEP 10's reqq are known to take.
	queueDepth = 128
	// refill is how many blocks are asked for with one write.
	refill = 32
	// stall is how long a seed may send nothing before we give up.
	stall = 60 * time.Second
)

// The messages of BEP 3 that matter here.
const (
	msgChoke      = 0
	msgUnchoke    = 1
	msgInterested = 2
	msgRequest    = 6
	msgPiece      = 7
	pieceHeader   = 9          // id, index, begin
	requestSize   = 4 + 1 + 12 // length, id, and index, begin, length
)

// run leeches until all leechers together have what they want, or this one
// has the whole torrent once: some seeds do not send a block twice.
func (h *blackhole) run(ctx context.Context) error {
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(h.from, 0)), Timeout: stall}
	conn, err := dialer.DialContext(ctx, "tcp", h.seed.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := client.Handshake(conn, h.torrent.InfoHash, fmt.Sprintf("-BH0001-%v", h.from)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{0, 0, 0, 1, msgInterested}); err != nil {
		return err
	}
	err = h.leech(conn, bufio.NewReaderSize(conn, 256<<10))
	if h.want.Load() <= 0 {
		return nil // the others got the rest, and ctx may be how we heard
	}
	return err
}

func (h *blackhole) leech(conn net.Conn, in *bufio.Reader) error {
	for h.want.Load() > 0 && h.got < h.torrent.Size {
		if err := h.message(in); err != nil {
			return err
		}
		if err := h.request(conn); err != nil {
			return err
		}
	}
	return nil
}

// message reads one message and discards its payload.
func (h *blackhole) message(in *bufio.Reader) error {
	head, err := in.Peek(4)
	if err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint32(head))
	if length == 0 {
		_, err = in.Discard(4)
		return err
	}
	head, err = in.Peek(5)
	if err != nil {
		return err
	}
	switch head[4] {
	case msgUnchoke:
		h.unchoked = true
	case msgChoke:
		// Without the Fast extension all open requests are void.
		h.unchoked, h.requested = false, h.got/blockSize
	case msgPiece:
		if h.got == 0 {
			h.begun()
		}
		n := int64(length - pieceHeader)
		h.got += n
		h.want.Add(-n)
	}
	_, err = in.Discard(4 + length)
	return err
}

// request fills the queue when there is room for a whole write of requests.
func (h *blackhole) request(conn net.Conn) error {
	blocks := h.torrent.Size / blockSize // a short last block is nobody's
	open := h.requested - h.got/blockSize
	if !h.unchoked || open > queueDepth-refill || h.requested >= blocks {
		return nil
	}
	buf := make([]byte, 0, queueDepth*requestSize)
	for ; open < queueDepth && h.requested < blocks; open++ {
		at := (h.first + h.requested) % blocks * blockSize
		buf = append(buf, 0, 0, 0, 13, msgRequest)
		buf = binary.BigEndian.AppendUint32(buf, uint32(at/h.piece))
		buf = binary.BigEndian.AppendUint32(buf, uint32(at%h.piece))
		buf = binary.BigEndian.AppendUint32(buf, blockSize)
		h.requested++
	}
	if err := conn.SetDeadline(time.Now().Add(stall)); err != nil {
		return err
	}
	_, err := conn.Write(buf)
	return err
}
