package dialogue

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"peerwire/core/bt"
	"peerwire/core/utp"
	"peerwire/sim/script"
)

// command is one that a conversation may give.
type command struct {
	name    string
	example string
	play    func(d *Dialogue, args []string) error
}

// commands are all but those that are packets of a peer, as in "A: DATA 101 ack +0 size 500".
var commands = []command{
	{"we", "we receive=131072 datagram=9000", (*Dialogue).configure},
	{"dial", "dial A", (*Dialogue).dial},
	{"at", "at 3.999999999s", (*Dialogue).at},
	{"write", "write A 5000", (*Dialogue).write},
	{"read", "read A 1000", (*Dialogue).read},
	{"finish", "finish A", (*Dialogue).finish},
	{"close", "close A 17", (*Dialogue).close},
	{"datagram", "datagram A 4100ff", (*Dialogue).datagram},
	{"at-address", "at-address B 10.0.0.1:7000", (*Dialogue).address},
	{"forge", "forge 5000 from 10.1.0.0", (*Dialogue).forge},
	{"answers", "answers A for 2s after 50ms wait 100ms late 1ms lose +5 fed", (*Dialogue).answers},
}

func (d *Dialogue) play(words []string) error {
	if name, ok := strings.CutSuffix(words[0], ":"); ok {
		return d.says(d.peerOf(name), words[1:])
	}
	for _, c := range commands {
		if c.name == words[0] {
			return c.play(d, words[1:])
		}
	}
	return errors.New("there is no such command")
}

// option finds the word after a word.
func option(args []string, name string) (string, bool) {
	i := slices.Index(args, name)
	if i < 0 || i+1 >= len(args) {
		return "", false
	}
	return args[i+1], true
}

// number finds the number after a word, or takes the one given.
func number(args []string, name string, open int) (int, error) {
	text, ok := option(args, name)
	if !ok {
		return open, nil
	}
	return strconv.Atoi(text)
}

// span finds the time after a word, or takes the one given.
func span(args []string, name string, open time.Duration) (time.Duration, error) {
	text, ok := option(args, name)
	if !ok {
		return open, nil
	}
	return script.Duration(text)
}

func (d *Dialogue) configure(args []string) error {
	for _, arg := range args {
		name, text, _ := strings.Cut(arg, "=")
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		switch name {
		case "receive":
			d.cfg.Receive = n
		case "send":
			d.cfg.Send = n
		case "conns":
			d.cfg.Conns = n
		case "datagram":
			d.cfg.Datagram = n
		default:
			return fmt.Errorf("no limit is called %s", name)
		}
	}
	d.s = utp.New(d.cfg, 1)
	return nil
}

func (d *Dialogue) dial(args []string) error {
	p := d.peerOf(args[0])
	id, err := d.s.Dial(d.now, p.addr)
	p.id = id
	return err
}

func (d *Dialogue) at(args []string) error {
	t, err := script.Duration(args[0])
	if err != nil || bt.Instant(t) < d.now {
		return errors.Join(err, errors.New("that is over"))
	}
	d.until(bt.Instant(t))
	return nil
}

func (d *Dialogue) write(args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	took, err := d.s.Write(d.now, d.peerOf(args[0]).id, [][]byte{make([]byte, n)})
	if err != nil || took < n {
		d.note("%d bytes are taken%s", took, because(err))
	}
	return nil
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return "; " + strings.TrimPrefix(err.Error(), "utp: ")
}

func (d *Dialogue) read(args []string) error {
	room := 1 << 24
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		room = n
	}
	b := make([]byte, room)
	n, err := d.s.Read(d.now, d.peerOf(args[0]).id, [][]byte{b})
	text := ""
	if n > 0 && n < 100 {
		text = fmt.Sprintf(": %q", b[:n])
	}
	d.note("%s%s%s", bytes(n), text, because(err))
	return nil
}

func (d *Dialogue) finish(args []string) error {
	d.s.Finish(d.now, d.peerOf(args[0]).id)
	return nil
}

func (d *Dialogue) close(args []string) error {
	code := 0
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		code = n
	}
	d.s.Close(d.now, d.peerOf(args[0]).id, uint16(code))
	return nil
}

func (d *Dialogue) datagram(args []string) error {
	b, err := hex.DecodeString(strings.Join(args[1:], ""))
	if err != nil {
		return err
	}
	if !d.s.Arrived(d.now, d.peerOf(args[0]).addr, b) {
		d.note("that is not for us")
	}
	return nil
}

func (d *Dialogue) address(args []string) error {
	addr, err := netip.ParseAddrPort(args[1])
	d.peerOf(args[0]).addr = addr
	return err
}

// forge sends SYNs from so many addresses, and tells what was sent back in all.
func (d *Dialogue) forge(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	addr, err := netip.ParseAddr(args[2])
	if err != nil {
		return err
	}
	bytes, answers := 0, 0
	for i := range n {
		syn := packet{kind: typeSyn, id: uint16(2 * i), seq: 1, stamp: micros(d.now)}
		d.s.Arrived(d.now, netip.AddrPortFrom(addr, 7000), syn.encode(nil, nil))
		for out, ok := d.s.Transmit(d.now, d.buf); ok; out, ok = d.s.Transmit(d.now, d.buf) {
			bytes, answers = bytes+out.N, answers+1
		}
		if !slices.Contains(args, "site") {
			addr = addr.Next()
		}
	}
	d.note("%d SYNs of %d bytes, %d answers of %d bytes", n, n*headerSize, answers, bytes)
	return nil
}
