package tidy

import (
	"testing"
)

// report fails the test with every finding.
func report(t *testing.T, bad []string) {
	t.Helper()
	for _, text := range bad {
		t.Error(text)
	}
}

func TestImports(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range repository(t) {
		report(t, checkImports(p, f))
	}
}

func TestStyle(t *testing.T) {
	for _, f := range repository(t) {
		report(t, checkStyle(f))
	}
}

func TestDocs(t *testing.T) {
	files := repository(t)
	report(t, checkPackageDocs(files))
	for _, f := range files {
		report(t, checkDocs(f))
	}
}

func TestWords(t *testing.T) {
	for _, name := range trackedFiles(t) {
		if text, ok := readText(name); ok {
			report(t, checkWords(name, text))
		}
	}
}

func TestPurity(t *testing.T) {
	all, err := listPackages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if !p.DepOnly && !p.Standard {
			report(t, checkPackagePurity(all, p))
		}
	}
}
