package bt

import (
	"net/netip"
	"testing"
)

// What a ban is of: the part of an address that a party cannot change at will. [TRU-18]
func TestSite(t *testing.T) {
	for address, want := range map[string]string{
		"10.0.0.1":             "10.0.0.1",
		"::ffff:10.0.0.1":      "10.0.0.1",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::",
		"2001:db8:1:2::":       "2001:db8:1:2::",
		"2001:db8:1:3:3:4:5:6": "2001:db8:1:3::",
		"fd00::1":              "fd00::",
		"fe80::1":              "fe80::1",
		"fe80::2%eth0":         "fe80::2",
		"64:ff9b::10.0.0.1":    "64:ff9b::a00:1",
		"64:ff9b:1::10.0.0.1":  "64:ff9b:1::",
		"64:ff9b:0:0:0:1:1:1":  "64:ff9b::",
	} {
		if got := Site(netip.MustParseAddr(address)); got.String() != want {
			t.Errorf("%s is at %s, want %s", address, got, want)
		}
	}
	if Site(netip.Addr{}).IsValid() {
		t.Error("no address is at a site")
	}
}
