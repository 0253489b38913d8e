//go:build linux && !portable

package tracker

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"peerwire/shell/utp"
)

// TestSharedDead has an announce to a port where nobody listens fail as soon as the network says so, through a shared socket as through one of its own.
func TestSharedDead(t *testing.T) {
	nobody, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "udp://" + nobody.LocalAddr().String() + "/announce"
	nobody.Close()
	shared, _ := sharing(t, ":0", utp.Own)
	for _, client := range []*Client{patient(), shared} {
		if _, err := client.Announce(bounded(t), url, sample()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
	}
}
