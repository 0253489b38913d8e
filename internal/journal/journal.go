// Package journal keeps results in a file, a line of JSON each, so that long work that was interrupted goes on where it was.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// Read gives the whole lines of a file, none when there is no such file. A last line that was cut off, when its writer was killed, is not
// among them.
func Read(path string) ([][]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var lines [][]byte
	for line := range bytes.Lines(text) {
		if line, whole := bytes.CutSuffix(line, []byte("\n")); whole {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// File is a journal that is written.
type File struct{ file *os.File }

// Append opens a journal to go on behind its lines, which Read gave; what comes after them is cut off.
func Append(path string, lines [][]byte) (*File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	end := int64(0)
	for _, line := range lines {
		end += int64(len(line)) + 1
	}
	if err := file.Truncate(end); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &File{file}, nil
}

// Add writes a line, in one piece.
func (f *File) Add(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = f.file.Write(append(text, '\n'))
	return err
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }
