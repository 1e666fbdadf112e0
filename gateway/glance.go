package gateway

// Pulled is a stream where it is pulled now, nil where it is not. It starts
// nothing.
func (h *Hub) Pulled(id StreamID) *Stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.pulls[id]
	if p == nil || p.cancelled() {
		return nil
	}
	return p.stream
}

// Glance is Open for who needs one picture only: the pull does not linger for
// them, and lingers for a viewer who left before as long as it would have.
func (h *Hub) Glance(id StreamID) (s *Stream, release func(), err error) {
	return h.open(id, rankGlance, 0)
}
