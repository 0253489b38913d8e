// Package proc runs one program of a test or a benchmark: in a process group
// of its own, its output kept for the failure message, killed by its own id,
// its use of CPU and memory known at the end.
package proc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// grace is how long Stop waits after a polite signal before it kills.
const grace = time.Minute

// Spec says what to run.
type Spec struct {
	Name string   // for messages
	Path string   // of the program
	Args []string // without the program's name
	Env  []string // added to ours
	Dir  string   // working directory; empty means ours
	// OnLine is given every line of stdout and stderr as it comes, from one
	// goroutine a stream; nil when nobody wants them.
	OnLine func(line string)
}

// Proc is a running program, or one that has ended.
type Proc struct {
	name    string
	cmd     *exec.Cmd
	tail    *tail
	started time.Time
	done    chan struct{}
	ended   time.Time
	err     error
}

// Start runs the program. Whoever starts it must call Stop or Kill, which
// are harmless on a program that has ended.
func Start(s Spec) (*Proc, error) {
	p := &Proc{name: s.Name, tail: &tail{}, done: make(chan struct{})}
	p.cmd = exec.Command(s.Path, s.Args...)
	p.cmd.Env = append(os.Environ(), s.Env...)
	p.cmd.Dir = s.Dir
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	// Two writers, so that each stream has its own copying goroutine and
	// their lines do not mix.
	p.cmd.Stdout = &lines{each: []func(string){p.tail.add, s.OnLine}}
	p.cmd.Stderr = &lines{each: []func(string){p.tail.add, s.OnLine}}
	// A grandchild that kept the pipes open must not hold up Wait.
	p.cmd.WaitDelay = time.Second
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", s.Name, err)
	}
	go p.wait()
	return p, nil
}

func (p *Proc) wait() {
	p.err = p.cmd.Wait()
	p.ended = time.Now()
	close(p.done)
}

// Done is closed once the program has ended and its output is complete.
func (p *Proc) Done() <-chan struct{} { return p.done }

// Wait waits for the end and tells how it went: nil for exit code 0.
func (p *Proc) Wait() error {
	<-p.done
	return p.err
}

// Wall is how long the program ran; it waits for the end.
func (p *Proc) Wall() time.Duration {
	<-p.done
	return p.ended.Sub(p.started)
}

// Started is the moment just before the program was spawned.
func (p *Proc) Started() time.Time { return p.started }

// Pid is the process id, and the id of its process group.
func (p *Proc) Pid() int { return p.cmd.Process.Pid }

// Alive tells whether the program has not ended yet.
func (p *Proc) Alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// CPU is the user and system time the program and its waited-for children
// spent, by wait4; it waits for the end.
func (p *Proc) CPU() (user, system time.Duration) {
	<-p.done
	s := p.cmd.ProcessState
	return s.UserTime(), s.SystemTime()
}

// Stop interrupts the program, and kills it where that does not help in
// time. It returns when the program has ended.
func (p *Proc) Stop() error {
	p.Signal(syscall.SIGINT)
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
		p.Kill()
		return fmt.Errorf("%s did not stop %v after an interrupt", p.name, grace)
	}
}

// Kill ends the whole process group at once (signal 9) and waits for it.
func (p *Proc) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Signal sends a signal to the process group; one that is gone is left alone,
// for its id may be somebody else's by now.
func (p *Proc) Signal(s syscall.Signal) {
	if p.Alive() {
		_ = syscall.Kill(-p.Pid(), s)
	}
}

// ExitCode is the program's exit code, or -1 when a signal ended it; it waits
// for the end.
func (p *Proc) ExitCode() int {
	err := p.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		return -1
	}
}

// Output is the last part of what the program printed, both streams together.
func (p *Proc) Output() string { return p.tail.String() }

// tailLines is how many lines of output a failure message may need.
const tailLines = 200

// tail keeps the last lines of both streams.
type tail struct {
	mu   sync.Mutex
	kept []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) >= 2*tailLines {
		t.kept = append(t.kept[:0], t.kept[tailLines:]...)
	}
	t.kept = append(t.kept, line)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.kept[max(0, len(t.kept)-tailLines):], "\n")
}

// lineLimit bounds a line that never ends.
const lineLimit = 1 << 20

// lines cuts a stream into lines and gives each to everyone listed.
type lines struct {
	each []func(string)
	part []byte
}

var _ io.Writer = (*lines)(nil)

func (l *lines) Write(b []byte) (int, error) {
	for _, c := range b {
		if c != '\n' && c != '\r' && len(l.part) < lineLimit {
			l.part = append(l.part, c)
			continue
		}
		if len(l.part) > 0 {
			l.emit(string(l.part))
			l.part = l.part[:0]
		}
	}
	return len(b), nil
}

func (l *lines) emit(line string) {
	for _, f := range l.each {
		if f != nil {
			f(line)
		}
	}
}
