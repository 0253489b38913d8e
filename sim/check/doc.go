// Package check looks at a simulated swarm from outside, and tells what must never be. It takes no core's word for what can be seen
// elsewhere: pieces are counted on the disk, bytes at both ends, slots by their holders.
//
// It lacks liveness: that a swarm gets on with it is for whoever runs it to say, who knows what was to be expected.
package check
