package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// good is an info dictionary that nothing is wrong with, of one piece; each bad torrent differs from it in one thing.
const good = "6:lengthi5e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa"

// badTorrents are files that must be refused, and what is to be said about them.
var badTorrents = []struct{ name, file, fault string }{
	{"empty", "", "not a torrent file"},
	{"text", "hello\n", "not a torrent file"},
	{"web page", "<!DOCTYPE html><title>404</title>", "not a torrent file"},
	{"cut", torrentOf(good)[:40], "not a torrent file"},
	{"list", "l" + torrentOf(good) + "e", "wrong type"},
	{"trailing", torrentOf(good) + "x", "follows the end"},
	{"no info", "d8:announce3:urle", "info: missing"},
	{"info twice", "d4:infod" + good + "e4:infod" + good + "ee", "a key occurs twice"},
	{"deep", strings.Repeat("l", 100_000), "not a torrent file"},
	{"deep dictionaries", strings.Repeat("d1:a", 100_000), "not a torrent file"},
	{"length bomb", "d4:info99999999999:", "not a torrent file"},
	{"number bomb", "d4:infoi" + strings.Repeat("9", 100_000) + "ee", "not a torrent file"},
	{"no pieces", torrentOf(strings.Replace(good, "6:pieces20:aaaaaaaaaaaaaaaaaaaa", "", 1)), "info.pieces: missing"},
	{"half a hash", torrentOf(strings.Replace(good, "20:aaaaaaaaaaaaaaaaaaaa", "10:aaaaaaaaaa", 1)), "info.pieces: wrong number of piece hashes"},
	{"hashes too many", torrentOf(strings.Replace(good, "20:", "40:aaaaaaaaaaaaaaaaaaaa", 1)), "info.pieces: wrong number of piece hashes"},
	{"piece length 0", torrentOf(strings.Replace(good, "i16384e", "i0e", 1)), "info.piece length: out of range"},
	{"piece length negative", torrentOf(strings.Replace(good, "i16384e", "i-16384e", 1)), "info.piece length: out of range"},
	{"piece length wide", torrentOf(strings.Replace(good, "i16384e", "i4294983680e", 1)), "info.piece length: out of range"},
	{"length negative", torrentOf(strings.Replace(good, "i5e", "i-5e", 1)), "info.length: out of range"},
	{"length huge", torrentOf(strings.Replace(good, "i5e", "i9223372036854775807e", 1)), "info.length: out of range"},
	{"no length", torrentOf(strings.Replace(good, "6:lengthi5e", "", 1)), "missing"},
	{"nothing", torrentOf(strings.Replace(good, "i5e", "i0e", 1)), "info"},
	{"sum of lengths", filesOf(int64(math.MaxInt64), "1:a", int64(math.MaxInt64), "1:b"), "out of range"},
	{"name up", torrentOf(strings.Replace(good, "1:x", "2:..", 1)), "leads out of the folder"},
	{"name up and down", torrentOf(strings.Replace(good, "1:x", "6:../../", 1)), "leads out of the folder"},
	{"name empty", torrentOf(strings.Replace(good, "1:x", "0:", 1)), "info.name: empty"},
	{"path up", filesOf(5, "2:..1:a"), "leads out of the folder"},
	{"path up with spaces", filesOf(5, "3:.. 1:a"), "leads out of the folder"},
	{"path up in one", filesOf(5, "9:a/../../b"), "leads out of the folder"},
	{"path up for windows", filesOf(5, `4:..\a`), "leads out of the folder"},
	{"path empty", filesOf(5, ""), "info.files[0].path: empty"},
	{"path deep", filesOf(5, strings.Repeat("1:a", 1000)), "info.files[0].path: too long"},
	{"same file twice", filesOf(2, "1:a", 3, "1:a"), "conflicts with another file"},
	{"same file but for case", filesOf(2, "1:a", 3, "1:A"), "conflicts with another file"},
	{"file as folder", filesOf(2, "1:a", 3, "1:a1:b"), "conflicts with another file"},
	{"version 2", "d4:infod9:file treed1:xd0:d6:lengthi5e11:pieces root32:" + strings.Repeat("r", 32) +
		"eee12:meta versioni2e4:name1:x12:piece lengthi16384eee", "version 2 only"},
}

func torrentOf(info string) string { return "d4:infod" + info + "ee" }

// filesOf is a torrent with a list of files: pairs of a length and a path in bencode.
func filesOf(pairs ...any) string {
	var s strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&s, "d6:lengthi%de4:pathl%see", pairs[i], pairs[i+1])
	}
	return torrentOf(strings.Replace(good, "6:lengthi5e", "5:filesl"+s.String()+"e", 1))
}

// TestBadTorrents wants of every command and every bad file: exit code 2, one line that names file and fault, and
// nothing written.
func TestBadTorrents(t *testing.T) {
	for _, bad := range badTorrents {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "bad.torrent")
			if err := os.WriteFile(path, []byte(bad.file), 0o666); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"info"}, {"verify", "-d", dir}, {"seed", "-d", dir, "--listen", "127.0.0.1:0"},
				{"get", "-d", filepath.Join(dir, "new"), "--listen", "127.0.0.1:0"},
			} {
				stdout, stderr, code := btclient(t, append(args, path)...)
				line, rest, _ := strings.Cut(stderr, "\n")
				if code != 2 || stdout != "" || rest != "" || !strings.HasPrefix(line, "btclient: "+path+": ") || !strings.Contains(line, bad.fault) {
					t.Errorf("%s: exit code %d, standard output %q, standard error %q, want %q in one line", args[0], code, stdout, stderr, bad.fault)
				}
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 1 {
				t.Errorf("in the folder are %v, %v; want only the bad file", entries, err)
			}
		})
	}
}

// TestGoodTorrent proves that what the bad torrents differ from is good.
func TestGoodTorrent(t *testing.T) {
	for _, file := range []string{torrentOf(good), filesOf(2, "1:a", 3, "1:b")} {
		path := filepath.Join(t.TempDir(), "good.torrent")
		if err := os.WriteFile(path, []byte(file), 0o666); err != nil {
			t.Fatal(err)
		}
		if stdout, stderr, code := btclient(t, "info", path); code != 0 || stderr != "" || !strings.Contains(stdout, "name       x") {
			t.Errorf("exit code %d, standard output %q, standard error %q", code, stdout, stderr)
		}
	}
}

// TestBadTorrentJSON wants an error both for the program that reads JSON and for people.
func TestBadTorrentJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.torrent")
	if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := btclient(t, "get", "--json", path)
	if code != 2 || !strings.HasPrefix(stdout, `{"event":"error",`) || !strings.Contains(stdout, `"message":"`+path+": not a torrent file") ||
		strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit code %d, standard output %q, standard error %q", code, stdout, stderr)
	}
}

// btclient runs the program to its end.
func btclient(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command("btclient", args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
