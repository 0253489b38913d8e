// Package fsm says what a state machine is: a table of rows (event, from, to, clause),
// written once, from which everything else derives.
//
//   - Compile turns a Table into a Machine, whose Next is one look into a dense array. It
//     refuses a table that contradicts or repeats itself, or has states that nothing reaches, and
//     it has the library looplab/fsm read the same rows: array and library must agree on every
//     state and event, or there is no Machine.
//   - Join binds Machines that live side by side into a Joint. Its Rules say what one machine's
//     entering a state does to another, its Needs say which events are refused unless another
//     machine is in a certain state. Nothing else couples machines.
//   - Rows, Rules and Needs tell the tables in names; Lines, Mermaid and Graphviz show them to people.
//
// States and events are small numbers; a table has no guards, so a condition has to become an
// event of its own ("have" and "last have"), with a name, a clause and a test. An event that a
// state does not allow is refused, which is a result and not an error.
//
// The package knows nothing of BitTorrent. The machines of a connection are in core/peerfsm.
package fsm
