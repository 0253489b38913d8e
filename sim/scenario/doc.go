// Package scenario says what a swarm is to be: the torrent, the lines, the tracker, and the groups of peers that come and go. It reads that
// from TOML, and an error names the file, the line and the key.
//
// It lacks the swarm itself, which is package crowd's.
package scenario
