package main

// mutant is one change of the program.
type mutant struct {
	Group  string `json:"group"`
	Place  string `json:"place"`  // file:line:column
	Change string `json:"change"` // what was, and what becomes of it
	order  string // what tells a test binary to be this mutant
}

// key names the mutant in the file of results: places and changes of one tree do not repeat.
func (m *mutant) key() string { return m.Group + " " + m.Place + " " + m.Change }

// variable is the environment variable that tells a test binary which mutant it is to be.
const variable = "PEERWIRE_MUTANT"

// group is a part of the program that is mutated.
type group struct {
	name string
	pkg  string // its package, relative to the module
}

// groups are all there are, in the order in which they are run.
var groups = []group{
	{"tables", "core/peerfsm"},
	{"choke", "core/choke"},
	{"trust", "core/trust"},
	{"pick", "core/pick"},
}
