package dialogue

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"peerwire/core/bt"
)

// usual is how long a packet takes each way, by the peer's clock, when nothing else is said.
const usual = 20 * time.Millisecond

// says has a peer send a packet: "DATA 101 ack +0 size 500", with what follows for what is not usual.
//
//	id 8         the connection id; else the one that belongs there
//	text hello   what it carries; or size 500
//	room 1000    the room that it tells from now on; 1 MiB at first
//	late 50ms    how much longer than usual it took
//	wait 50ms    how much longer than usual ours took, as it tells; or "wait none"
//	sack ff01    a selective acknowledgement
//	reason 3     why it closes
//	takes 9000   the largest datagram that it takes
//	ext 9:0102   any other extension
func (d *Dialogue) says(from *peer, args []string) error {
	kind := slices.Index(names[:], args[0])
	if kind < 0 || len(args) < 2 {
		return fmt.Errorf("%s is no packet", args[0])
	}
	seq, err := strconv.ParseUint(args[1], 10, 16)
	if err != nil {
		return err
	}
	p := packet{kind: kind, seq: uint16(seq), id: from.carry}
	if kind != typeState && kind != typeReset {
		from.seq = p.seq
	}
	if err := d.header(&p, from, args[2:]); err != nil {
		return err
	}
	exts, err := extensions(args[2:])
	if err != nil {
		return err
	}
	payload, err := carried(args[2:])
	if err != nil {
		return err
	}
	if kind == typeSyn {
		from.carry = p.id + 1
	}
	if !d.s.Arrived(d.now, from.addr, p.encode(exts, payload)) {
		d.note("that is not for us")
	}
	return nil
}

// header fills in what the words say.
func (d *Dialogue) header(p *packet, from *peer, args []string) error {
	id, err := number(args, "id", int(p.id))
	if err != nil {
		return err
	}
	room, err := number(args, "room", int(from.window))
	if err != nil {
		return err
	}
	late, err := span(args, "late", 0)
	if err != nil {
		return err
	}
	p.id, from.window, p.window = uint16(id), uint32(room), uint32(room)
	p.stamp = micros(d.now - bt.Instant(usual+late))
	if text, _ := option(args, "wait"); text != "none" {
		wait, err := span(args, "wait", 0)
		if err != nil {
			return err
		}
		p.difference = uint32((usual + wait) / time.Microsecond)
	}
	p.ack, err = from.acknowledges(args)
	from.acked = p.ack
	return err
}

// acknowledges is the number of ours that the words acknowledge: from our first on, or all.
func (p *peer) acknowledges(args []string) (uint16, error) {
	switch text, ok := option(args, "ack"); {
	case !ok:
		return p.first, nil
	case text == "all":
		return p.sent, nil
	default:
		n, err := strconv.Atoi(text) // with its sign
		return p.first + uint16(n), err
	}
}

// extensions gathers those of the words.
func extensions(args []string) (exts []extension, err error) {
	if text, ok := option(args, "sack"); ok {
		body, err := hex.DecodeString(text)
		if err != nil {
			return nil, err
		}
		exts = append(exts, extension{extSack, body})
	}
	for _, e := range [...]struct {
		name   string
		number byte
		size   int
	}{{"reason", extReason, 4}, {"takes", extLargest, 2}} {
		n, err := number(args, e.name, -1)
		if err != nil {
			return nil, err
		}
		if n >= 0 {
			body := make([]byte, e.size)
			binary.BigEndian.PutUint16(body[e.size-2:], uint16(n))
			exts = append(exts, extension{e.number, body})
		}
	}
	if text, ok := option(args, "ext"); ok {
		name, body, _ := strings.Cut(text, ":")
		n, err := strconv.ParseUint(name, 10, 8)
		if err != nil {
			return nil, err
		}
		b, err := hex.DecodeString(body)
		if err != nil {
			return nil, err
		}
		exts = append(exts, extension{byte(n), b})
	}
	return exts, nil
}

// carried is the payload of the words.
func carried(args []string) ([]byte, error) {
	if text, ok := option(args, "text"); ok {
		return []byte(text), nil
	}
	n, err := number(args, "size", 0)
	return make([]byte, n), err
}
