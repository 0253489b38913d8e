package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// demoName is the torrent's folder.
const demoName = "demo"

// demoFiles are the files of the demo and their share of the whole, in percent. What remains goes to the last.
var demoFiles = []struct {
	path  string
	share int64
}{
	{"empty.txt", 0},
	{"music/one.flac", 9},
	{"music/two.flac", 8},
	{"notes/readme.txt", 1},
	{"pictures.tar", 21},
	{"video.mkv", 61},
}

// makeData writes the demo's files below dir, the same for a size every time, and gives their hashes in order.
func makeData(ctx context.Context, dir string, size int64) (sums [][sha256.Size]byte, err error) {
	left := size
	for i, f := range demoFiles {
		n := size / 100 * f.share
		if i == len(demoFiles)-1 {
			n = left
		}
		left -= n
		sum, err := makeFile(ctx, filepath.Join(dir, demoName, filepath.FromSlash(f.path)), uint64(i), n)
		if err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	return sums, nil
}

// makeFile writes n bytes that follow from a seed.
func makeFile(ctx context.Context, path string, seed uint64, n int64) (sum [sha256.Size]byte, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return sum, err
	}
	f, err := os.Create(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	const room = 1 << 20
	w, h := bufio.NewWriterSize(f, room), sha256.New()
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	random := rand.NewChaCha8(key)
	for left := n; left > 0; left -= room {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		if _, err := io.CopyN(io.MultiWriter(w, h), random, min(left, room)); err != nil {
			return sum, err
		}
	}
	if err := w.Flush(); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), f.Close()
}

// shareData gives another folder the same files, without copying them where the file system allows.
func shareData(from, to string) error {
	for _, f := range demoFiles {
		path := filepath.Join(demoName, filepath.FromSlash(f.path))
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, path)), 0o777); err != nil {
			return err
		}
		if os.Link(filepath.Join(from, path), filepath.Join(to, path)) == nil {
			continue
		}
		if err := copyFile(filepath.Join(from, path), filepath.Join(to, path)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// compareData wants the files below dir to have the hashes of those that were made.
func compareData(dir string, sums [][sha256.Size]byte) error {
	for i, f := range demoFiles {
		h := sha256.New()
		in, err := os.Open(filepath.Join(dir, demoName, filepath.FromSlash(f.path)))
		if err != nil {
			return err
		}
		_, err = io.Copy(h, in)
		in.Close()
		if err != nil {
			return err
		}
		if [sha256.Size]byte(h.Sum(nil)) != sums[i] {
			return fmt.Errorf("%s differs from the file it was made from", in.Name())
		}
	}
	return nil
}
