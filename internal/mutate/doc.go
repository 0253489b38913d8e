// Command mutate asks how much the tests would notice: it changes the program in one place at a time, runs the tests of behaviour, and
// lists the changes that none of them caught. It takes an hour or so, so it is no part of .ci/run. Run it at the top of the
// repository; docs/mutation.md has its figures and argues about the survivors.
//
//	go run ./internal/mutate                  everything
//	go run ./internal/mutate -only tables     one group; more with commas: tables, choke, trust, pick
//	go run ./internal/mutate -list            only list the mutants
//
// What is mutated:
//
//   - tables: each row of each machine's table, each rule and each need between machines: removed, leading elsewhere, narrower,
//     wider. They are changed in memory, when the test binary starts.
//   - choke, trust, pick: each comparison, each condition, each && and || and !, each criterion of an order, each min and max,
//     each case of a switch. An expression is built together with all its mutants and looks in a variable which is active.
//
// Both come into the program through go build -overlay: the code that ships has no hook. So each test binary is built once, and told
// in the environment which mutant it is to be.
//
// Left out are self-checks (check.go, conditions whose only consequence is a panic), and String. Tests that hold the tables against
// themselves do not count, and are not run: the goldens of the tables, the diagrams, and the enumeration with its second reader.
//
// A mutant is caught when a test fails, crashes, or takes far longer than it should. Random tests start from one seed, so that the
// same mutants are caught on every run. Results go to a file as they come; after an interruption the same command goes on. The exit
// code is 0 when 95 % of each group were caught, 1 when not, 2 when the check itself failed.
package main
