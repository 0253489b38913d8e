package interop

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"peerwire/interop/client"
	"peerwire/interop/netns"
)

// subjectVariable chooses another client to stand where btclient stands:
// whether a failure is btclient's or the harness's shows at once.
const subjectVariable = "PEERWIRE_SUBJECT"

// subject is the client under test.
func subject() client.Client {
	name := os.Getenv(subjectVariable)
	for _, c := range client.Others() {
		if c.Name() == name {
			return c
		}
	}
	if name != "" && name != (client.Btclient{}).Name() {
		panic("no client is called " + name)
	}
	return client.Btclient{}
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds btclient where the world is still there, and runs the tests in
// a namespace where it is not.
func run(m *testing.M) int {
	if netns.Inside() {
		if err := netns.Up(); err != nil {
			return fail(err)
		}
		// The clients mostly wait for their own timers, not for the machine.
		if err := flag.Set("test.parallel", "8"); err != nil {
			return fail(err)
		}
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "peerwire-interop-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if err := prepare(dir); err != nil {
		return fail(err)
	}
	code, err := netns.Enter()
	if err != nil {
		return fail(err)
	}
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "interop:", err)
	return 1
}

// btsimVariable names the environment variable that holds the path of the
// btsim that reads the traces of btclient.
const btsimVariable = "PEERWIRE_BTSIM"

// prepare builds btclient and btsim, unless the environment names them, and sees that
// everything else is installed. Nothing is skipped for want of a program.
func prepare(dir string) error {
	for program, variable := range map[string]string{"btclient": client.BtclientVariable, "btsim": btsimVariable} {
		if err := build(dir, program, variable); err != nil {
			return err
		}
	}
	var gone []string
	for _, c := range append(client.Others(), subject()) {
		gone = append(gone, c.Missing()...)
	}
	for _, program := range []string{"opentracker", "mktorrent", "ip", "tshark"} {
		if _, err := exec.LookPath(program); err != nil {
			gone = append(gone, program)
		}
	}
	if len(gone) > 0 {
		return fmt.Errorf("not installed: %q (.ci/run installs them)", gone)
	}
	return nil
}

// build builds a program of the main module into a folder, and names it in the environment, unless that has one.
func build(dir, program, variable string) error {
	if os.Getenv(variable) != "" {
		return nil
	}
	path := filepath.Join(dir, program)
	build := exec.Command("go", "build", "-o", path, "./cmd/"+program)
	build.Dir = ".." // the main module, whose go.mod is not ours
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", program, err, out)
	}
	return os.Setenv(variable, path)
}
