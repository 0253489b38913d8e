//go:build !linux

// Package pages has the memory of a large run laid out in large pages.
package pages

// Reserve does nothing: other systems choose by themselves.
func Reserve(int) {}
