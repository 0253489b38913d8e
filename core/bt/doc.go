// Package bt is the vocabulary that every tier of the core shares: time, names,
// blocks, geometry, and the events and effects that cross the core's boundary.
//
// It holds no behaviour beyond arithmetic on its own values. A shell that attaches
// the core to sockets and disks needs this package and package core, nothing else.
package bt
