package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
)

// programSum stands for the program that runs, with all that is in it: results of another are no results of this one.
func programSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return fmt.Sprintf("%x", sum.Sum(nil)[:12]), errors.Join(err, f.Close())
}
