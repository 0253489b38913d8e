// Package report draws what was noted of a run: one HTML file that needs nothing else, with a figure for each question that a reader of a paper would
// have, and beside it the numbers behind each figure as CSV. The same run gives the same files, to the last byte: there is no wall time in them, and all
// that is drawn is reckoned in whole numbers.
//
// It lacks the numbers themselves, which are package crowd's.
package report
