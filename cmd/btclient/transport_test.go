package main

import (
	"testing"

	"peerwire/core/bt"
	"peerwire/shell/utp"
)

// So is what he says of engines.
func TestEngineOption(t *testing.T) {
	for text, want := range map[string]utp.Engine{"anacrolix": utp.Anacrolix, "peerwire": utp.Own} {
		if got, err := parseEngine(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "own", "libutp"} {
		if got, err := parseEngine(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// What a user says of transports is understood, or refused. [DIA-17]
func TestTransportOption(t *testing.T) {
	for text, want := range map[string]bt.Transports{"tcp": bt.OnlyTCP, "utp": bt.OnlyUTP, "both": bt.TCPAndUTP} {
		if got, err := parseTransports(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "udp", "TCP", "tcp,utp"} {
		if got, err := parseTransports(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
