package command

import (
	"errors"
	"os"
	"path/filepath"
)

// Spare is an error when a file that an option has written would take the place of one that was given.
func Spare(option, path string, given ...string) error {
	at, err := os.Stat(path)
	if err != nil {
		return nil // it is not there yet, or cannot be written, which whoever tries is told
	}
	for _, name := range given {
		if other, err := os.Stat(name); err == nil && at.Mode().IsRegular() && os.SameFile(at, other) {
			return Misuse("option --%s: %s is what was given: it would be lost", option, path)
		}
	}
	return nil
}

// File is a file that a command writes, whole or not at all. What is no regular file, such as a pipe, is written as it comes.
type File struct {
	*os.File
	place string // where it belongs; empty when it is there already
}

// CreateFile begins a file. It has to be kept, or dropped.
func CreateFile(path string) (*File, error) {
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &File{File: f}, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	var wrapped *os.PathError
	if errors.As(err, &wrapped) {
		wrapped.Path = path
	}
	return &File{f, path}, err
}

// Keep ends a file that is whole.
func (f *File) Keep() error {
	if f.place == "" {
		return f.Close()
	}
	err := errors.Join(f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.place)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is wrong is said already
	}
	return err
}

// Drop ends a file that is not to be.
func (f *File) Drop() {
	f.Close()
	if f.place != "" {
		_ = os.Remove(f.Name())
	}
}
