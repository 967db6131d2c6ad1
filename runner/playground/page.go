package playground

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"awslab/runner/text"
)

// The page as it is sent, and what belongs to it. Nothing comes from elsewhere.
//
//go:embed page
var files embed.FS

var pages = template.Must(template.ParseFS(files, "page/*.html"))

// pageData is what the page's template takes.
type pageData struct {
	Language string
	Lesson   string
	Origin   string
	Say      text.Playground
	// Data is what the scripts take; they put it in as text.
	Data scriptData
}

type scriptData struct {
	Token    string `json:"token"`
	Origin   string `json:"origin"`
	Patience int    `json:"patience"` // seconds
	// Reach are the sources of connect-src, so that the page knows when a new API
	// makes it load again.
	Reach []string        `json:"reach"`
	Say   text.Playground `json:"say"`
}

// page is the page of this server, in the lesson's language.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	origin, reach := "http://"+strings.ToLower(r.Host), s.reach(r)
	w.Header().Set("Content-Security-Policy", policy(
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "frame-src 'self'",
		"connect-src "+strings.Join(append([]string{"'self'"}, reach...), " "),
		"frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	))
	w.Header().Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	data := pageData{
		Language: s.cfg.Text.Language, Lesson: s.cfg.Lesson, Origin: origin, Say: s.cfg.Text.Playground,
		Data: scriptData{Token: s.token, Origin: origin, Patience: patience, Reach: reach, Say: s.cfg.Text.Playground},
	}
	_ = pages.ExecuteTemplate(w, "page.html", data) // a browser that went away sees nothing
}

// frame is the sandboxed frame, whose origin is null, however it is opened.
func (s *Server) frame(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy(
		"default-src 'none'", "script-src "+hash("page/fetch.js")+" "+hash("page/frame.js"), "connect-src "+strings.Join(s.reach(r), " "),
		"frame-ancestors 'self'", "form-action 'none'", "base-uri 'none'", "sandbox allow-scripts",
	))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pages.ExecuteTemplate(w, "frame.html", struct {
		Language     string
		Fetch, Frame template.JS
	}{s.cfg.Text.Language, template.JS(read("page/fetch.js")), template.JS(read("page/frame.js"))})
}

// file is a script, a style or a picture of the page's.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	kind := ""
	switch path.Ext(name) {
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".css":
		kind = "text/css; charset=utf-8"
	case ".svg":
		kind = "image/svg+xml"
	default:
		http.NotFound(w, r)
		return
	}
	data, err := files.ReadFile("page/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data)
}

func policy(directives ...string) string { return strings.Join(directives, "; ") }

// read gives an embedded file.
func read(name string) string {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is in the binary
	}
	return string(data)
}

// hash is the CSP source of an inline script that is an embedded file: a frame of
// origin null may load none.
func hash(name string) string {
	sum := sha256.Sum256([]byte(read(name)))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// reach are the origins that the browser may ask from the page.
func (s *Server) reach(r *http.Request) []string {
	if s.cfg.Emulator != "" {
		u, err := url.Parse(s.cfg.Emulator)
		if err != nil {
			return []string{"'none'"}
		}
		port := ":" + u.Port()
		return []string{"http://*.execute-api.localhost" + port, "http://localhost" + port, "http://127.0.0.1" + port}
	}
	apis, err := s.list(r.Context(), false)
	if err != nil {
		return []string{}
	}
	reach := []string{}
	for _, api := range apis {
		if u, err := url.Parse(api.Base); err == nil && u.Host != "" && !known(origin(u), reach...) {
			reach = append(reach, origin(u))
		}
	}
	return reach
}

// entry is an API as the page lists it.
type entry struct {
	ID      string `json:"id"`
	Missing string `json:"missing"`
	URL     string `json:"url"`
	Stage   string `json:"stage"`
	Path    string `json:"path"`
	Cases   []Case `json:"cases"`
}

// apis are the lesson's APIs; with ?after=VERSION they are told when the cloud is
// not any more as it was then, or nothing is told after a while.
func (s *Server) apis(w http.ResponseWriter, r *http.Request) {
	if after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64); err == nil && !s.wait(r, after) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	version, _ := s.cfg.Source.Version()
	apis, err := s.list(r.Context(), true)
	if err != nil {
		give(w, http.StatusServiceUnavailable, map[string]string{"refused": s.cfg.Text.Why(err)})
		return
	}
	list := []entry{}
	for _, api := range apis {
		cases := api.Cases
		if cases == nil {
			cases = []Case{}
		}
		list = append(list, entry{api.ID, api.Missing, api.URL, api.Stage, api.Path, cases})
	}
	give(w, http.StatusOK, map[string]any{"apis": list, "reach": s.reach(r), "version": version})
}

// wait reports that the cloud is of another version; false: not for a while, or
// nobody waits any more.
func (s *Server) wait(r *http.Request, after uint64) bool {
	timer := time.NewTimer(pollTime)
	defer timer.Stop()
	version, changed := s.cfg.Source.Version()
	if version != after {
		return true
	}
	select {
	case <-changed:
		return true
	case <-timer.C:
	case <-r.Context().Done():
	}
	return false
}

// pollTime is how long the page is let wait for a change.
const pollTime = 25 * time.Second

// list gives the lesson's APIs, as they were last asked for or as they are now.
func (s *Server) list(ctx context.Context, now bool) ([]API, error) {
	s.listing.Lock()
	defer s.listing.Unlock()
	if s.listed && !now {
		return s.known, nil
	}
	apis, err := s.cfg.Source.APIs(ctx)
	if err == nil {
		s.listed, s.known = true, apis
	}
	return apis, err
}
