// Package sim is a virtual world for whole clients: a clock, a queue of events, links with latency and
// rate, disks that may fail, nodes that each run a core.Session, and scripted peers that say what they please.
//
// A World owns all of it. Nothing in it is concurrent, reads a clock or rounds a number: the same calls give the same
// world, to the last byte. Payload is never held: a stream carries control bytes, and runs that only say which bytes of
// which torrent they stand for, and whether they are the right ones.
//
// It lacks what reads and judges: scripts are package script's, and whether a world did well is for whoever runs it.
package sim
