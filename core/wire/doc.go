// Package wire turns the messages of BEP 3, BEP 6 and BEP 10 into bytes and back.
//
// It works on whatever bytes stand ready, keeps nothing between calls, and allocates
// nothing: what is decoded is a plain value, and what is longer than a few numbers (a
// bitfield, an extension's payload) is lent from the input. Of a piece message only the
// header is taken; the payload that follows never passes through here.
//
// A frame is judged from as few of its bytes as can tell: its length field from four, its length
// against its id from five. So nobody can make us wait for, or hold, the bytes
// of a frame that will be refused. What is judged here is what a frame alone can show, given Rules;
// whether it fits the connection's history is for package peerfsm.
//
// All numbers on the wire are big-endian.
package wire
