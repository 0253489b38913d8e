//go:build race

package crowd_test

const raced = true // everything takes ten times as long
