package cors

import (
	"sync"
	"time"
)

// The longest time that a browser keeps a preflight, whatever max-age says
// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age).
const (
	MaxAgeChromium = 2 * time.Hour
	MaxAgeFirefox  = 24 * time.Hour
	// MaxAgeDefault is the standard's, where a server says nothing.
	MaxAgeDefault = 5 * time.Second
)

// maxEntries bounds a cache; the standard lets a browser drop entries before
// their time.
const maxEntries = 4096

// Cache is the CORS-preflight cache
// (https://fetch.spec.whatwg.org/#concept-cache), for one page: the standard parts
// caches by the site of the tab, which a request here does not name. It is safe
// for concurrent use.
type Cache struct {
	now   func() time.Time
	limit time.Duration

	mu      sync.Mutex
	entries []entry
}

// NewCache is an empty cache; limit is the browser's own bound on max-age, and 0 is none.
func NewCache(now func() time.Time, limit time.Duration) *Cache {
	return &Cache{now: now, limit: limit}
}

// entry is a cache entry: of a method, or of a header name if method is "".
type entry struct {
	origin, url string
	credentials bool
	expires     time.Time
	method      string
	header      string
}
