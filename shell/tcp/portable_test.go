//go:build !linux || portable

package tcp

const implementation = "portable"
