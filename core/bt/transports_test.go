package bt

import "testing"

// What may be dialled is one transport, the other, or both; none is TCP. [DIA-17]
func TestTransports(t *testing.T) {
	for _, test := range []struct {
		may      Transports
		tcp, utp bool
		name     string
	}{{Transports(0), true, false, "tcp"}, {OnlyUTP, false, true, "utp"}, {TCPAndUTP, true, true, "both"}} {
		if test.may.Has(TCP) != test.tcp || test.may.Has(UTP) != test.utp || test.may.String() != test.name {
			t.Errorf("%v: TCP %t, uTP %t", test.may, test.may.Has(TCP), test.may.Has(UTP))
		}
	}
}
