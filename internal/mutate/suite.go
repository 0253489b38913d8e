package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// untold are tests that hold the tables against themselves: that they find a change tells nothing.
var untold = map[string][]string{
	"core/peerfsm": {
		"TestMatrices",    // the goldens of the tables
		"TestSpecIsFresh", // the diagrams
		"TestProved",      // the enumeration's figures, and a second reader of the tables
	},
}

// module is the path of the module, and testFolders where tests of behaviour are.
const module = "peerwire"

var testFolders = []string{"./core/...", "./sim/..."}

// binary is a test binary that has all the mutants in it.
type binary struct {
	pkg     string          // below the top of the module
	path    string          // of the file
	reaches map[string]bool // the packages of the module that are linked in
}

// step is a run of some tests of a binary.
type step struct {
	*binary
	tests []string
	cost  time.Duration // how long they take when nothing is mutated
}

// suite is all that a mutant has to survive.
type suite struct {
	steps []step // the quickest first
}

// slow is what makes a test a step of its own.
const slow = 200 * time.Millisecond

// prepare builds the test binaries that reach what is mutated, and sees how they do without a mutant.
func prepare(ctx context.Context, dir, overlay string, chosen []group, without string) (*suite, error) {
	binaries, err := testsOf(chosen, without)
	if err != nil {
		return nil, err
	}
	if err := compile(ctx, dir, overlay, binaries); err != nil {
		return nil, err
	}
	s := &suite{}
	for i := range binaries {
		steps, err := measure(ctx, &binaries[i])
		if err != nil {
			return nil, err
		}
		s.steps = append(s.steps, steps...)
	}
	slices.SortStableFunc(s.steps, func(a, b step) int { return int(a.cost - b.cost) })
	return s, nil
}

// compile builds test binaries with the mutants in them.
func compile(ctx context.Context, dir, overlay string, binaries []binary) error {
	args := []string{"test", "-c", "-overlay", overlay, "-o", dir + string(filepath.Separator)}
	for i, b := range binaries {
		binaries[i].path = filepath.Join(dir, path.Base(b.pkg)+".test")
		args = append(args, "./"+b.pkg)
	}
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("the mutants do not build: %w\n%s", err, out)
	}
	return nil
}

// testsOf finds the packages with tests that reach one of the groups' packages.
func testsOf(chosen []group, without string) ([]binary, error) {
	all, err := goList(testFolders...)
	if err != nil {
		return nil, err
	}
	deps := map[string][]string{}
	for _, p := range all {
		deps[p.ImportPath] = p.Deps
	}
	var found []binary
	for _, p := range all {
		b := binary{pkg: strings.TrimPrefix(p.ImportPath, module+"/"), reaches: map[string]bool{}}
		for _, q := range append(append([]string{p.ImportPath}, p.TestImports...), p.XTestImports...) {
			b.reaches[strings.TrimPrefix(q, module+"/")] = true
			for _, d := range deps[q] {
				b.reaches[strings.TrimPrefix(d, module+"/")] = true
			}
		}
		wanted := slices.ContainsFunc(chosen, func(g group) bool { return b.reaches[g.pkg] })
		if wanted && len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 && !slices.Contains(strings.Split(without, ","), b.pkg) {
			found = append(found, b)
		}
	}
	return found, nil
}

var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \(([0-9.]+s)\)$`)

// measure runs all tests of a binary that tell something, as they are: they must pass. It makes one step of all that are quick, and one
// of each that is not.
func measure(ctx context.Context, b *binary) ([]step, error) {
	known, err := command(ctx, b, "", 0, "-test.list=.").Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.pkg, err)
	}
	for _, name := range untold[b.pkg] {
		if !slices.Contains(strings.Fields(string(known)), name) {
			return nil, fmt.Errorf("%s has no %s: it was to be left out", b.pkg, name)
		}
	}
	out, err := command(ctx, b, "", 0, "-test.v", "-test.skip="+exactly(untold[b.pkg])).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s fails as it is: %w\n%s", b.pkg, err, tail(out))
	}
	quick := step{binary: b}
	var steps []step
	for _, m := range passed.FindAllStringSubmatch(string(out), -1) {
		cost, err := time.ParseDuration(m[2])
		if err != nil {
			return nil, err
		}
		if cost >= slow {
			steps = append(steps, step{b, []string{m[1]}, cost})
			continue
		}
		quick.tests, quick.cost = append(quick.tests, m[1]), quick.cost+cost
	}
	if len(quick.tests) > 0 {
		steps = append(steps, quick)
	}
	return steps, nil
}

// exactly matches these names and no others; nothing, when there are none.
func exactly(names []string) string {
	if len(names) == 0 {
		return "^$"
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

func tail(out []byte) []byte { return out[max(0, len(out)-4000):] }

// memoryLimit is how many KiB of addresses a test may use.
const memoryLimit = 8 << 20

// command is a run of a test binary as a mutant, or as none when order is "". When a limit is given, so many seconds of CPU time end
// it: what the other processes of the machine do is no matter.
func command(ctx context.Context, b *binary, order string, limit int, args ...string) *exec.Cmd {
	limits := ""
	if limit > 0 {
		limits = fmt.Sprintf("ulimit -t %d; ulimit -v %d 2>&-; ", limit, memoryLimit)
	}
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", limits + `exec "$@"`, "sh", b.path}, args...)...)
	cmd.Dir = filepath.FromSlash(b.pkg)
	cmd.Env = append(os.Environ(), variable+"="+order, "RAPID_SEED=1", "RAPID_NOFAILFILE=true", "RAPID_SHRINKTIME=1ns")
	cmd.WaitDelay = time.Second
	return cmd
}
