package runner

// Subscribe has every event from now on told to f, in order, from the
// goroutine that caused it: f must not block for long nor call the session's
// long methods.
func (s *Session) Subscribe(f func(Event)) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID
	s.nextID++
	s.subscribers[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subscribers, id)
	}
}

func (s *Session) emit(e Event) {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	if s.held != nil {
		if _, ok := e.(CheckProgress); ok { // it is over when it would be told
			return
		}
		*s.held = append(*s.held, e)
		return
	}
	s.mu.Lock()
	listeners := make([]func(Event), 0, len(s.subscribers))
	for id := range s.nextID {
		if f, ok := s.subscribers[id]; ok {
			listeners = append(listeners, f)
		}
	}
	s.mu.Unlock()
	for _, f := range listeners {
		f(e)
	}
}

// hold keeps events back until release.
func (s *Session) hold(into *[]Event) (release func()) {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	s.held = into
	return func() {
		s.emitting.Lock()
		defer s.emitting.Unlock()
		s.held = nil
	}
}
