// Package transfer puts the sockets of core/utp on the links of sim/packet: hosts that each have a clock of their own, and programs on
// them that write a stream and read one. Every byte is looked at when it arrives, so that a run that goes well has also transferred well.
//
// Its tests hold what core/utp is to do on a line that others use too, in virtual time.
package transfer
