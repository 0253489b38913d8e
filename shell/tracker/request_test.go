package tracker

import (
	"net/url"
	"strings"
	"testing"
)

func TestQueryEscapesEveryByte(t *testing.T) {
	for c := range 256 {
		r := sample()
		r.InfoHash[7], r.TrackerID = byte(c), string([]byte{byte(c)})
		query := r.query()
		for _, forbidden := range " +#\r\n\x00" {
			if strings.ContainsRune(query, forbidden) {
				t.Fatalf("byte %#x: query %q holds %q", c, query, forbidden)
			}
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("byte %#x: %v", c, err)
		}
		if values.Get("info_hash") != string(r.InfoHash[:]) || values.Get("trackerid") != r.TrackerID {
			t.Errorf("byte %#x: hash %q, tracker id %q", c, values.Get("info_hash"), values.Get("trackerid"))
		}
	}
}

func TestQueryFields(t *testing.T) {
	r := sample()
	want := "info_hash=%00%01%25%26%2B%20%3D%23aZ0-._~%7F%80%FF%0D%0A&peer_id=-PW0001-abcdefghijkl" +
		"&port=6881&uploaded=1&downloaded=2&left=3&key=DEADBEEF&event=started&numwant=50&compact=1&no_peer_id=1"
	if got := r.query(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.Event, r.NumWant, r.Port = None, -1, 0
	values, _ := url.ParseQuery(r.query())
	if values.Has("event") || values.Has("numwant") || values.Has("trackerid") {
		t.Errorf("fields that were not given: %v", values)
	}
	if values.Get("port") != "1" {
		t.Errorf("who does not listen announces port %s, not the placeholder", values.Get("port"))
	}
}
