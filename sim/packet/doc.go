// Package packet is a virtual network of datagrams: links with rate, delay, jitter, loss, duplication, reordering and
// a queue of bytes that drops its tail, and hosts that send to one another through them.
//
// It counts in whole numbers only, and whatever is random comes from one seed, with a stream of its own for every link and
// purpose: a link more changes nothing for the others. A Link alone is a function of what was sent through it, so that another world
// with a queue of events of its own can use it as it is; a Net is such a world, for a few hosts and millions of packets.
package packet
