package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"peerwire/interop/netns"
	"peerwire/interop/proc"
)

// Transmission is transmission-daemon, steered over its RPC. It knows no
// option for a peer's address either, so a tracker of ours tells it. Nor does
// version 3.00 know one to leave TCP alone; with UTP set the namespace keeps
// it from its peers.
type Transmission struct {
	UTP bool // uTP in place of TCP
}

// rpcPort is on the client's own address.
const rpcPort = 9091

// Name implements Client.
func (Transmission) Name() string { return "transmission" }

// Missing implements Client.
func (Transmission) Missing() []string { return missing("transmission-daemon") }

// Leech implements Client. The daemon never ends by itself.
func (t Transmission) Leech(j Job) (*Run, error) { return t.run(j) }

// Seed implements Client. The daemon checks the data first.
func (t Transmission) Seed(j Job) (*Run, error) { return t.run(j) }

func (t Transmission) run(j Job) (*Run, error) {
	trackers, stop, err := tell(j)
	if err != nil {
		return nil, err
	}
	if t.UTP {
		if err := netns.NoTCPFrom(j.Listen.Addr()); err != nil {
			stop()
			return nil, err
		}
	}
	if err := t.writeSettings(j); err != nil {
		stop()
		return nil, err
	}
	r, err := start(proc.Spec{
		Name: t.Name(), Path: "transmission-daemon",
		Args: []string{"-f", "-g", j.Scratch, "--log-info"}, Env: home(j.Scratch),
	}, nil)
	if err != nil {
		stop()
		return nil, err
	}
	r.cleanup = stop
	if err := t.begin(r, j, trackers); err != nil {
		err = fmt.Errorf("%w:\n%s", err, r.Output())
		r.Close()
		return nil, err
	}
	return r, nil
}

func (t Transmission) writeSettings(j Job) error {
	limited := j.UploadLimit > 0
	text, err := json.Marshal(map[string]any{
		"bind-address-ipv4": j.Listen.Addr().String(), "bind-address-ipv6": "::1",
		"peer-port": j.Listen.Port(), "peer-port-random-on-start": false, "port-forwarding-enabled": false,
		"rpc-bind-address": j.Listen.Addr().String(), "rpc-port": rpcPort, "rpc-whitelist-enabled": false,
		"rpc-host-whitelist-enabled": false, "rpc-authentication-required": false,
		"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": t.UTP,
		"encryption": 0, "download-dir": j.Dir, "incomplete-dir-enabled": false, "rename-partial-files": false, "watch-dir-enabled": false,
		"ratio-limit-enabled": false, "idle-seeding-limit-enabled": false, "preallocation": 1,
		"speed-limit-up-enabled": limited, "speed-limit-up": j.UploadLimit / 1000, "blocklist-enabled": false,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(j.Scratch, "settings.json"), text, 0o644)
}

// begin adds the torrent with the trackers it shall ask and starts it.
func (t Transmission) begin(r *Run, j Job, trackers []string) error {
	rpc := &transmissionRPC{url: fmt.Sprintf("http://%v/transmission/rpc", netip.AddrPortFrom(j.Listen.Addr(), rpcPort))}
	if err := r.Listening(netip.AddrPortFrom(j.Listen.Addr(), rpcPort)); err != nil {
		return err
	}
	text, err := os.ReadFile(j.Torrent.Path)
	if err != nil {
		return err
	}
	if err := rpc.call("torrent-add", map[string]any{"metainfo": text, "download-dir": j.Dir, "paused": true}, nil); err != nil {
		return err
	}
	change := map[string]any{"ids": 1}
	if len(trackers) > 0 {
		change["trackerAdd"] = trackers
	}
	if !j.Tracker {
		change["trackerRemove"] = []int{0}
	}
	if err := rpc.call("torrent-set", change, nil); err != nil {
		return err
	}
	if err := rpc.call("torrent-start-now", map[string]any{"ids": 1}, nil); err != nil {
		return err
	}
	if err := r.answering(j); err != nil {
		return err
	}
	if t.UTP { // and only now: that it answers is asked over TCP
		if err := netns.NoTCPTo(j.Listen.Addr()); err != nil {
			return err
		}
	}
	r.note(Event{Event: Listening})
	go t.watch(r, rpc)
	return nil
}

// watchEvery is how often the daemon is asked how far it is.
const watchEvery = 100 * time.Millisecond

// watch notes the daemon's progress until it ends.
func (Transmission) watch(r *Run, rpc *transmissionRPC) {
	complete := false
	for {
		select {
		case <-r.Done():
			return
		case <-time.After(watchEvery):
		}
		e, err := rpc.progress()
		if err != nil {
			continue // it is ending, or the next poll tells
		}
		r.note(e)
		if e.Event == Progress && !complete && e.BytesTotal > 0 && e.BytesDone == e.BytesTotal {
			complete = true
			e.Event = Complete
			r.note(e)
		}
	}
}

// transmissionRPC is one daemon's RPC, used by one goroutine at a time.
type transmissionRPC struct {
	url     string
	session string // the token that the daemon hands out in its first refusal
}

const sessionHeader = "X-Transmission-Session-Id"

func (c *transmissionRPC) call(method string, args, result any) error {
	body, err := json.Marshal(map[string]any{"method": method, "arguments": args})
	if err != nil {
		return err
	}
	status, answer, err := c.post(body)
	if err == nil && status == http.StatusConflict {
		status, answer, err = c.post(body)
	}
	if err != nil {
		return err
	}
	reply := struct {
		Result    string
		Arguments any
	}{Arguments: result}
	if status != http.StatusOK {
		return fmt.Errorf("transmission %s: HTTP status %d: %s", method, status, answer)
	}
	if err := json.Unmarshal(answer, &reply); err != nil {
		return err
	}
	if reply.Result != "success" {
		return fmt.Errorf("transmission %s: %s", method, reply.Result)
	}
	return nil
}

var rpcClient = &http.Client{Timeout: time.Minute}

func (c *transmissionRPC) post(body []byte) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set(sessionHeader, c.session)
	response, err := rpcClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	if token := response.Header.Get(sessionHeader); token != "" {
		c.session = token
	}
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// progress asks how much of the one torrent is there and verified.
func (c *transmissionRPC) progress() (Event, error) {
	var result struct {
		Torrents []struct {
			HaveValid, SizeWhenDone, UploadedEver int64
			Error                                 int
			ErrorString                           string
		}
	}
	fields := []string{"haveValid", "sizeWhenDone", "uploadedEver", "error", "errorString"}
	if err := c.call("torrent-get", map[string]any{"ids": 1, "fields": fields}, &result); err != nil {
		return Event{}, err
	}
	if len(result.Torrents) != 1 {
		return Event{}, fmt.Errorf("transmission has %d torrents", len(result.Torrents))
	}
	t := result.Torrents[0]
	// Error 3 is local; 1 and 2 are the tracker's and no obstacle.
	if t.Error == 3 {
		return Event{Event: Failed, Message: t.ErrorString}, nil
	}
	return Event{Event: Progress, BytesDone: t.HaveValid, BytesTotal: t.SizeWhenDone, Uploaded: t.UploadedEver}, nil
}
