// Package ui shows people and programs what btclient does: a live display on a terminal, plain lines elsewhere, JSON
// for programs.
//
// A View is all there is to see at one time, plain data. What is drawn is a pure function of it: [Draw] for the live
// display, [PlainLine] for one line of it. The displays ([NewLive], [NewPlain], [NewJSON]) only decide when
// to draw, and where.
package ui
