module peerwire/interop

go 1.26.0

require (
	golang.org/x/sys v0.49.0
	peerwire v0.0.0
)

require github.com/bits-and-blooms/bitset v1.29.0 // indirect

replace peerwire => ../
