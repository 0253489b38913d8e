package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/core/fsm"
	"peerwire/core/peerfsm"
	"peerwire/core/utp"
)

// formats are the ways to show machines, the usual one first.
var formats = []struct {
	name string
	show func(machines []int) (string, error)
}{
	{"table", showTable}, {"mermaid", showMermaid}, {"dot", showDot}, {"json", showJSON},
}

func newFSM() *cli.Command {
	return &cli.Command{
		Name:      "fsm",
		Usage:     "show the state machines of a peer, and of a uTP connection",
		ArgsUsage: "[MACHINE...]",
		Description: `A connection lives in twelve small machines at once. Each is shown with where every event leads from
every state ("-": it is refused there) and the clauses of SPEC.md that demand it; then what couples the
machines, and how many states they have together, counted by trying every event in every state.
A connection over uTP has one more, of its own, which nothing is coupled to.

MACHINE is the name of a machine, such as slot or their-choke, or a status method, such as snubbed; all are shown
when none is named. Of the couplings, those are shown that concern what was named.

Formats:
   table      for reading
   mermaid    a state diagram; of more than one machine, Markdown with a diagram each, as in SPEC.md
   dot        directed graphs for Graphviz, one after another
   json       one object, with the keys of docs/json.md

Examples:
   btsim fsm
   btsim fsm slot snubbed
   btsim fsm link --format mermaid
   btsim fsm --format dot | dot -Tsvg -O`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`FORMAT`: " + strings.Join(formatNames(), ", "), Value: formats[0].name},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			machines, err := machineArguments(cmd.Args().Slice())
			if err != nil {
				return err
			}
			for _, f := range formats {
				if f.name != cmd.String("format") {
					continue
				}
				text, err := f.show(machines)
				if err == nil {
					_, err = io.WriteString(cmd.Root().Writer, text)
				}
				return command.Written(err)
			}
			return command.Misuse("fsm: option --format: %q: it is none of %s", cmd.String("format"), strings.Join(formatNames(), ", "))
		},
	}
}

func formatNames() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// allMachines lists the machines of a peer, and after them that of a uTP connection.
func allMachines() []*fsm.Machine { return append(peerfsm.Machines(), utp.Machine()) }

// ofPeer lists those of the machines that are a peer's, which are coupled.
func ofPeer(machines []int) []int {
	return slices.DeleteFunc(slices.Clone(machines), func(i int) bool { return i >= len(peerfsm.Machines()) })
}

// behind tells what the machine at that place stands behind.
func behind(machine int) string {
	if machine < len(peerfsm.Machines()) {
		return peerfsm.Methods(machine)
	}
	return utp.Purpose
}

// machineArguments finds the machines that were named, in the order of the machines; all when none was.
func machineArguments(args []string) ([]int, error) {
	var found []int
	for _, arg := range args {
		i := machineNamed(arg)
		if i < 0 {
			return nil, command.Misuse("fsm: no machine is called %q; there are %s (see btsim fsm --help)", arg, strings.Join(knownMachines(), ", "))
		}
		found = append(found, i)
	}
	if len(args) == 0 {
		for i := range allMachines() {
			found = append(found, i)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// machineNamed is the place of the machine of that name, or of the one behind the status method of that name; -1
// when there is none. It does not matter how the words of a name are joined.
func machineNamed(name string) int {
	if i := slices.IndexFunc(knownMachines(), func(known string) bool { return joined(known) == joined(name) }); i >= 0 {
		return i
	}
	for i := range peerfsm.Machines() {
		for method := range strings.SplitSeq(peerfsm.Methods(i), ", ") {
			if joined(method) == joined(name) {
				return i
			}
		}
	}
	return -1
}

// joined is a name in lower case and without what stands between its words.
func joined(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))
}

// knownMachines lists the names of the machines as they are typed.
func knownMachines() (names []string) {
	for _, m := range allMachines() {
		names = append(names, strings.ReplaceAll(m.Name(), " ", "-"))
	}
	return names
}
