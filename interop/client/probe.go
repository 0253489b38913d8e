package client

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"peerwire/interop/netns"
)

// handshakeSize is that of BEP 3: a length byte, the protocol's name, the
// reserved bytes, the info-hash and the peer id.
const handshakeSize = 1 + 19 + 8 + 20 + 20

// Handshake exchanges BEP 3 handshakes, without any extension, as the side
// that dialled.
func Handshake(conn net.Conn, infoHash [20]byte, id string) error {
	hello := make([]byte, handshakeSize)
	copy(hello, "\x13BitTorrent protocol")
	copy(hello[28:], infoHash[:])
	copy(hello[48:], id)
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	answer := make([]byte, handshakeSize)
	if _, err := io.ReadFull(conn, answer); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	if [20]byte(answer[28:48]) != infoHash {
		return errors.New("handshake: the answer is for another torrent")
	}
	return nil
}

// Limits of a probe: one try, the pause between two, and all of them.
const (
	probeLimit = 2 * time.Second
	probePause = 50 * time.Millisecond
)

// answering waits until the client answers a handshake for the torrent. Some
// listen long before that, and close what comes too early. Every try has an
// address of its own, so that nothing it does is held against a real peer.
func (r *Run) answering(j Job) error {
	deadline := time.Now().Add(readyLimit)
	for {
		err := probe(j)
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not answer at %v: %w:\n%s", r.name, j.Listen, err, r.Output())
		}
		select {
		case <-r.Done():
			return fmt.Errorf("%s ended before it answered at %v:\n%s", r.name, j.Listen, r.Output())
		case <-time.After(probePause):
		}
	}
}

func probe(j Job) error {
	from := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netns.Next().Addr(), 0))
	dialer := net.Dialer{LocalAddr: from, Timeout: probeLimit}
	conn, err := dialer.Dial("tcp", j.Listen.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(probeLimit)); err != nil {
		return err
	}
	return Handshake(conn, j.Torrent.InfoHash, "-PW0000-probe")
}
