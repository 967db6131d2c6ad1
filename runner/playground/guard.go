package playground

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
)

// Bounds of what the server reads, in bytes.
const (
	maxHeader = 16 << 10
	maxBody   = 64 << 10
)

// ServeHTTP answers what this machine's own browsers ask.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("Cache-Control", "no-store")
	if !own(r) {
		// A page whose name was rebound to 127.0.0.1 names its own host.
		http.Error(w, "this page is for this machine's own names only", http.StatusMisdirectedRequest)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// own reports whether a request's Host names this machine and the port that the
// request came in by.
func own(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	if _, listens, err := net.SplitHostPort(local.String()); err != nil || port != listens {
		return false
	}
	host = strings.ToLower(host)
	return host == "127.0.0.1" || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// own lets only the page itself ask.
func (s *Server) own(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Values("Origin")
		site := r.Header.Values("Sec-Fetch-Site")
		switch {
		case len(site) > 0 && (len(site) > 1 || site[0] != "same-origin"),
			len(origin) > 1 || len(origin) == 1 && origin[0] != "http://"+r.Host,
			len(origin) == 0 && r.Method != http.MethodGet:
			http.Error(w, "only the page of this server may ask that", http.StatusForbidden)
			return
		case subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), []byte(s.token)) != 1:
			http.Error(w, "the page is of another run of awslab: load it again", http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// tokenHeader carries the run's token. A page of another origin could send it only
// after a preflight, and this server allows none.
const tokenHeader = "X-Awslab-Token"

// take reads a request's JSON. False means that the request was answered.
func take(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "the body has to be JSON", http.StatusUnsupportedMediaType)
		return false
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.Join(errors.New("there is more than one value"), more)
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the body is not what this server takes", http.StatusBadRequest)
	}
	return err == nil
}

func give(w http.ResponseWriter, status int, answer any) {
	data, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // a browser that went away hears nothing
}
