// Package interop holds the tests of btclient against other people's clients:
// libtorrent, Transmission and aria2, and opentracker between them.
//
// It is a module of its own, so that nobody who embeds the core compiles any
// of it. The tests import nothing from peerwire: the clients meet only over
// sockets, files and command lines, which is how users meet them too. Beside
// them, the relay keeps a line as the simulator does, and the stream program
// runs a uTP engine without a client around it.
//
// The tests need Linux, root (they make namespaces, in which every client has
// an address of its own), and the programs that .ci/run installs. They fail, and do not skip, where one is missing.
package interop
