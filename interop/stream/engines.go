package main

import (
	"io"

	anacrolix "github.com/anacrolix/utp"

	"peerwire/shell/utp"
)

// socket is one uTP engine on one UDP socket.
type socket interface {
	accept() (io.ReadWriter, error)
	dial(to string) (io.ReadWriter, error)
}

// engines are those that can be chosen. A connection belongs to one goroutine at a time.
var engines = map[string]func(listen string) (socket, error){
	"peerwire":       openShell(utp.Options{Engine: utp.Own}),
	"anacrolix":      openShell(utp.Options{Engine: utp.Anacrolix}),
	"bare-anacrolix": openBare,
}

// bare is the library as it comes, without shell/utp around it.
type bare struct{ *anacrolix.Socket }

func openBare(listen string) (socket, error) {
	s, err := anacrolix.NewSocket("udp", listen)
	return bare{s}, err
}

func (b bare) accept() (io.ReadWriter, error) { return b.Accept() }

func (b bare) dial(to string) (io.ReadWriter, error) { return b.Dial(to) }
