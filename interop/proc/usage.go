package proc

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Memory is a process's memory in bytes, from /proc/PID/status.
type Memory struct {
	PeakRSS int64 // VmHWM: the most that ever was resident, mapped files included
	Anon    int64 // RssAnon: resident now and the process's own
}

// Memory reads it; the process must still be alive.
func (p *Proc) Memory() (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid()))
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for line := range strings.Lines(string(text)) {
		key, rest, _ := strings.Cut(line, ":")
		switch key {
		case "VmHWM":
			m.PeakRSS = kibibytes(rest)
		case "RssAnon":
			m.Anon = kibibytes(rest)
		}
	}
	if m.PeakRSS == 0 {
		return m, fmt.Errorf("process %d has no memory left: it is ending", p.Pid())
	}
	return m, nil
}

func kibibytes(field string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(field), "kB")), 10, 64)
	return n << 10
}

// clockTick is the unit of /proc/PID/stat on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// CPUNow is the user and system time that a running process spent so far,
// all its threads together, to 10 ms.
func (p *Proc) CPUNow() (user, system time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid()))
	if err != nil {
		return 0, 0, err
	}
	// The second field is the name in brackets and may hold spaces.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, 0, fmt.Errorf("/proc/%d/stat has %d fields", p.Pid(), len(fields))
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		return time.Duration(n) * clockTick
	}
	return ticks(11), ticks(12), nil // utime and stime, fields 14 and 15 of proc(5)
}
