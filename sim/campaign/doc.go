// Package campaign looks for scenarios that fail: it draws them from seeds, a set of features first, lets each run under all checkers there are,
// and makes those that fail as small as can be, the failed checker staying the same.
//
// It lacks what a campaign is besides: many runs at a time, files and clocks, which are btsim's.
package campaign
