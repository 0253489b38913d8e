package dial

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/netip"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Priority is the canonical priority of a connection between two addresses of one family (BEP 40), the same at both of its
// ends; the higher is to be preferred. Nobody can choose his own without choosing his network. [DIA-14]
func Priority(a, b netip.AddrPort) uint32 {
	var both [32]byte
	n := 2
	switch {
	case a.Addr() == b.Addr():
		binary.BigEndian.PutUint16(both[:], min(a.Port(), b.Port()))
		binary.BigEndian.PutUint16(both[n:], max(a.Port(), b.Port()))
	case a.Addr().Is4():
		n = 4
		x, y := a.Addr().As4(), b.Addr().As4()
		maskAndSort(both[:2*n], x[:], y[:], 2)
	default:
		n = 16
		x, y := a.Addr().As16(), b.Addr().As16()
		maskAndSort(both[:], x[:], y[:], 6)
	}
	return checksum(both[:2*n])
}

// checksum is crc32.Checksum, which lets what it is given escape to the heap; the few bytes here need none of its speed.
func checksum(b []byte) uint32 {
	sum := ^uint32(0)
	for _, v := range b {
		sum = castagnoli[byte(sum)^v] ^ sum>>8
	}
	return ^sum
}

// maskAndSort writes two addresses behind one another, the smaller first. The bytes of a network of usual size count in full, and one
// more than the two have in common where that is more; of the others every other bit counts.
func maskAndSort(both, x, y []byte, network int) {
	same := 0
	for same < len(x) && x[same] == y[same] {
		same++
	}
	for i := max(network, same+1); i < len(x); i++ {
		x[i], y[i] = x[i]&0x55, y[i]&0x55
	}
	if bytes.Compare(x, y) > 0 {
		x, y = y, x
	}
	copy(both, x)
	copy(both[len(x):], y)
}
