package tracker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// scriptedTracker is a UDP tracker that does what a test says. Its script gets each datagram, with its number from 0, and
// gives the replies.
type scriptedTracker struct {
	conn *net.UDPConn
	seen chan []byte         // every datagram that came
	from chan netip.AddrPort // and where from
}

func script(t *testing.T, host string, replies func(n int, d []byte) [][]byte) *scriptedTracker {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(host), 0)))
	if err != nil {
		t.Fatal(err)
	}
	s := &scriptedTracker{conn: conn, seen: make(chan []byte, 100), from: make(chan netip.AddrPort, 100)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			d := make([]byte, 2048)
			size, from, err := conn.ReadFromUDPAddrPort(d)
			if err != nil {
				return
			}
			s.seen <- d[:size]
			select {
			case s.from <- from:
			default: // few tests ask
			}
			for _, reply := range replies(n, d[:size]) {
				conn.WriteToUDPAddrPort(reply, from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return s
}

func (s *scriptedTracker) url(suffix string) string {
	return "udp://" + s.conn.LocalAddr().String() + suffix
}

// datagrams gives what came so far, as "connect", "announce" or "?".
func (s *scriptedTracker) datagrams() string {
	var all []string
	for len(s.seen) > 0 {
		all = append(all, kind(<-s.seen))
	}
	return strings.Join(all, " ")
}

func kind(d []byte) string {
	switch {
	case len(d) == 16 && binary.BigEndian.Uint64(d) == protocolID && binary.BigEndian.Uint32(d[8:]) == actionConnect:
		return "connect"
	case len(d) >= announceRequest && binary.BigEndian.Uint64(d) == testConnection && binary.BigEndian.Uint32(d[8:]) == actionAnnounce:
		return "announce"
	}
	return "?"
}

const testConnection = 0x1122334455667788

// reply writes a reply of an action to a datagram.
func replyTo(d []byte, action uint32, body string) []byte {
	return append(append(binary.BigEndian.AppendUint32(nil, action), d[12:16]...), body...)
}

func acceptConnect(d []byte) []byte {
	return replyTo(d, actionConnect, string(binary.BigEndian.AppendUint64(nil, testConnection)))
}

// acceptAnnounce answers with interval 1800, 7 leechers, 5 seeders and the given peers.
func acceptAnnounce(d []byte, compact string) []byte {
	return replyTo(d, actionAnnounce, "\x00\x00\x07\x08\x00\x00\x00\x07\x00\x00\x00\x05"+compact)
}

// wellBehaved answers as BEP 15 says.
func wellBehaved(_ int, d []byte) [][]byte {
	if kind(d) == "connect" {
		return [][]byte{acceptConnect(d)}
	}
	return [][]byte{acceptAnnounce(d, "\x01\x02\x03\x04\x1a\xe1")}
}

// patient leaves no room for a datagram to be sent twice.
func patient() *Client { return &Client{UDPTimeout: time.Minute} }

func TestUDPAnnounce(t *testing.T) {
	tracker := script(t, "127.0.0.1", wellBehaved)
	path := "/" + strings.Repeat("p", 300) + "/announce?x=%20y"
	answer, err := patient().Announce(bounded(t), tracker.url(path), sample())
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Peers) != 1 || answer.Peers[0] != netip.MustParseAddrPort("1.2.3.4:6881") ||
		answer.Interval != 30*time.Minute || answer.MinInterval != 0 || answer.Seeders != 5 || answer.Leechers != 7 {
		t.Errorf("answer %+v", answer)
	}
	if c := <-tracker.seen; kind(c) != "connect" {
		t.Fatalf("first came %x", c)
	}
	a := <-tracker.seen
	want := "\x11\x22\x33\x44\x55\x66\x77\x88" + "\x00\x00\x00\x01" + string(a[12:16]) + string(sampleHash[:]) + "-PW0001-abcdefghijkl" +
		"\x00\x00\x00\x00\x00\x00\x00\x02" + "\x00\x00\x00\x00\x00\x00\x00\x03" + "\x00\x00\x00\x00\x00\x00\x00\x01" + // downloaded, left, uploaded
		"\x00\x00\x00\x02" + "\x00\x00\x00\x00" + "\xde\xad\xbe\xef" + "\x00\x00\x00\x32" + "\x1a\xe1" + // event, address, key, number wanted, port
		"\x02\xff" + path[:255] + "\x02" + string(rune(len(path)-255)) + path[255:]
	if string(a) != want {
		t.Errorf("announce\n%q\nwant\n%q", a, want)
	}
}

func TestUDPOverIPv6(t *testing.T) {
	tracker := script(t, "::1", func(n int, d []byte) [][]byte {
		if n == 0 {
			return [][]byte{acceptConnect(d)}
		}
		return [][]byte{acceptAnnounce(d, "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1")}
	})
	answer, err := patient().Announce(bounded(t), tracker.url(""), sample())
	if err != nil || len(answer.Peers) != 1 || answer.Peers[0] != netip.MustParseAddrPort("[2001:db8::1]:6881") {
		t.Errorf("%v, %v", answer.Peers, err)
	}
}

func TestUDPReusesTheConnection(t *testing.T) {
	tracker := script(t, "127.0.0.1", wellBehaved)
	client := patient()
	for range 3 {
		if _, err := client.Announce(bounded(t), tracker.url(""), sample()); err != nil {
			t.Fatal(err)
		}
	}
	if got := tracker.datagrams(); got != "connect announce announce announce" {
		t.Errorf("sent %s", got)
	}
	// A minute later it holds no more.
	at := tracker.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	client.ids.given[at] = connectionID{id: testConnection, until: time.Now().Add(-1)}
	if _, err := client.Announce(bounded(t), tracker.url(""), sample()); err != nil {
		t.Fatal(err)
	}
	if got := tracker.datagrams(); got != "connect announce" {
		t.Errorf("sent %s", got)
	}
}

func TestUDPConnectsAgainWhenTheTrackerForgot(t *testing.T) {
	tracker := script(t, "127.0.0.1", func(n int, d []byte) [][]byte {
		if n == 2 { // the announce with the old id; the second reply comes when the next transaction is under way
			return [][]byte{replyTo(d, actionError, "who are you?"), replyTo(d, actionError, "who are you?")}
		}
		return wellBehaved(n, d)
	})
	client := patient()
	for range 2 {
		if _, err := client.Announce(bounded(t), tracker.url(""), sample()); err != nil {
			t.Fatal(err)
		}
	}
	if got := tracker.datagrams(); got != "connect announce announce connect announce" {
		t.Errorf("sent %s", got)
	}
}

func TestUDPSendsAgain(t *testing.T) {
	lost := map[string]bool{} // the first connect and the first announce are
	tracker := script(t, "127.0.0.1", func(n int, d []byte) [][]byte {
		if !lost[kind(d)] {
			lost[kind(d)] = true
			return nil
		}
		return wellBehaved(n, d)
	})
	if _, err := (&Client{UDPTimeout: 20 * time.Millisecond}).Announce(bounded(t), tracker.url(""), sample()); err != nil {
		t.Fatal(err)
	}
	if got := tracker.datagrams(); !regexp.MustCompile(`^connect( connect)+( announce){2,}$`).MatchString(got) {
		t.Errorf("sent %s", got)
	}
}

// The times of BEP 15, in virtual time: each wait is twice as long as the one before, and a connection id that is a minute
// old is asked for anew.
func TestUDPTimes(t *testing.T) {
	for _, c := range []struct {
		name     string
		answered bool // whether connects are
		want     string
	}{
		{"nothing answered", false, "0 connect, 15 connect, 45 connect, 105 connect, 225 connect, 465 connect, 945 connect, " +
			"1905 connect, 3825 connect, 7665 end"},
		{"connects answered", true, "0 connect, 0 announce, 15 announce, 45 announce, 105 connect, 105 announce, 225 connect, 225 announce, " +
			"465 connect, 465 announce, 945 connect, 945 announce, 1905 connect, 1905 announce, 3825 connect, 3825 announce, 7665 end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				begin := time.Now()
				var log []string
				note := func(what string) { log = append(log, fmt.Sprintf("%.0f %s", time.Since(begin).Seconds(), what)) }
				done := make(chan struct{})
				go func() {
					defer close(done)
					for d := make([]byte, 2048); ; {
						n, err := theirs.Read(d)
						if err != nil {
							return
						}
						note(kind(d[:n]))
						if c.answered && kind(d[:n]) == "connect" {
							theirs.Write(acceptConnect(d[:n]))
						}
					}
				}()
				x := exchange{client: new(Client), conn: ours, buffer: make([]byte, maxDatagram)}
				if _, err := x.announce(sample(), ""); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				ours.Close()
				<-done
				note("end")
				if got := strings.Join(log, ", "); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		})
	}
}

func TestUDPGivesUp(t *testing.T) {
	tracker := script(t, "127.0.0.1", func(int, []byte) [][]byte { return nil })
	_, err := (&Client{UDPTimeout: time.Millisecond}).Announce(bounded(t), tracker.url("/announce"), sample())
	if want := "tracker " + tracker.url("/announce") + ": no answer in time (i/o timeout)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for range 1 + maxResends {
		if got := kind(<-tracker.seen); got != "connect" {
			t.Errorf("sent %s", got)
		}
	}
	if got := tracker.datagrams(); got != "" {
		t.Errorf("then sent %s", got)
	}
}

// What is no reply to the datagram that waits is passed over, and the announce goes on undisturbed.
func TestUDPIgnoresStrayDatagrams(t *testing.T) {
	stray := func(d []byte) [][]byte {
		forged := append([]byte(nil), d...)
		forged[15]++ // the transaction id of somebody else
		connect := kind(d) == "connect"
		all := [][]byte{
			{}, {0}, replyTo(d, actionError, "")[:7],
			replyTo(forged, actionError, "forged"), acceptConnect(forged), acceptAnnounce(forged, ""),
			replyTo(d, 2, strings.Repeat("\x00", 100)), replyTo(d, 0xffffffff, strings.Repeat("\x00", 100)), // no such action
			acceptConnect(d)[:15], acceptAnnounce(d, "")[:19], // too short
		}
		if connect {
			return append(all, acceptAnnounce(d, "")) // not what was asked
		}
		return append(all, acceptConnect(d))
	}
	tracker := script(t, "127.0.0.1", func(n int, d []byte) [][]byte { return append(stray(d), wellBehaved(n, d)...) })
	answer, err := patient().Announce(bounded(t), tracker.url(""), sample())
	if err != nil || len(answer.Peers) != 1 {
		t.Errorf("%v, %v", answer, err)
	}
	if got := tracker.datagrams(); got != "connect announce" {
		t.Errorf("sent %s", got)
	}
}

func TestUDPFailures(t *testing.T) {
	refuse := func(text string) func(int, []byte) [][]byte {
		return func(n int, d []byte) [][]byte {
			if kind(d) == "connect" && text != "at once" {
				return [][]byte{acceptConnect(d)}
			}
			return [][]byte{replyTo(d, actionError, text)}
		}
	}
	for _, c := range []struct {
		name    string
		replies func(int, []byte) [][]byte
		want    string
	}{
		{"refused", refuse("not \x1bregistered"), " refused: not ?registered"},
		{"refused without a word", refuse(""), " refused: "},
		{"refused at once", refuse("at once"), " refused: at once"},
		{"peers of 7 bytes", func(n int, d []byte) [][]byte {
			if n == 0 {
				return wellBehaved(n, d)
			}
			return [][]byte{acceptAnnounce(d, "1234567")}
		}, ": malformed answer: a compact peer list of 7 bytes is no multiple of 6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracker := script(t, "127.0.0.1", c.replies)
			_, err := patient().Announce(bounded(t), tracker.url("/SECRET"), sample())
			if want := "tracker " + tracker.url("/***") + c.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// Where nobody listens, the system says so; that is no reason to send again for hours.
func TestUDPWhereNobodyListens(t *testing.T) {
	tracker := script(t, "127.0.0.1", nil)
	tracker.conn.Close()
	_, err := patient().Announce(bounded(t), tracker.url(""), sample())
	if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
}

func TestUDPEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(bounded(t))
	tracker := script(t, "127.0.0.1", func(int, []byte) [][]byte { cancel(); return nil })
	if _, err := patient().Announce(ctx, tracker.url(""), sample()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzUDPAnswer(f *testing.F) {
	d := connectDatagram(7)
	f.Add(acceptConnect(d), true, false)
	f.Add(acceptAnnounce(d, "\x01\x02\x03\x04\x1a\xe1"), false, false)
	f.Add(acceptAnnounce(d, strings.Repeat("\x20", compact6)), false, true)
	f.Add(replyTo(d, actionError, "no"), false, false)
	f.Add([]byte{}, false, false)
	f.Fuzz(func(t *testing.T, datagram []byte, connecting, ipv6 bool) {
		action := uint32(actionAnnounce)
		if connecting {
			action = actionConnect
		}
		answer, ok := parseReply(datagram, action, 7)
		switch {
		case !ok:
		case answer.action == actionConnect:
			if !connecting || answer.connection() != binary.BigEndian.Uint64(datagram[8:]) {
				t.Fatalf("connection %x", answer.connection())
			}
		case answer.action == actionAnnounce:
			response, err := answer.response(ipv6)
			if err == nil {
				checkResponse(t, response)
			} else if !errors.Is(err, ErrMalformed) {
				t.Fatalf("error %v is of no kind", err)
			}
		case answer.action != actionError:
			t.Fatalf("action %d", answer.action)
		}
	})
}
