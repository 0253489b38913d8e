// Package crowd lets the peers of a scenario come, download, seed, crash and go, with a tracker that tells them of each other, and sums up
// how they fared.
//
// It lacks the peers, which are package sim's nodes and run the real core; and it reads no clock: how long all of that took is for whoever runs it.
package crowd
