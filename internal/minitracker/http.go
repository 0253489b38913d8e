package minitracker

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"peerwire/core/bencode"
)

// Limits of a request over HTTP.
const (
	maxRequest     = 8 << 10 // bytes of its header
	requestTimeout = 10 * time.Second
)

// serveHTTP answers an announce; a request that makes no sense gets a failure reason, as BEP 3 has it.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/announce" {
		http.NotFound(w, r)
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		w.Write(failure(err))
		return
	}
	a, err := readQuery(query, r.RemoteAddr)
	if err != nil {
		w.Write(failure(err))
		return
	}
	ans, err := s.swarms.announce(time.Now(), a)
	if err != nil {
		w.Write(failure(err))
		return
	}
	w.Write(s.encode(ans, a, query))
}

// readQuery reads an announce (BEP 3). Where it comes from is where the peer is; no other address is believed.
func readQuery(query url.Values, remoteAddr string) (Announce, error) {
	a := Announce{Protocol: "http", Event: query.Get("event"), NumWant: -1}
	if copy(a.InfoHash[:], query.Get("info_hash")) != len(a.InfoHash) || len(query.Get("info_hash")) != len(a.InfoHash) {
		return Announce{}, errors.New("invalid info_hash")
	}
	if copy(a.PeerID[:], query.Get("peer_id")) != len(a.PeerID) || len(query.Get("peer_id")) != len(a.PeerID) {
		return Announce{}, errors.New("invalid peer_id")
	}
	port, err := strconv.ParseUint(query.Get("port"), 10, 16)
	if err != nil {
		return Announce{}, errPort
	}
	from, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return Announce{}, err
	}
	a.Peer = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), uint16(port))
	for name, field := range map[string]*uint64{"uploaded": &a.Uploaded, "downloaded": &a.Downloaded, "left": &a.Left} {
		if *field, err = strconv.ParseUint(query.Get(name), 10, 64); err != nil {
			return Announce{}, errors.New("invalid " + name)
		}
	}
	if want, err := strconv.Atoi(query.Get("numwant")); err == nil && want >= 0 {
		a.NumWant = want
	}
	key, _ := strconv.ParseUint(query.Get("key"), 16, 32) // ours to read as we like; other clients send any text
	a.Key = uint32(key)
	return a, nil
}

// encode writes an answer, compact (BEP 23, BEP 7) when the client asks for that.
func (s *Server) encode(ans answer, a Announce, query url.Values) []byte {
	var e bencode.Encoder
	e.Dict()
	e.Key("complete")
	e.Int(int64(ans.seeders))
	e.Key("external ip")
	e.Bytes(a.Peer.Addr().AsSlice())
	e.Key("incomplete")
	e.Int(int64(ans.leechers))
	e.Key("interval")
	e.Int(int64(s.config.Interval / time.Second))
	if s.config.MinInterval != 0 {
		e.Key("min interval")
		e.Int(int64(s.config.MinInterval / time.Second))
	}
	e.Key("peers")
	if query.Get("compact") == "1" {
		e.Bytes(compact(ans.members, false))
		e.Key("peers6")
		e.Bytes(compact(ans.members, true))
	} else {
		encodeMembers(&e, ans.members, query.Get("no_peer_id") != "1")
	}
	e.End()
	return e.Encoded()
}

// encodeMembers writes the long form of a peer list.
func encodeMembers(e *bencode.Encoder, members []member, withID bool) {
	e.List()
	for _, m := range members {
		e.Dict()
		e.Key("ip")
		e.String(m.peer.Addr().String())
		if withID {
			e.Key("peer id")
			e.Bytes(m.id[:])
		}
		e.Key("port")
		e.Int(int64(m.peer.Port()))
		e.End()
	}
	e.End()
}

// failure is the answer to a request that cannot be served.
func failure(err error) []byte {
	var e bencode.Encoder
	e.Dict()
	e.Key("failure reason")
	e.String(err.Error())
	e.End()
	return e.Encoded()
}
