package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/core/metainfo"
)

// torrentArgument reads the .torrent file that is a command's only argument.
func torrentArgument(cmd *cli.Command) (*metainfo.Torrent, error) {
	path, err := command.OnlyArgument(cmd, "FILE.torrent")
	if err != nil {
		return nil, err
	}
	return openTorrent(path)
}

// openTorrent reads a .torrent file. Every error names the file and is a matter of bad input.
func openTorrent(path string) (*metainfo.Torrent, error) {
	if strings.HasPrefix(path, "magnet:") {
		return nil, command.Misuse("%.40s...: magnet links are not supported yet; give a .torrent file", path)
	}
	data, err := readLimited(path)
	if err != nil {
		return nil, command.BadFile(path, err)
	}
	t, err := metainfo.Parse(data)
	if err != nil {
		return nil, command.BadFile(path, err)
	}
	return t, nil
}

// readLimited reads a file that is no longer than a torrent may be. It need not be a regular one.
func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder, not a .torrent file")
	}
	data, err := io.ReadAll(io.LimitReader(f, metainfo.MaxSize+1))
	if err == nil && len(data) > metainfo.MaxSize {
		err = fmt.Errorf("it is too large for a .torrent file, which has at most %d MiB", metainfo.MaxSize>>20)
	}
	return data, err
}
