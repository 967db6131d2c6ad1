package executeapi

// Verdicts counts the cached ones.
func (h *Handler) Verdicts() int {
	h.verdicts.mu.Lock()
	defer h.verdicts.mu.Unlock()
	return len(h.verdicts.kept)
}
