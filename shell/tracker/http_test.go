package tracker

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// serve runs an HTTP server for a test and gives its address, "http://127.0.0.1:1234".
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

const goodAnswer = "d8:intervali1800e5:peers6:\x01\x02\x03\x04\x1a\xe1e"

func TestHTTPAnnounce(t *testing.T) {
	var got *http.Request
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		io.WriteString(w, goodAnswer)
	})
	target := strings.Replace(base, "://", "://me:secret@", 1) + "/announce?passkey=a%2Bb&x y#fragment"
	answer, err := new(Client).Announce(bounded(t), target, sample())
	if err != nil || len(answer.Peers) != 1 || answer.Interval != 30*time.Minute {
		t.Fatalf("%v, %v", answer, err)
	}
	if want := "passkey=a%2Bb&x%20y&" + sample().query(); got.URL.RawQuery != want {
		t.Errorf("query %s\nwant  %s", got.URL.RawQuery, want)
	}
	if user, password, ok := got.BasicAuth(); !ok || user != "me" || password != "secret" {
		t.Errorf("authorization %q", got.Header.Get("Authorization"))
	}
	if got.UserAgent() != userAgent || got.Method != http.MethodGet || !got.Close {
		t.Errorf("%s by %q, close %v", got.Method, got.UserAgent(), got.Close)
	}
}

func TestHTTPSVerifies(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, goodAnswer) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the client that hangs up
	server.StartTLS()
	defer server.Close()
	if _, err := new(Client).Announce(bounded(t), server.URL+"/announce", sample()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody signed: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	trusting := &Client{tls: &tls.Config{RootCAs: pool}}
	if _, err := trusting.Announce(bounded(t), server.URL+"/announce", sample()); err != nil {
		t.Error(err)
	}
}

// bomb compresses far more than an answer may be.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 64 {
		z.Write(zeros)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zip(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.Bytes()
}

func TestHTTPAnswers(t *testing.T) {
	answer := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	endless := func(w http.ResponseWriter, r *http.Request) {
		for chunk := make([]byte, 64<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	cut := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "d8:interval")
	}
	const here = "tracker http://HOST/announce"
	const forbidden = here + ": address refused: "
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    string // of the error; empty for none
	}{
		{"gzip", answer(200, string(zip(goodAnswer)), "Content-Encoding", "gzip"), ""},
		{"x-gzip", answer(200, string(zip(goodAnswer)), "Content-Encoding", "X-GZIP"), ""},
		{"gzip bomb", answer(200, string(bomb(t)), "Content-Encoding", "gzip"), here + ": malformed answer: gzip: malformed answer: more than 1048576 bytes"},
		{"gzip that is none", answer(200, goodAnswer, "Content-Encoding", "gzip"), here + ": malformed answer: gzip: gzip: invalid header"},
		{"gzip cut", answer(200, string(zip(goodAnswer)[:30]), "Content-Encoding", "gzip"), here + ": malformed answer: gzip: unexpected EOF"},
		{"endless", endless, here + ": malformed answer: more than 1048576 bytes"},
		{"endless error", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); endless(w, r) }, here + " answered 500 Internal Server Error"},
		{"exactly the limit", answer(200, goodAnswer+strings.Repeat("x", maxAnswer-len(goodAnswer))), ""},
		{"one more", answer(200, goodAnswer+strings.Repeat("x", maxAnswer-len(goodAnswer)+1)), here + ": malformed answer: more than 1048576 bytes"},
		{"cut", cut, here + ": unexpected EOF"},
		{"404", answer(404, "<html>not here</html>"), here + " answered 404 Not Found"},
		{"204", answer(204, ""), here + " answered 204 No Content"},
		{"304", answer(304, ""), here + " answered 304 Not Modified"},
		{"400 with a reason", answer(400, "d14:failure reason12:invalid porte"), here + " refused: invalid port"},
		{"reason", answer(200, "d14:failure reason12:unregisterede"), here + " refused: unregistered"},
		{"html", answer(200, "<html>oops</html>"), here + ": malformed answer: "},
		{"huge header", answer(200, goodAnswer, "X-Filler", strings.Repeat("x", 2*maxHeader)),
			here + ": net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded"},
		{"redirect to nowhere", answer(302, ""), here + ": malformed answer: a redirect to nowhere"},
		{"redirect to nonsense", answer(302, "", "Location", "http://%zz/SECRET"), here + ": malformed answer: a redirect to nowhere"},
		{"redirect to a file", answer(302, "", "Location", "file:///announce"), forbidden + "redirected to something that is not http or https"},
		{"redirect to udp", answer(302, "", "Location", "udp://127.0.0.1:1/announce"), forbidden + "redirected to something that is not http or https"},
		{"redirect to itself", answer(302, "", "Location", "/announce"), here + ": malformed answer: more than 5 redirects"},
		{"redirect elsewhere on this host", answer(307, "", "Location", "/admin"), forbidden + "on this host only paths that start with /announce"},
		{"redirect to metadata", answer(301, "", "Location", "http://169.254.169.254/announce"), forbidden + "169.254.169.254 is no address of a tracker"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := serve(t, c.handler)
			response, err := new(Client).Announce(bounded(t), base+"/announce?passkey=SECRET", sample())
			if c.want == "" {
				if err != nil || len(response.Peers) != 1 {
					t.Errorf("%v, %v", response, err)
				}
				return
			}
			want := strings.Replace(c.want, "HOST", strings.TrimPrefix(base, "http://"), 1)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if strings.Contains(err.Error(), "SECRET") || err.Error() != printable(err.Error()) {
				t.Errorf("error %q must not be shown", err)
			}
		})
	}
}

func TestHTTPFollowsRedirects(t *testing.T) {
	var paths, referers []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		paths, referers = append(paths, r.URL.Path), append(referers, r.Referer())
		if len(paths) <= maxRedirects {
			http.Redirect(w, r, "/announce/"+strings.Repeat("x", len(paths))+"?"+r.URL.RawQuery, http.StatusFound)
			return
		}
		io.WriteString(w, goodAnswer)
	})
	if _, err := new(Client).Announce(bounded(t), base+"/announce", sample()); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(paths, " "), "/announce /announce/x /announce/xx /announce/xxx /announce/xxxx /announce/xxxxx"; got != want {
		t.Errorf("visited %s, want %s", got, want)
	}
	if strings.Join(referers, "") != "" {
		t.Errorf("a referer tells one tracker of the other's passkey: %q", referers)
	}
}

func TestHTTPEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(bounded(t))
	go func() { <-asked; cancel() }()
	if _, err := new(Client).Announce(ctx, base+"/announce", sample()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHTTPUsesTheProxy(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "tracker.invalid" {
			http.Error(w, "proxy asked for "+r.URL.Host, http.StatusBadGateway)
			return
		}
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
			return
		}
		io.WriteString(w, goodAnswer)
	})
	client := &Client{proxy: func(u *url.URL) (*url.URL, error) {
		if u.Hostname() == "127.0.0.1" {
			return nil, nil // as the environment's rules have it
		}
		return url.Parse(proxy)
	}}
	if _, err := client.Announce(bounded(t), "http://tracker.invalid/announce", sample()); err != nil {
		t.Error(err)
	}
	target := "http://tracker.invalid/redirect?to=" + url.QueryEscape(proxy+"/announce")
	if _, err := client.Announce(bounded(t), target, sample()); !errors.Is(err, ErrForbidden) {
		t.Errorf("redirected around the proxy to this host: %v", err)
	}
	if _, err := client.Announce(bounded(t), "http://169.254.169.254/announce", sample()); !errors.Is(err, ErrForbidden) {
		t.Errorf("metadata through the proxy: %v", err)
	}
}
