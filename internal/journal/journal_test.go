package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"peerwire/internal/journal"
)

// What was cut off is written again behind the whole lines.
func TestTornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	for i, torn := range []string{"", "3", "\"a", "\"whole\"\n"} {
		if err := os.WriteFile(path, []byte("1\n2\n"+torn), 0o666); err != nil {
			t.Fatal(err)
		}
		lines, err := journal.Read(path)
		want := "1\n2\n"
		if torn == "\"whole\"\n" {
			want += torn
		}
		if err != nil || len(lines) != len(want)/2 && i < 3 || string(lines[1]) != "2" {
			t.Fatalf("%q: %q, %v", torn, lines, err)
		}
		f, err := journal.Append(path, lines)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Add("new"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != want+"\"new\"\n" {
			t.Errorf("%q became %q, %v", torn, text, err)
		}
	}
}

// A file that is not there has no lines, and is made.
func TestNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	lines, err := journal.Read(path)
	if err != nil || len(lines) > 0 {
		t.Fatalf("%q, %v", lines, err)
	}
	f, err := journal.Append(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || len(text) > 0 {
		t.Errorf("%q, %v", text, err)
	}
}

// What is somebody else's is not emptied, and what never ends is not read.
func TestOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(path, []byte("my notes"), 0o666); err != nil {
		t.Fatal(err)
	}
	if lines, err := journal.Read(path); err == nil {
		t.Errorf("%q", lines)
	}
	if lines, err := journal.Read(os.DevNull); len(lines) > 0 || err != nil {
		t.Errorf("%q, %v", lines, err)
	}
	f, err := journal.Append(os.DevNull, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Add("new"), f.Close()); err != nil {
		t.Error(err)
	}
}
