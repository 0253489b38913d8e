package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"peerwire/cmd/internal/command"
)

// interruptible gives a context that ends when the user interrupts the program, or the system asks it to end. A second
// such signal ends the program at once. stop gives the signals back.
func interruptible() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			case <-signals:
			}
			if n > 0 {
				os.Exit(command.Interrupted)
			}
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}
