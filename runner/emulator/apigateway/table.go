package apigateway

import (
	"maps"
	"slices"
)

// table is a map of which a copy costs little however large it is: the copy is
// an assignment, and shares every shard with the original until one of the two
// changes it. An API may have thousands of resources, and is copied at each
// change.
type table[V any] struct {
	shards [256]map[string]V
	size   int
}

// shard spreads keys over the shards (FNV-1a).
func shard(key string) uint8 {
	h := uint32(2166136261)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return uint8(h ^ h>>8 ^ h>>16 ^ h>>24)
}

func (t *table[V]) get(key string) (V, bool) {
	v, ok := t.shards[shard(key)][key]
	return v, ok
}

func (t *table[V]) set(key string, value V) {
	at := shard(key)
	changed := maps.Clone(t.shards[at])
	if changed == nil {
		changed = map[string]V{}
	}
	if _, there := changed[key]; !there {
		t.size++
	}
	changed[key] = value
	t.shards[at] = changed
}

func (t *table[V]) remove(key string) {
	at := shard(key)
	if _, there := t.shards[at][key]; !there {
		return
	}
	changed := maps.Clone(t.shards[at])
	delete(changed, key)
	t.shards[at] = changed
	t.size--
}

// sorted gives the values in an order of theirs.
func (t *table[V]) sorted(compare func(V, V) int) []V {
	all := make([]V, 0, t.size)
	for _, part := range t.shards {
		for _, value := range part {
			all = append(all, value)
		}
	}
	slices.SortFunc(all, compare)
	return all
}
