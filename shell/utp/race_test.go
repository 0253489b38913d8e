//go:build race

package utp

const raced = true // everything takes ten times as long
