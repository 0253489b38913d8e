package tidy

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forbidden finds what belongs to one machine: its own folders, and the hosts of
// package registries. It is spelled in pieces so as not to find itself.
var forbidden = regexp.MustCompile(`(^|[^A-Za-z0-9_.\-])/(wo` + `rk|ro` + `ot|ho` + `me)/` +
	`|(proxy|sum)\.golang` + `\.org|pypi` + `\.org|files\.python` + `hosted|registry\.npm` + `js|deb\.deb` + `ian\.org|crates` + `\.io`)

// trackedFiles lists what git tracks or would track, without the sums of modules.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Logf("not a git checkout, looking at the Go files only: %v", err)
		var names []string
		for _, f := range repository(t) {
			names = append(names, f.rel)
		}
		return names
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// readText gives the text of a tracked file, and whether it is text at all.
func readText(name string) (string, bool) {
	src, err := os.ReadFile(filepath.Join(root, name))
	if err != nil || bytes.IndexByte(src[:min(len(src), 8000)], 0) >= 0 {
		return "", false // deleted since, a link, or binary
	}
	return string(src), true
}

// checkWords finds forbidden words, and leftovers in anything that is not Go,
// where they are looked for in comments only.
func checkWords(name, text string) []string {
	var bad []string
	prose := !strings.HasSuffix(name, ".go") && !strings.Contains(name, "testdata/")
	for i, line := range strings.Split(text, "\n") {
		if word := forbidden.FindString(line); word != "" {
			bad = append(bad, fmt.Sprintf("%s:%d: names %q", name, i+1, strings.TrimSpace(word)))
		}
		if prose && leftover.MatchString(line) {
			bad = append(bad, fmt.Sprintf("%s:%d: %s left over", name, i+1, leftover.FindString(line)))
		}
	}
	return bad
}
