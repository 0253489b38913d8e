package trace

import "bytes"

// Same tells whether two records, of two traces, say the same. Where they stand there does not matter.
func Same(a, b *Record) bool {
	return a.Kind == b.Kind && a.Session == b.Session && a.Now == b.Now && a.LeftOut == b.LeftOut &&
		bytes.Equal(a.Event.Data, b.Event.Data) && bytes.Equal(canonical(a), canonical(b))
}
