package client

import (
	"fmt"
	"net"
	"strconv"

	"peerwire/shell/tcp"
	"peerwire/shell/utp"
)

// DefaultPort is listened at where no address is given, if it is free.
const DefaultPort = 6881

// opener opens a UDP port for uTP; it gives nil where there is to be none.
type opener func(addr string) (*utp.Socket, error)

func (c *Client) opener() opener {
	if c.opt.NoUTP {
		return func(string) (*utp.Socket, error) { return nil, nil }
	}
	return func(addr string) (*utp.Socket, error) { return utp.Listen(addr, utp.Options{Engine: c.opt.Engine}) }
}

// listen opens a port for TCP and the same one for uTP: peers are told one number, and try either.
func listen(addr string, open opener) (*tcp.Listener, *utp.Socket, error) {
	if addr != "" {
		return listenAt(addr, open)
	}
	if l, s, err := listenAt(fmt.Sprintf(":%d", DefaultPort), open); err == nil {
		return l, s, nil
	}
	return listenAt(":0", open)
}

// freeTries is how many free ports of TCP's are tried for one that is free for UDP too.
const freeTries = 32

// listenAt opens the port of an address, or one that is free when that is 0.
func listenAt(addr string, open opener) (*tcp.Listener, *utp.Socket, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, err
	}
	for tries := 1; ; tries++ {
		l, err := tcp.Listen(addr)
		if err != nil {
			return nil, nil, err
		}
		same := l.Addr().Port()
		s, err := open(net.JoinHostPort(host, strconv.Itoa(int(same))))
		if err == nil {
			return l, s, nil
		}
		l.Close()
		if port != "0" || tries == freeTries {
			return nil, nil, fmt.Errorf("port %d is free for TCP, but not for UDP, which uTP needs: %w", same, err)
		}
	}
}

// deafen closes what listen opened.
func (c *Client) deafen() {
	c.listener.Close()
	c.closeSocket()
}

func (c *Client) closeSocket() {
	if c.socket != nil {
		c.socket.Close()
	}
}
