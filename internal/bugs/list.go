package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed bugs.txt
var bugsText string

// bug is one thing that is wrong.
type bug struct {
	name, wrong string
	file        string // below the top of the module, with slashes
	was, is     string
}

// list reads all bugs.
func list(text string) (bugs []bug, err error) {
	for para := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if strings.HasPrefix(para, "#") {
			continue
		}
		lines := strings.Split(para, "\n")
		name, wrong, ok := strings.Cut(lines[0], ": ")
		if !ok || len(lines) < 4 {
			return nil, fmt.Errorf("this is no bug: %s", para)
		}
		b := bug{name: name, wrong: wrong, file: lines[1]}
		var was, is []string
		for _, line := range lines[2:] {
			switch sign, rest := line[0], line[1:]; sign {
			case '-':
				was = append(was, rest)
			case '+':
				is = append(is, rest)
			default:
				return nil, fmt.Errorf("%s: a line begins with - or +: %s", name, line)
			}
		}
		b.was, b.is = strings.Join(was, "\n"), strings.Join(is, "\n")
		bugs = append(bugs, b)
	}
	return bugs, nil
}

// put is the text of the bug's file, with the bug in it. top is where the module is.
func (b *bug) put(top string) (string, error) {
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(b.file)))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), b.was); n != 1 {
		return "", fmt.Errorf("%s: %s says %q %d times, and not once", b.name, b.file, b.was, n)
	}
	return strings.Replace(string(text), b.was, b.is, 1), nil
}
