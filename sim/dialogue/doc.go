// Package dialogue plays conversations in datagrams: between one Socket of core/utp, which stands in the middle and is called we, and peers
// whose packets are written by hand. They are files that github.com/cockroachdb/datadriven reads, with what they show in prose, and
// the clauses that they reach, at the head:
//
//	# A dial is answered, and what comes next is read.
//	# clauses: UTP-4
//
//	dial A
//	----
//	0.000s  to A: SYN +0, id r, takes 1472
//
//	A: STATE 100 ack +0
//	----
//	0.000s  A connected
//	0.000s  to A: STATE +1 ack 99
//
// Our numbers are told from our first one on, as +0, +1 and so on; a peer's are as it wrote them. The commands are in commands.go, each
// with an example. The package lacks the comparing: that is the tests'.
package dialogue
