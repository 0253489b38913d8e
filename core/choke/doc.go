// Package choke decides who gets an upload slot. Its functions look at a snapshot of the
// open connections of all torrents, and at nothing else: same snapshot, same verdicts.
//
// There are slots of two kinds. Most are won by rank: those who gave us most come first, or while we
// are a seed those whom its order puts first. The others are optimistic: they go round among all who are
// interested, so that newcomers can show what they give. [CHK-2]
//
// Every RoundInterval the caller calls Round, which gives all slots anew and tells how many there are until the
// next; every OptimisticInterval it calls Rotate after it; and when a slot was given back, or somebody has become
// interested, Fill, which takes nothing from anybody. It applies the verdicts, keeps the times and counts that a
// Candidate tells, and starts the counts of a round anew after each Round. Each verdict says why it was given, and
// by what numbers.
package choke
