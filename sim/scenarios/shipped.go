// Package scenarios holds the scenarios that ship. It lacks what reads them, which is package scenario's.
package scenarios

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed *.toml
var files embed.FS

// Names lists the scenarios in alphabetical order.
func Names() (names []string) {
	all, err := fs.Glob(files, "*.toml")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	for _, name := range all {
		names = append(names, strings.TrimSuffix(path.Base(name), ".toml"))
	}
	return names
}

// Text is the file of a scenario; false when there is none of that name.
func Text(name string) ([]byte, bool) {
	text, err := files.ReadFile(name + ".toml")
	return text, err == nil
}
