package script

import "peerwire/sim"

// verb is a command that belongs to nobody.
type verb struct {
	name    string
	setup   bool
	do      func(*Script, *command, string) (string, error)
	example string
}

// verbs are all there are.
func verbs() []verb {
	return []verb{
		{"scene", true, (*Script).scene, "scene, and below it commands whose output is not shown"},
		{"torrent", true, (*Script).addTorrent, "torrent T pieces=4 piece=32KiB last=20000 private; torrent T unknown"},
		{"node", true, (*Script).addNode, "node A have=0,2 slots=2 order=anti-leech reserve=1 halfopen=1 conns=9 transport=both addr=10.0.0.9:6881 id=X; " +
			"node A torrent=none; node A super-seed; node A any-piece"},
		{"raw", true, (*Script).addRaw, "raw X fast=off ext=off reserved=ffffffffffffffff addr=10.0.0.9:7001 id=A refuses silent waits count=3; " +
			"raw X by-hand innocent"},
		{"link", true, (*Script).line, "link latency=50ms back=1s rate=100KiB window=1KiB plain"},
		{"deaf", true, (*Script).deaf, "deaf X utp; deaf X tcp utp; deaf X"},
		{"router", true, (*Script).router, "router A 192.0.2.1:6881"},
		{"connect", false, (*Script).connect, "connect X->A; connect X1..X3->A; connect X->A over=utp; connect X->A from=50003"},
		{"says", false, (*Script).allSay, "says X,Y handshake / have-none"},
		{"run", false, (*Script).run, "run for=2s; run to=9.999999999s; run until=complete:B within=60s"},
		{"show", true, (*Script).show, "show handshakes"},
		{"hide", true, (*Script).hide, "hide request piece have"},
		{"state", false, (*Script).state, "state A X"},
		{"why", false, (*Script).why, "why A X; why A X Choked Snubbed"},
		{"client", false, (*Script).client, "client A X"},
		{"addresses", false, (*Script).addresses, "addresses A"},
		{"torrents", false, (*Script).torrents, "torrents A"},
		{"deadline", false, (*Script).deadline, "deadline A"},
		{"disk", true, (*Script).disk, "disk A fault=nospace unread=io delay=5ms lies readback; disk A lose=0 ready repair honest quick hold release by-hand"},
		{"tally", false, (*Script).tallied, "tally A->B"},
		{"settled", false, (*Script).settled, "settled A B"},
		{"lenient", true, (*Script).beLenient, "lenient: from now on what nobody asked for is passed over, and is no error"},
	}
}

// nodeDeed is what a node can be made to do.
type nodeDeed struct {
	name    string
	do      func(*Script, *sim.Node, *command) (string, error)
	example string
}

var nodeDeeds = []nodeDeed{
	{"learns", (*Script).learns, "A learns X source=tracker; A learns 10.0.0.9:0; A learns 10.1.0.0:6881 count=3000"},
	{"joins", (*Script).joins, "A joins T have=all conns=3 reserve=1"},
	{"quits", (*Script).quits, "A quits T"},
	{"sleeps", (*Script).sleeps, "A sleeps for=10m"},
	{"answers", (*Script).diskAnswers, "A answers 0; A answers 2 fault=io nosums; A answers all; A answers store 0 @16384; A answers verify 3: " +
		"what the disk waits with, by-hand"},
	{"writes", (*Script).writes, "A writes X; A writes X times=3 room=100: what it has to say to whom is by-hand"},
}

// rawDeed is what a scripted peer can be made to do.
type rawDeed struct {
	name    string
	do      func(*Script, *sim.Raw, *command, string) (string, error)
	example string
}

var rawDeeds = []rawDeed{
	{"says", (*Script).says, "X says handshake / have-none / interested; X says times=301 keep-alive; X says handshake id=A torrent=T to=48; " +
		"X says at-once unchoke / piece 0 @0 part=100"},
	{"answers", (*Script).answers, "X answers; X answers n=2; X answers bad; X answers bad lie=1; X answers reject; X answers only=0; " +
		"X answers 0 @16384 bad; X answers 0 @0 to=100; X answers 0 @0 from=100"},
	{"closes", (*Script).closes, "X closes"},
	{"resets", (*Script).resets, "X resets"},
	{"takes", (*Script).takes, "X takes nothing; X takes n=100; X takes all"},
	{"refuses", (*Script).refuses, "X refuses; X refuses no"},
	{"waits", (*Script).waits, "X waits; X waits no"},
	{"accepts", (*Script).accepts, "X accepts; X accepts no"},
}
