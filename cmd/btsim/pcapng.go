package main

import (
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/trace"
)

// maxSegment is how many bytes one packet carries at most: so much fits into the length of an IP packet with room to spare. A block does, so each
// message but a very long bitfield is a packet of its own.
const maxSegment = 60_000

// captureTrace writes what one session of a trace heard and said as a capture of packets.
func captureTrace(cmd *cli.Command, path, to string) error {
	if err := command.Spare("pcapng", to, path); err != nil {
		return err
	}
	t, err := openTrace(cmd, path)
	if err != nil {
		return err
	}
	f, err := command.CreateFile(to)
	if err != nil {
		t.file.Close()
		return command.Fail(fmt.Errorf("trace: cannot write the capture: %w", err))
	}
	c := &capture{only: filterOf(cmd), session: -1}
	c.met = c.only.peer == ""
	intf := pcapgo.NgInterface{
		Name: "peerwire", Comment: "synthesised by " + maker() + " from what " + t.Maker + " recorded", LinkType: layers.LinkTypeRaw, TimestampResolution: 9,
	}
	if c.out, c.err = pcapgo.NewNgWriterInterface(f, intf, pcapgo.DefaultNgWriterOptions); c.err == nil {
		err = c.all(t)
	}
	err = t.ended(cmd, cmp.Or(err, io.EOF))
	switch {
	case err != nil:
	case c.refused != nil:
		err = c.refused
	case c.session < 0:
		err = noNode(path, c.only.node)
	case c.err == nil && !c.met:
		err = noPeer(path, c.only.peer)
	default:
		if err = command.Written(c.err); err == nil {
			err = command.Written(c.out.Flush())
		}
	}
	if err != nil {
		f.Drop()
		return err
	}
	return command.Written(f.Keep())
}

// capture makes packets of the records of one session.
type capture struct {
	only    filter
	out     *pcapgo.NgWriter
	name    string // of the session whose packets they are
	session int    // -1 while it is not known
	packets trace.Packets
	flows   map[bt.ConnID]*flow
	own     [2]netip.Addr // as far as they are known: IPv4, IPv6
	port    uint16
	waiting []waiting // packets of the call under way: what is said of them comes behind them
	met     bool      // a connection that is wanted was there
	refused error     // why there is to be no capture
	err     error     // of writing
}

// flow is a connection as TCP shows it.
type flow struct {
	near, far netip.AddrPort
	next      [2]uint32 // sequence numbers: theirs, ours
	peer      bool      // it is one of those that are wanted
	over      bt.Transport
	comments  []string // for the last packet of the call
	decisions []string // for our next packet: what we decided is there what it was decided for
}

// waiting is a packet that is not written yet.
type waiting struct {
	trace.Packet
	flow *flow
}

// all reads the trace to its end.
func (c *capture) all(t *traceFile) error {
	err := t.each(func(r *trace.Record, lines []trace.Line) bool {
		switch {
		case r.Kind == trace.Begun:
			c.begin(r)
		case r.Session == c.session:
			c.record(r, lines)
		}
		return c.err == nil && c.refused == nil
	})
	c.flush()
	return err
}

// begin takes the session that is wanted, and of one that crashed and came back all its lives.
func (c *capture) begin(r *trace.Record) {
	b := r.Begin
	switch {
	case c.only.node != "" && b.Name != c.only.node:
		return
	case c.session >= 0 && b.Name != c.name:
		c.refused = command.Misuse("trace: there are several sessions, and a capture is made at one place: which --node? There are %q, %q ...", c.name, b.Name)
		return
	}
	c.flush()
	c.name, c.session, c.port = b.Name, r.Session, b.Config.ListenPort
	c.flows, c.packets = make(map[bt.ConnID]*flow), trace.Packets{}
	if a := b.Addr.Addr(); a.IsValid() && !a.IsUnspecified() {
		c.own[family(a)] = a
	}
}

// family tells IPv4 from IPv6.
func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// record takes a record of the session.
func (c *capture) record(r *trace.Record, lines []trace.Line) {
	if r.Kind == trace.Told || r.Kind == trace.Asked {
		c.flush()
		c.locate(r)
	}
	if e := &r.Effect; r.Kind == trace.Effected && e.Kind == bt.Dial {
		f := c.flow(e.Conn)
		f.far, f.over = e.Addr, e.Transport
	}
	for i := range lines {
		l := &lines[i]
		switch l.What {
		case "flag", "condemned", "noticed", "close", "dialled", "accept", "closed":
			f, text := c.flow(l.Conn), strings.TrimPrefix(l.What+" "+l.Text, "flag ")
			if l.Flag != nil && decided[l.Flag.Name] {
				f.decisions = append(f.decisions, text)
			} else {
				f.comments = append(f.comments, text)
			}
			f.peer = f.peer || c.only.peer == "" || isWith(l, c.only.peer)
			c.met = c.met || f.peer
		}
	}
	for _, p := range c.packets.Of(r) {
		c.waiting = append(c.waiting, waiting{p, c.flow(p.Conn)})
	}
}

func (c *capture) flow(id bt.ConnID) *flow {
	f := c.flows[id]
	if f == nil {
		f = new(flow)
		c.flows[id] = f
	}
	return f
}

// locate learns the two ends of a connection that opens.
func (c *capture) locate(r *trace.Record) {
	ev := &r.Event
	if r.Kind != trace.Told || ev.Kind != bt.Dialled && ev.Kind != bt.Accept {
		return
	}
	f := c.flow(ev.Conn)
	if ev.Kind == bt.Accept {
		f.far, f.over = ev.Addr, ev.Transport
		f.near = netip.AddrPortFrom(c.address(f.far.Addr()), c.port)
		return
	}
	if f.near = ev.Addr; f.near.IsValid() {
		c.own[family(f.near.Addr().Unmap())] = f.near.Addr().Unmap()
		return
	}
	f.near = netip.AddrPortFrom(c.address(f.far.Addr()), 0)
}

// address is where we are, seen from a peer: as far as that is known, or at the same place, or at an address that stands for any.
func (c *capture) address(peer netip.Addr) netip.Addr {
	peer = peer.Unmap()
	switch a := c.own[family(peer)]; {
	case peer.IsLoopback():
		return peer
	case a.IsValid():
		return a
	case peer.Is4():
		return netip.AddrFrom4([4]byte{192, 0, 2, 1})
	}
	return netip.MustParseAddr("2001:db8::1")
}

// decided are the flags that are ours to decide, and that we tell the peer of.
var decided = map[string]bool{
	peerfsm.Choked.String(): true, peerfsm.OptimisticUnchoke.String(): true, peerfsm.Interesting.String(): true,
}

// flush writes the packets of the call that is over, with what is said of them.
func (c *capture) flush() {
	last := make(map[*flow]int)
	for i := range c.waiting {
		last[c.waiting[i].flow] = i
	}
	for i := range c.waiting {
		p := &c.waiting[i]
		f := p.flow
		ends := p.Act == trace.Ends || p.Act == trace.Breaks
		var comments []string
		if p.Ours || ends {
			comments, f.decisions = f.decisions, nil
		}
		if last[f] == i {
			comments = append(comments, f.comments...)
			f.comments = nil
		}
		if f.peer {
			c.put(p, comments)
		}
	}
	c.waiting = c.waiting[:0]
}

// put writes a packet as segments of TCP.
func (c *capture) put(p *waiting, comments []string) {
	switch p.Act {
	case trace.Asks:
		c.segment(p, p.Ours, layers.TCP{SYN: true}, nil, 0, comments)
	case trace.Opens:
		if p.flow.over == bt.UTP {
			comments = append(comments, "this connection was over uTP: its stream is shown as TCP")
		}
		c.segment(p, p.Ours, layers.TCP{SYN: true}, nil, 0, comments)
		c.segment(p, !p.Ours, layers.TCP{SYN: true, ACK: true}, nil, 0, nil)
		c.segment(p, p.Ours, layers.TCP{ACK: true}, nil, 0, nil)
	case trace.Carries:
		for data := p.Data; ; {
			n := min(len(data), maxSegment)
			if n == len(data) {
				c.segment(p, p.Ours, layers.TCP{ACK: true, PSH: true}, data, p.Payload, comments)
				return
			}
			c.segment(p, p.Ours, layers.TCP{ACK: true}, data[:n], 0, nil)
			data = data[n:]
		}
	case trace.Ends:
		c.segment(p, p.Ours, layers.TCP{FIN: true, ACK: true}, nil, 0, comments)
		c.segment(p, !p.Ours, layers.TCP{FIN: true, ACK: true}, nil, 0, nil)
		c.segment(p, p.Ours, layers.TCP{ACK: true}, nil, 0, nil)
	case trace.Breaks:
		c.segment(p, p.Ours, layers.TCP{RST: true, ACK: true}, nil, 0, comments)
	}
}

// zeros stand for payload, which a trace does not have.
var zeros [bt.BlockSize]byte

// segment writes one packet. Payload is counted, but no part of the capture, as with a limit of what is captured of a packet.
func (c *capture) segment(p *waiting, ours bool, tcp layers.TCP, data []byte, payload int, comments []string) {
	f := p.flow
	from, to, side := f.far, f.near, 0
	if ours {
		from, to, side = f.near, f.far, 1
	}
	tcp.SrcPort, tcp.DstPort, tcp.Window = layers.TCPPort(from.Port()), layers.TCPPort(to.Port()), 65535
	if tcp.Seq = f.next[side]; tcp.ACK {
		tcp.Ack = f.next[1-side]
	}
	payload = min(payload, len(zeros))
	body := append(append([]byte(nil), data...), zeros[:payload]...)
	f.next[side] += uint32(len(body))
	if tcp.SYN || tcp.FIN {
		f.next[side]++
	}
	b, err := packetOf(from.Addr().Unmap(), to.Addr().Unmap(), &tcp, body)
	if err == nil {
		ci := gopacket.CaptureInfo{Timestamp: time.Unix(0, int64(p.Now)), CaptureLength: len(b) - payload, Length: len(b)}
		err = c.out.WritePacketWithOptions(ci, b[:ci.CaptureLength], pcapgo.NgPacketOptions{Comments: comments})
	}
	c.err = cmp.Or(c.err, err)
}

// packetOf puts a packet of TCP over IP together.
func packetOf(from, to netip.Addr, tcp *layers.TCP, body []byte) ([]byte, error) {
	var ip gopacket.SerializableLayer
	if from.Is4() && to.Is4() {
		v4 := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: from.AsSlice(), DstIP: to.AsSlice(), Flags: layers.IPv4DontFragment}
		ip = v4
		_ = tcp.SetNetworkLayerForChecksum(v4)
	} else {
		a, b := from.As16(), to.As16()
		v6 := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: a[:], DstIP: b[:]}
		ip = v6
		_ = tcp.SetNetworkLayerForChecksum(v6)
	}
	buf := gopacket.NewSerializeBuffer()
	opt := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	err := gopacket.SerializeLayers(buf, opt, ip, tcp, gopacket.Payload(body))
	return buf.Bytes(), err
}
