// Package upstream stands in for hosts outside: the HTTP integrations of APIs get
// from it what the owner of a URL would answer, without a network.
//
// Start at [Open]. Whoever knows what is to be answered says so with [Set.Put]
// (awslab itself does, for a lesson); [Set] is then an [http.RoundTripper] that
// answers for these URLs and passes all other requests on.
//
// Imported: nothing of awslab.
package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Upstream is what is answered for the URLs that begin with a prefix.
type Upstream struct {
	Prefix  string   `json:"prefix"` // "https://petstore.swagger.io/v2/", with a slash at its end
	Answers []Answer `json:"answers"`
}

// Answer is one answer; the first that fits a request is given.
type Answer struct {
	Method string            `json:"method"` // that of GET is one to HEAD, too
	Path   string            `json:"path"`   // behind the prefix, decoded; a segment {name} fits any
	Query  map[string]string `json:"query"`  // the first values that these names must have
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// Set is what is answered, by who asked for it. It is safe for concurrent use.
type Set struct {
	next http.RoundTripper
	file string // empty: kept in memory

	mu     sync.RWMutex
	owners map[string][]Upstream
}

// Open takes up what a folder has of an earlier [Set.Put]; an empty dir keeps it
// in memory only. next carries the requests that nothing here answers.
func Open(dir string, next http.RoundTripper) (*Set, error) {
	s := &Set{next: next, owners: map[string][]Upstream{}}
	if dir == "" {
		return s, nil
	}
	s.file = filepath.Join(dir, "upstreams.json")
	data, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	// What cannot be read is put again by the next who asks for it.
	if json.Unmarshal(data, &s.owners) != nil || s.owners == nil {
		s.owners = map[string][]Upstream{}
	}
	return s, nil
}

// Put says what is answered for an owner, in the place of what he said before. The
// error is a [*PrefixError] or one of the file system; nothing is changed then.
func (s *Set) Put(owner string, list []Upstream) error {
	for _, u := range list {
		if _, err := parsePrefix(u.Prefix); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before, had := s.owners[owner]
	if len(list) == 0 {
		delete(s.owners, owner)
	} else {
		s.owners[owner] = list
	}
	if err := s.save(); err != nil {
		if delete(s.owners, owner); had {
			s.owners[owner] = before
		}
		return err
	}
	return nil
}

// save writes the file in one piece: a crash leaves the old one or the new one.
func (s *Set) save() error {
	if s.file == "" {
		return nil
	}
	data, err := json.Marshal(s.owners)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(s.file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.WriteFile(s.file+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(s.file+".new", s.file)
}

// PrefixError says that a prefix is not the beginning of a URL.
type PrefixError struct{ Prefix string }

func (e *PrefixError) Error() string {
	return fmt.Sprintf("%q is not the beginning of a URL", e.Prefix)
}

func parsePrefix(prefix string) (*url.URL, error) {
	u, err := url.Parse(prefix)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !strings.HasSuffix(u.Path, "/") {
		return nil, &PrefixError{prefix}
	}
	return u, nil
}

// Covers reports whether requests to a URL are answered here.
func (s *Set) Covers(u *url.URL) bool {
	_, _, ok := s.find(u)
	return ok
}

// find gives the upstream with the longest prefix of a URL; of several owners the
// first by name counts.
func (s *Set) find(u *url.URL) (found Upstream, rest string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.owners) == 0 {
		return Upstream{}, "", false
	}
	for _, owner := range slices.Sorted(maps.Keys(s.owners)) {
		for _, candidate := range s.owners[owner] {
			prefix, err := parsePrefix(candidate.Prefix)
			if err != nil || prefix.Scheme != u.Scheme || !strings.EqualFold(host(prefix), host(u)) {
				continue
			}
			if behind, under := strings.CutPrefix(u.Path, prefix.Path); under && len(candidate.Prefix) > len(found.Prefix) {
				found, rest, ok = candidate, behind, true
			}
		}
	}
	return found, rest, ok
}

// host is a URL's host with its port.
func host(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return u.Host + map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
}

// RoundTrip answers a request, or passes it on. A request under a prefix to which
// nothing fits is answered with 404 and words that say whose answer that is.
func (s *Set) RoundTrip(r *http.Request) (*http.Response, error) {
	u, rest, ok := s.find(r.URL)
	if !ok {
		return s.next.RoundTrip(r)
	}
	if r.Body != nil {
		_, err := io.Copy(io.Discard, r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, err
		}
	}
	a := u.answer(r, rest)
	header := http.Header{}
	for name, value := range a.Header {
		header.Set(name, value)
	}
	body := a.Body
	response := &http.Response{
		Status: fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Request: r,
	}
	if r.Method == http.MethodHead {
		body = nil
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

func (u Upstream) answer(r *http.Request, rest string) Answer {
	query := r.URL.Query()
	for _, a := range u.Answers {
		if a.Method != r.Method && (a.Method != http.MethodGet || r.Method != http.MethodHead) || !fits(a.Path, rest) {
			continue
		}
		same := func(name string) bool { return query.Has(name) && query.Get(name) == a.Query[name] }
		if !slices.ContainsFunc(slices.Collect(maps.Keys(a.Query)), func(name string) bool { return !same(name) }) {
			return a
		}
	}
	return Answer{
		Status: http.StatusNotFound, Header: map[string]string{"Content-Type": "text/plain; charset=utf-8"},
		Body: fmt.Appendf(nil, "awslab stands in for %s here, and has no answer to %s /%s\n", u.Prefix, r.Method, rest),
	}
}

// fits compares paths segment by segment.
func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool {
		return w == h || strings.HasPrefix(w, "{") && strings.HasSuffix(w, "}") && h != ""
	})
}

// CloseIdleConnections closes those of the transport behind.
func (s *Set) CloseIdleConnections() {
	if t, ok := s.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
