package tracker

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

func TestReachOf(t *testing.T) {
	for want, addrs := range map[reach]string{
		noReach:  "0.0.0.0 :: 255.255.255.255 169.254.169.254 ::ffff:169.254.169.254 224.0.0.1 239.255.255.255 fe80::1 fe80::1%eth0 ff02::1",
		loopback: "127.0.0.1 127.255.255.254 ::1 ::ffff:127.0.0.1",
		local:    "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 fc00::1 fd12::1 100.64.0.1 ::ffff:10.1.1.1",
		global:   "1.2.3.4 172.32.0.1 100.128.0.1 2001:db8::1 ::ffff:1.2.3.4",
	} {
		for _, text := range strings.Fields(addrs) {
			if got := reachOf(netip.MustParseAddr(text)); got != want {
				t.Errorf("%s: reach %d, want %d", text, got, want)
			}
		}
	}
	if reachOf(netip.Addr{}) != noReach {
		t.Error("no address at all has a reach")
	}
}

func TestURLsThatAreRefused(t *testing.T) {
	var hits atomic.Int32
	base := serve(t, func(w http.ResponseWriter, r *http.Request) { hits.Add(1); io.WriteString(w, goodAnswer) })
	port := base[strings.LastIndexByte(base, ':'):]
	for _, c := range []struct {
		url  string
		want error
	}{
		{"", ErrUnsupported},
		{"announce", ErrUnsupported},
		{"file:///etc/passwd", ErrUnsupported},
		{"gopher://127.0.0.1/announce", ErrUnsupported},
		{"ws://127.0.0.1/announce", ErrUnsupported},
		{"http:///announce", ErrUnsupported},
		{"http://", ErrUnsupported},
		{"udp://127.0.0.1/announce", ErrUnsupported}, // no port
		{"http://127.0.0.1\r\nHost: x/announce", ErrUnsupported},
		{"http://127.0.0.1" + port + "/announce?" + strings.Repeat("x", maxURL), ErrUnsupported},
		{"http://169.254.169.254/announce", ErrForbidden},
		{"http://[fe80::1]/announce", ErrForbidden},
		{"http://[::ffff:169.254.169.254]/announce", ErrForbidden},
		{"http://0.0.0.0" + port + "/announce", ErrForbidden},
		{"http://224.0.0.1/announce", ErrForbidden},
		{"udp://255.255.255.255:6969", ErrForbidden},
		{"udp://224.0.0.1:6969", ErrForbidden},
		{"udp://169.254.169.254:53", ErrForbidden},
		{"http://127.0.0.1" + port + "/", ErrForbidden},
		{"http://127.0.0.1" + port + "/json/stop", ErrForbidden},
		{"http://127.0.0.1" + port + "/json?/announce", ErrForbidden},
		{"http://[::ffff:127.0.0.1]" + port + "/json", ErrForbidden},
		{"http://localhost" + port + "/json", ErrForbidden}, // seen only once it is resolved
	} {
		_, err := new(Client).Announce(bounded(t), c.url, sample())
		if !errors.Is(err, c.want) {
			t.Errorf("%q: got %v, want %v", c.url, err, c.want)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests got through", n)
	}
	if _, err := new(Client).Announce(bounded(t), "http://localhost"+port+"/announce", sample()); err != nil || hits.Load() != 1 {
		t.Errorf("a tracker on this host: %v, %d requests", err, hits.Load())
	}
}

// A redirect leads as far as it came from, or farther. In this world 127.0.0.2 lies on the Internet, 127.0.0.3 on the
// local network, and 127.0.0.1 is this host.
func TestRedirectsNeverLeadNearer(t *testing.T) {
	world := func(a netip.Addr) reach {
		switch a.String() {
		case "127.0.0.2":
			return global
		case "127.0.0.3":
			return local
		}
		return reachOf(a)
	}
	var target atomic.Pointer[string]
	var hits atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/announce/from" {
			w.Header().Set("Location", *target.Load())
			w.WriteHeader(http.StatusFound)
			return
		}
		hits.Add(1)
		io.WriteString(w, goodAnswer)
	})
	at := map[string]string{}
	for _, host := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
		listener, err := net.Listen("tcp", host+":0")
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewUnstartedServer(handler)
		server.Listener.Close()
		server.Listener = listener
		server.Start()
		t.Cleanup(server.Close)
		at[host] = "http://" + listener.Addr().String()
	}
	order := []string{"127.0.0.1", "127.0.0.3", "127.0.0.2"} // from near to far
	for i, from := range order {
		for j, to := range order {
			where := at[to] + "/announce"
			target.Store(&where)
			hits.Store(0)
			_, err := (&Client{reachOf: world}).Announce(bounded(t), at[from]+"/announce/from", sample())
			if j < i && (!errors.Is(err, ErrForbidden) || hits.Load() != 0) {
				t.Errorf("from %s to %s: %v, %d requests", from, to, err, hits.Load())
			}
			if j >= i && (err != nil || hits.Load() != 1) {
				t.Errorf("from %s to %s: %v, %d requests", from, to, err, hits.Load())
			}
		}
	}
}
