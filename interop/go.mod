module peerwire/interop

go 1.26
