package executeapi

// Verdicts counts the cached ones of a stage.
func (h *Handler) Verdicts(api, stage string) int {
	v := &h.stage(api, stage).verdicts
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.kept)
}
