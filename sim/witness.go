package sim

// Witness is told what a node says, and to whom. It changes nothing, and plans nothing: a world with a witness is the same world without.
type Witness interface {
	// Says is told of the control bytes that the node writes to a connection at once: whole messages, or a handshake and perhaps messages
	// behind it. So many bytes of a block follow; then the last message is the head of that. It must not keep the bytes.
	Says(conn uint64, to Host, control []byte, block int)
	// Parts is told that the node has done with a connection; perhaps more than once.
	Parts(conn uint64)
}

// part tells the node's witness that the node has done with a connection.
func (s *socket) part() {
	if w := s.node.witness; w != nil && s.end != nil {
		w.Parts(s.end.opened)
	}
}
