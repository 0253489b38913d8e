// Package model is a second reading of SPEC.md: small, slow, and written from its text alone, so that it shares no mistake with the
// core. It follows a session step by step and says where what was seen disagrees with the text. Where the text leaves a choice, it
// follows every way that agrees with what was seen.
//
// It imports nothing of the core but its vocabulary. Not modelled, and followed as observed: which block is picked where several
// clauses allow it, reasons (WHY), super-seeding, and torrents whose geometry is not known. The machine that drives a session runs
// the same histories on every plain run; in others, one in some hundreds still ends in a disagreement about FLG-13 that is not
// understood: go test ./sim/model -rapid.seed=2 -rapid.checks=3000 shows it.
package model
