package report

import (
	"fmt"
	"os"
	"path/filepath"
)

// Prepare makes the folder of a report, where there is none, and sees whether files can be written there: better now than after a long run.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot make the folder: %w", err)
	}
	f, err := os.CreateTemp(dir, ".btsim-*")
	if err != nil {
		return fmt.Errorf("cannot write into the folder: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Remove(f.Name())
}

// Write writes a report's files into a folder, each whole or not at all, the page last.
func Write(dir string, files []File) error {
	for i := len(files) - 1; i >= 0; i-- {
		if err := write(dir, files[i]); err != nil {
			return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, files[i].Name), err)
		}
	}
	return nil
}

// write writes a file beside its place, and moves it there.
func write(dir string, file File) error {
	f, err := os.CreateTemp(dir, ".btsim-*")
	if err != nil {
		return err
	}
	_, err = f.Write(file.Data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if shut := f.Close(); err == nil {
		err = shut
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, file.Name))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is wrong is said already
	}
	return err
}
