// Package specmap ties SPEC.md to the code and its tests.
//
// It reads the clauses from SPEC.md, generates package core/clause from them, and
// finds the citations: in Go, the constant clause.MSG4 or a comment with [MSG-4]; in
// transcripts under testdata, [MSG-4] or a line "# clauses: MSG-4 FST-2". Its tests fail when
// core/clause is stale, when a citation names no clause, when a MUST has no code or no test, and when
// a number in the table of constants is not one that the code cites the clause for.
//
// While the first edition is being built, testdata/pending.txt lists what is still missing.
// It is a ratchet: a clause that has got its citation must leave the list.
package specmap
