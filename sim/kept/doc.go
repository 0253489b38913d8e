// Package kept keeps failures: of a scenario in which a checker failed it makes a transcript, the conversation of the core with which something is
// wrong, which fails as long as the core has the bug and passes when it is mended.
//
// What the core was told stands in the transcript, in the words of package script; what it answered stands there to be read, and nobody compares it,
// as the mended core answers otherwise. All that is asked of a transcript is that no checker fails that looks at one core. Commands are played
// whatever the core answered: a peer that was to be asked for a block, or a disk for an answer, says nothing when it was not asked, and what is said on a
// connection that is gone is lost.
//
// It lacks failures that are no core's: of those only the scenario is kept. Files are for others to write.
package kept
