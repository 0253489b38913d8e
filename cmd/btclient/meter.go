package main

import (
	"io"
	"os"
	"sync"
	"time"

	"peerwire/cmd/btclient/internal/ui"
)

// meter shows on a terminal how far the hashing of files is; nothing elsewhere, nor for what takes a moment only.
type meter struct {
	what   string
	screen *ui.Screen // nil when there is no terminal
	start  time.Time

	mu   sync.Mutex
	last time.Time
}

// newMeter shows progress on w, where that is a terminal.
func newMeter(w io.Writer, what string) *meter {
	m := &meter{what: what, start: time.Now(), last: time.Now()}
	if f, ok := w.(*os.File); ok {
		m.screen = ui.NewScreen(f)
	}
	return m
}

// progress is meant for package disk.
func (m *meter) progress(done, total int64) {
	const pause = 200 * time.Millisecond
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.screen == nil || time.Since(m.last) < pause {
		return
	}
	m.last = time.Now()
	rate := int64(float64(done) / time.Since(m.start).Seconds())
	m.screen.Draw(func(k ui.Look) []ui.Line { return ui.DrawMeter(m.what, done, total, rate, k) })
}

// close takes the display away.
func (m *meter) close() {
	if m.screen != nil {
		m.screen.Clear()
		m.screen.Close()
	}
}
