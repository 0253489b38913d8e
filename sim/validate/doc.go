// Package validate holds the simulator against what is known of swarms: theorems, fluid models, and the shapes that others have found. A Study
// says what is claimed and of which swarms, measures them, and tells whether what was measured is within its band.
//
// It lacks the patience: how many seeds a study gets, on how many cores, and what is written of it, is for whoever runs it.
package validate
