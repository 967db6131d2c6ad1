package cors

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long a browser keeps a preflight's answer. Whatever max-age says, Chromium
// keeps it no longer than two hours and Firefox than a day
// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age).
const (
	MaxAgeDefault  = 5 * time.Second // the standard's, where a server says nothing
	MaxAgeChromium = 2 * time.Hour
	MaxAgeFirefox  = 24 * time.Hour
)

// maxEntries bounds a cache; the standard lets a browser drop entries at any time.
const maxEntries = 4096

// Cache is the CORS-preflight cache (https://fetch.spec.whatwg.org/#concept-cache)
// of one tab: the standard also parts caches by the site of the tab, which a
// request here does not name. It is safe for concurrent use.
type Cache struct {
	now   func() time.Time
	limit time.Duration
	// keeps says that a blocked answer clears nothing.
	keeps bool

	mu      sync.Mutex
	entries map[entry]time.Time // when each ends
}

// NewChromiumCache is an empty cache with Chromium's habits, which awslab's matrix of
// browser tests has seen: at most [MaxAgeChromium], and unlike the standard's it
// keeps a preflight's answer although the request itself was blocked.
func NewChromiumCache(now func() time.Time) *Cache {
	c := NewCache(now, MaxAgeChromium)
	c.keeps = true
	return c
}

// entry is of a method, or of a header's name in small letters; either may be *.
type entry struct {
	origin, url    string
	credentials    bool
	method, header string
}

// NewCache is an empty cache; limit is the browser's own bound on max-age, and 0 is none.
func NewCache(now func() time.Time, limit time.Duration) *Cache {
	return &Cache{now: now, limit: limit, entries: map[entry]time.Time{}}
}

// maxAge is how long an answer may be kept
// (https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, steps 7.8 to 7.10).
func (c *Cache) maxAge(headers http.Header) time.Duration {
	age := MaxAgeDefault
	if values := headers.Values("Access-Control-Max-Age"); len(values) == 1 {
		value := strings.Trim(values[0], "\t ")
		if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || value != "" && strings.Trim(value, "0123456789") == "" {
			age = time.Duration(min(seconds, math.MaxInt64/uint64(time.Second))) * time.Second
		}
	}
	if c != nil && c.limit > 0 {
		age = min(age, c.limit)
	}
	return age
}

// matches are the keys of the entries that match a method or a header's name
// (https://fetch.spec.whatwg.org/#concept-cache-match).
func matches(of entry) []entry {
	keys := []entry{of}
	switch {
	case of.method != "" && of.method != "*":
		wild := of
		wild.method = "*"
		keys = append(keys, wild)
	case of.header != "" && of.header != "*" && !nonWildcard(of.header):
		wild := of
		wild.header = "*"
		keys = append(keys, wild)
	}
	if !of.credentials {
		for _, key := range keys {
			key.credentials = true
			keys = append(keys, key)
		}
	}
	return keys
}

func (c *Cache) match(of entry) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for _, key := range matches(of) {
		if ends, ok := c.entries[key]; ok && now.Before(ends) {
			return true
		}
	}
	return false
}

// store keeps a preflight's answer: entries that match are given the new age, which
// counts from now, and what has none is added.
func (c *Cache) store(of entry, age time.Duration, methods, headers []string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for key, ends := range c.entries {
		if !now.Before(ends) {
			delete(c.entries, key)
		}
	}
	ends := now.Add(age)
	for _, method := range methods[:min(len(methods), maxEntries)] {
		of.method = method
		c.put(of, ends)
	}
	of.method = ""
	for _, header := range headers[:min(len(headers), maxEntries)] {
		of.header = lower(header)
		c.put(of, ends)
	}
}

func (c *Cache) put(of entry, ends time.Time) {
	found := false
	for _, key := range matches(of) {
		if _, ok := c.entries[key]; ok {
			c.entries[key], found = ends, true
		}
	}
	if !found && len(c.entries) < maxEntries {
		c.entries[of] = ends
	}
}

// clear forgets what was kept for an origin and a URL
// (https://fetch.spec.whatwg.org/#concept-cache-clear).
func (c *Cache) clear(origin, url string) {
	if c == nil || c.keeps {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.entries {
		if key.origin == origin && key.url == url {
			delete(c.entries, key)
		}
	}
}
