// Package choke decides who gets an upload slot. Its functions look at a snapshot of the
// open connections of all torrents, and at nothing else: same snapshot, same verdicts.
//
// There are slots of two kinds. Most are won by rank: those who gave us most, or took most while we
// are a seed, in the last round. The others are optimistic: they go round among all who are
// interested, so that newcomers can show what they give. [CHK-2]
//
// Every RoundInterval the caller calls Round, and every OptimisticInterval Rotate after it; between them it
// asks Free what a peer that becomes interested may have at once. It applies the verdicts, keeps the
// times and counts that a Candidate tells, and starts the counts of a round anew after each Round.
package choke
