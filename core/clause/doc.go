// Package clause names the clauses of SPEC.md, the violations of those that bind
// a peer, and what each violation costs.
//
// The names are generated: run go generate after editing SPEC.md. Clause MSG-4
// is the constant MSG4; a violation `have-out-of-range` is HaveOutOfRange. Code
// that obeys a clause cites it, by constant or in a comment as [MSG-4], and so does
// its test; internal/specmap checks that nothing that a MUST demands goes uncited.
package clause

//go:generate go run peerwire/internal/specmap/gen
