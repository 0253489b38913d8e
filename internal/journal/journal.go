// Package journal keeps results in a file, a line of JSON each, so that long work that was interrupted goes on where it was.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Read gives the whole lines of a file, none when there is no such file, or when it is a device or a pipe: some never end. A last line that was cut
// off, when its writer was killed, is not among them. A file of which that is all is somebody else's, as a first line is short: Append would empty it.
func Read(path string) ([][]byte, error) {
	at, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !at.Mode().IsRegular() && !at.IsDir():
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(text) > 0 && !bytes.Contains(text, []byte("\n")) {
		return nil, fmt.Errorf("%s: it holds no whole line, so it is no file of results", path)
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
	if at, err := file.Stat(); err != nil || !at.Mode().IsRegular() {
		return &File{file}, err
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
