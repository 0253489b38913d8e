// Package fault names what can go wrong in a simulated swarm: with the network, with a peer's machine, with its disk, and with what it says. A Kind is
// a fault by its name, a Dose how much of it there is, a Mask a set of kinds, and Counts how often each was really injected.
//
// It lacks the faults themselves, which are packages sim's and crowd's, and which peers have them and when, which a scenario says.
package fault
