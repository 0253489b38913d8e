package ui

import (
	"os"

	"golang.org/x/sys/windows"
)

// unicodeConsole tells that the console takes Unicode whatever the environment says.
const unicodeConsole = true

// enableANSI makes a console understand escape sequences, and tells whether it does.
func enableANSI(f *os.File) bool {
	h := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
