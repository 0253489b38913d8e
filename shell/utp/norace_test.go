//go:build !race

package utp

const raced = false
