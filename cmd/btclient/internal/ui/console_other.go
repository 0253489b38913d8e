//go:build !windows

package ui

import "os"

// unicodeConsole tells that the console takes Unicode whatever the environment says.
const unicodeConsole = false

// enableANSI tells whether a terminal understands escape sequences: all of today do.
func enableANSI(*os.File) bool { return true }
