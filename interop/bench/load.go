package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"peerwire/interop/client"
)

// busy is how much CPU time the machine and we had used at a moment.
type busy struct {
	at      time.Time
	machine time.Duration // all processors, all but idle, waiting and stolen time
	own     time.Duration // this process
}

// machineBusy takes the counts.
func machineBusy() busy {
	now := busy{at: time.Now()}
	text, _ := os.ReadFile("/proc/stat")
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first)
	for i, field := range fields[1:min(len(fields), 8)] {
		if idle := i == 3 || i == 4; idle {
			continue
		}
		ticks, _ := strconv.ParseInt(field, 10, 64)
		now.machine += time.Duration(ticks) * 10 * time.Millisecond
	}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		now.own = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return now
}

// foreignLoad is what others than we and the programs listed used since
// before, in cores. The programs must have ended.
func foreignLoad(before busy, ours ...*client.Run) float64 {
	now := machineBusy()
	foreign := (now.machine - before.machine) - (now.own - before.own)
	for _, r := range ours {
		user, sys := r.CPU()
		foreign -= user + sys
	}
	return foreign.Seconds() / now.at.Sub(before.at).Seconds()
}
