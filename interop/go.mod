module peerwire/interop

go 1.26.0

require (
	github.com/anacrolix/utp v0.2.0
	golang.org/x/sys v0.49.0
	peerwire v0.0.0
)

require (
	github.com/anacrolix/missinggo v1.3.0 // indirect
	github.com/anacrolix/missinggo/perf v1.0.0 // indirect
	github.com/anacrolix/missinggo/v2 v2.5.1 // indirect
	github.com/anacrolix/sync v0.4.0 // indirect
	github.com/bits-and-blooms/bitset v1.29.0 // indirect
	github.com/huandu/xstrings v1.3.1 // indirect
	github.com/looplab/fsm v1.0.3 // indirect
)

replace peerwire => ../
