// Package minitracker is a small but real BitTorrent tracker, over HTTP (BEP 3, 7, 23) and UDP (BEP 15), for demonstrations
// and tests. It keeps its swarms in memory, all of them open to everybody, and writes down what it was told.
//
// It shares no code with shell/tracker, so that each is a second reading of the protocol for the other.
package minitracker

import (
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// DefaultInterval is what clients are told to wait between announces unless Config says otherwise.
const DefaultInterval = 30 * time.Minute

// Config is what a Server needs to know. Its zero value serves on a free port of 127.0.0.1.
type Config struct {
	Addrs       []string      // where to listen, host:port, over both HTTP and UDP; port 0 picks a free one for each
	Interval    time.Duration // between announces, in whole seconds; 0 means DefaultInterval
	MinInterval time.Duration // told over HTTP when not 0, in whole seconds
}

// Server is a running tracker. All its addresses serve the same swarms.
type Server struct {
	config Config
	swarms swarms
	secret [32]byte // of the connection ids

	listeners []net.Listener
	sockets   []*net.UDPConn
	http      http.Server
	running   sync.WaitGroup
}

// Start serves until Close. The error is that of an address where it cannot listen.
func Start(config Config) (*Server, error) {
	if len(config.Addrs) == 0 {
		config.Addrs = []string{"127.0.0.1:0"}
	}
	if config.Interval == 0 {
		config.Interval = DefaultInterval
	}
	s := &Server{config: config, swarms: newSwarms(config.Interval)}
	rand.Read(s.secret[:]) // never fails
	for _, addr := range config.Addrs {
		if err := s.listen(addr); err != nil {
			s.closeSockets()
			return nil, err
		}
	}
	s.http = http.Server{
		Handler:           http.HandlerFunc(s.serveHTTP),
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout,
		MaxHeaderBytes:    maxRequest,
		ReadHeaderTimeout: requestTimeout,
	}
	for _, l := range s.listeners {
		s.running.Go(func() { s.http.Serve(l) })
	}
	for _, c := range s.sockets {
		s.running.Go(func() { s.serveUDP(c) })
	}
	return s, nil
}

// listen opens both sockets of one address.
func (s *Server) listen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	s.listeners = append(s.listeners, l)
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		return err
	}
	s.sockets = append(s.sockets, c.(*net.UDPConn))
	return nil
}

// URLs gives the announce URLs over HTTP, in the order of Config.Addrs.
func (s *Server) URLs() []string {
	var urls []string
	for _, l := range s.listeners {
		urls = append(urls, "http://"+l.Addr().String()+"/announce")
	}
	return urls
}

// UDPURLs gives the announce URLs over UDP, in the order of Config.Addrs.
func (s *Server) UDPURLs() []string {
	var urls []string
	for _, c := range s.sockets {
		urls = append(urls, "udp://"+c.LocalAddr().String()+"/announce")
	}
	return urls
}

// Close ends the service, and returns when all of it has ended.
func (s *Server) Close() error {
	err := errors.Join(s.http.Close(), s.closeSockets())
	s.running.Wait()
	return err
}

// closeSockets closes what listen opened; what http.Server closed already is no error.
func (s *Server) closeSockets() error {
	var all error
	for _, l := range s.listeners {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			all = errors.Join(all, err)
		}
	}
	for _, c := range s.sockets {
		all = errors.Join(all, c.Close())
	}
	return all
}
