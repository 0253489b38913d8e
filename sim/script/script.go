package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim"
)

// Script plays the commands of one transcript, in a world of its own.
type Script struct {
	world  *sim.World
	hidden []string // first words of the entries that are not shown
	full   bool     // handshakes of both kinds are shown with all they say
	tally  tally
	fault  error

	lenient bool                  // what nobody asked for is passed over
	begun   map[*sim.Raw]bt.Block // a block of which the head was sent
}

// New is a script before its first command.
func New(o sim.Options) *Script {
	return &Script{world: sim.NewWorld(o), hidden: []string{"wants"}, begun: map[*sim.Raw]bt.Block{}}
}

// World is where the script plays.
func (s *Script) World() *sim.World { return s.world }

// Violations lists what peers were found to have broken.
func (s *Script) Violations() []clause.Violation { return s.world.Violations() }

// Err is the first thing that was wrong with the script, or went wrong in its world.
func (s *Script) Err() error {
	if s.fault != nil {
		return s.fault
	}
	return s.world.Fault()
}

// Do plays one command, with the lines below it, and gives what was to be seen. With "repeat=3" it is played three times; with "tail=3" only
// the last three things are shown, with "quiet" none.
func (s *Script) Do(line, input string) string {
	c := parse(line)
	quiet, tail, times := c.flag("quiet"), c.number("tail", 0), c.number("repeat", 1)
	said, err := s.repeat(c, input, times)
	if err != nil && !(s.lenient && errors.Is(err, errUnasked)) {
		if s.fault == nil {
			s.fault = fmt.Errorf("%s: %w", line, err)
		}
		return "error: " + err.Error()
	}
	seen := s.visible(s.world.Journal())
	if fault := s.world.Fault(); fault != nil {
		return sim.Format(seen) + "fault: " + fault.Error() + "\n"
	}
	if quiet {
		seen = nil
	}
	if cut := len(seen) - tail; tail > 0 && cut > 0 {
		seen = seen[cut:]
		said = fmt.Sprintf("(%d before)\n", cut) + said
	}
	said += sim.Format(seen)
	switch {
	case said != "":
		return said
	case c.setup || quiet:
		return "ok\n"
	}
	return "nothing happens\n"
}

// errUnasked is that something was done for which nobody has asked.
var errUnasked = errors.New("nobody has asked for it")

// beLenient lets what nobody asked for be passed over: the answers of peers and disks that were noted down when a core asked, and will not be asked for by
// a core that was mended since.
func (s *Script) beLenient(*command, string) (string, error) {
	s.lenient = true
	return "", nil
}

// repeat plays a command so many times, and after each time all that follows from it at once.
func (s *Script) repeat(c *command, input string, times int) (said string, err error) {
	words := c.words
	for range times {
		c.words = slices.Clone(words)
		if said, err = s.play(c, input); err != nil {
			return "", err
		}
		if err = c.rest(); err != nil {
			return "", err
		}
		s.world.Settle()
	}
	return said, nil
}

// play finds the command's handler: a verb, or the name of a host and what it does.
func (s *Script) play(c *command, input string) (string, error) {
	for _, v := range verbs() {
		if v.name == c.verb {
			c.setup = v.setup
			return v.do(s, c, input)
		}
	}
	host := s.world.Host(c.verb)
	if host == nil {
		return "", fmt.Errorf("no verb and no host is called %s", c.verb)
	}
	deed := c.next()
	switch host := host.(type) {
	case *sim.Node:
		for _, d := range nodeDeeds {
			if d.name == deed {
				return d.do(s, host, c)
			}
		}
	case *sim.Raw:
		for _, d := range rawDeeds {
			if d.name == deed {
				return d.do(s, host, c, input)
			}
		}
	}
	return "", fmt.Errorf("%s cannot %s", c.verb, deed)
}

// visible counts entries, and leaves out what is hidden.
func (s *Script) visible(all []sim.Entry) (seen []sim.Entry) {
	for _, e := range all {
		s.tally.count(&e)
		first, _, _ := strings.Cut(e.Text, " ")
		if slices.Contains(s.hidden, first) {
			continue
		}
		if strings.HasSuffix(first, "handshake") && e.To != "" && !s.full {
			e.Text = first
		}
		seen = append(seen, e)
	}
	return seen
}

// node finds a node by its name.
func (s *Script) node(name string) (*sim.Node, error) {
	if n, ok := s.world.Host(name).(*sim.Node); ok {
		return n, nil
	}
	return nil, fmt.Errorf("%q is no node", name)
}

// torrent finds a torrent by its name; the first without one.
func (s *Script) torrent(name string) (*sim.Torrent, error) {
	for _, t := range s.world.Torrents() {
		if name == "" || t.Name == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("no torrent %q", name)
}

// fault names a fault as scripts do.
func fault(name string) (bt.Fault, error) {
	switch name {
	case "ok":
		return bt.OK, nil
	case "nospace":
		return bt.NoSpace, nil
	case "readonly":
		return bt.ReadOnly, nil
	case "io":
		return bt.IOError, nil
	case "lost":
		return bt.Lost, nil
	}
	return bt.OK, fmt.Errorf("no fault is called %q", name)
}
