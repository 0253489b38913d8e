// Package tidy holds the architecture and the style of this repository as
// ordinary tests, so that `go test ./...` fails when a promise of the design is
// broken.
//
// The promises are data: policy.txt says which package may import which, and
// which standard and foreign packages may appear where. The rules are code:
//
//   - imports: every edge between our packages, and every outside import, is declared
//   - purity: under core/ and sim/ there is no clock, no ambient randomness, no
//     concurrency, no floating point, no visible map order and no package-level state
//     that changes; proven with go/types
//   - docs: every package and every exported identifier is documented
//   - style: gofmt, lengths of lines, functions and files, no leftovers, honest panics
//   - words: no tracked text names a machine's own paths or a package registry
//
// Each rule is shown to bite: a table of small violating sources must fail it.
package tidy
