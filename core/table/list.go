package table

// Spacious is a list with room for one more. It grows by a quarter, where append doubles: for lists of which every session has some, and that stay.
func Spacious[T any](list []T) []T {
	n := len(list)
	if n < cap(list) {
		return list
	}
	return append(make([]T, 0, n+max(n/4, 8)), list...)
}
