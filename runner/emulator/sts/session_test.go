package sts

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// A key's id tells its account; of Tal Be'ery's note is the first.
func TestAccountOfAKey(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, account := range []string{"123456789012", "000000000001", "999999999999"} {
		for range 100 {
			id := "ASIA" + accountIn(account, random)
			if got, ok := accountOf(id); got != account || !ok || len(id) != 20 {
				t.Errorf("%s is of %s, %v; it was made for %s", id, got, ok, account)
			}
		}
	}
	if got, ok := accountOf("ASIAQNZGKIQY56JQ7WML"); got != "029608264753" || !ok {
		t.Errorf("the known key is of %s, %v", got, ok)
	}
	if account, ok := accountOf("AKIAIOSFODNN7EXAMPLE"); ok {
		t.Errorf("a key of old has the account %s", account)
	}
}

func FuzzAccessKeyID(f *testing.F) {
	f.Add("ASIAQNZGKIQY56JQ7WML")
	f.Fuzz(func(t *testing.T, id string) {
		if account, ok := accountOf(id); ok && (len(account) != 12 || strings.Trim(account, "0123456789") != "") {
			t.Errorf("%q is of %q", id, account)
		}
	})
}
