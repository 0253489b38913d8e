// Package script plays transcripts: conversations between nodes and scripted peers, one command after another, each
// followed by what was to be seen of it.
//
// A transcript is a text file that github.com/cockroachdb/datadriven reads. It begins with what it shows, in prose, and with the
// clauses that it reaches:
//
//	# A have beyond the last piece closes the connection.
//	# clauses: MSG-2
//
//	scene
//	torrent pieces=4 piece=32KiB
//	node A
//	raw X
//	connect X->A
//	X says handshake / have-none
//	----
//	ok
//
//	X says have 4
//	----
//	t=0.000s  A closes X: have-out-of-range [MSG-2]
//
// The output is what nodes write to their peers and what they do; what scripted peers say stands in the commands. The verbs are in
// the table of verbs.go, each with an example.
//
// The package lacks the comparing: that is the tests'.
package script
