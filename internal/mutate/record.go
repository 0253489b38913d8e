package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"peerwire/internal/journal"
	"strings"
)

// head is the first line of a file of results: what they are of.
type head struct {
	Tree    string `json:"tree"` // the sum of all files that count
	Without string `json:"without,omitempty"`
}

// record keeps results in a file, a line each.
type record struct {
	file *journal.File
	done map[string]result // by the mutant's key
}

// errStale says that results of something else are in the way.
var errStale = errors.New("holds results of another tree, or of other tests; move it away, or name another file with -out")

// openRecord opens a file of results, or makes one. What is there already need not be done again; a last line that was
// cut off is.
func openRecord(path string, h head) (*record, error) {
	r := &record{done: map[string]result{}}
	lines, err := journal.Read(path)
	if err != nil {
		return nil, err
	}
	for i, line := range lines {
		if i == 0 {
			var was head
			if err := json.Unmarshal(line, &was); err != nil || was != h {
				return nil, fmt.Errorf("%s %w", path, errStale)
			}
			continue
		}
		var res result
		if err := json.Unmarshal(line, &res); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		r.done[res.key()] = res
	}
	if r.file, err = journal.Append(path, lines); err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return r, r.file.Add(h)
	}
	return r, nil
}

// add puts down a result.
func (r *record) add(res result) error {
	r.done[res.key()] = res
	return r.file.Add(res)
}

// treeSum is a sum over all that can change a result: the sources, tests and transcripts, and this command.
func treeSum() (string, error) {
	sum := sha256.New()
	for _, dir := range []string{"core", "sim", filepath.Join("internal", "mutate"), "go.mod"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if strings.HasPrefix(d.Name(), ".") {
				return nil
			}
			text, err := os.ReadFile(path)
			fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(path), len(text))
			sum.Write(text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:12]), nil
}
