package utp

// Stats counts what a Socket did since its beginning.
type Stats struct {
	Arrived   int64 // datagrams that were uTP
	Malformed int64 // of them, what could not be taken apart
	Ignored   int64 // of them, what belonged to no connection, or could not be true
	Sent      int64 // datagrams
	BytesSent int64 // in them
	Resent    int64 // packets that were sent again
	Timeouts  int64 // times that nothing came back for too long
	Lost      int64 // packets thought lost that cost half the window or belonged to such a loss
}

// Stats tells what the Socket did.
func (s *Socket) Stats() Stats { return s.stats }
