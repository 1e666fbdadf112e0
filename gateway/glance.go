package gateway

// Pulled is a stream where it is pulled now, nil where it is not, and for the own
// stream of a camera with masks. It starts nothing.
func (h *Hub) Pulled(id StreamID) *Stream { return h.pulled(id, false) }

func (h *Hub) pulled(id StreamID, behind bool) *Stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.pulls[id]
	if _, err := h.openable(id, behind); err != nil || p == nil || p.cancelled() || p.behind && !behind {
		return nil
	}
	return p.stream
}

// Glance is Open for who needs one picture only: the pull does not linger for
// them, and lingers for a viewer who left before as long as it would have.
func (h *Hub) Glance(id StreamID) (s *Stream, release func(), err error) {
	return h.open(id, rankGlance, 0, false)
}
