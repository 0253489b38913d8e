// Command bugs asks how much a campaign would notice: it builds btsim with one bug in the core at a time, of the kinds that real clients have
// had, lets it run random scenarios until one fails, and tells which checker caught the bug, after how many runs, and how small the scenario
// became. It takes some minutes, so it is no part of .ci/run. Run it at the top of the repository:
//
//	go run ./internal/bugs                     all, and the table goes to docs/bugs.md
//	go run ./internal/bugs -only half-open-leak -out -
//	go run ./internal/bugs -again              what is kept of them in sim/kept/testdata fails still
//
// What the campaign has kept, a scenario and mostly a transcript, is played again with the bug and without, by the test of sim/kept; -keep copies what
// fails only with it to where every go test plays it.
//
// The bugs are in bugs.txt. Each comes into the program through go build -overlay: the code that ships has no hook. The exit code is 0 when
// all were caught, 1 when not, 2 when it could not be done.
package main
