package awsproto

import (
	mathrand "math/rand/v2"
	"reflect"
	"time"
)

// NewID draws an identifier of small letters and digits that is not taken.
func NewID(r *mathrand.Rand, length int, taken func(string) bool) *string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	for {
		drawn := make([]byte, length)
		for i := range drawn {
			drawn[i] = letters[r.IntN(len(letters))]
		}
		if id := string(drawn); !taken(id) {
			return &id
		}
	}
}

// KeyOf reports the keys of a map, as NewID wants to know them.
func KeyOf[V any](m map[string]V) func(string) bool {
	return func(key string) bool { _, ok := m[key]; return ok }
}

// Seconds is a time as answers have it that know no fractions.
func Seconds(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}

// As gives an O with the members that a value has too, by name and type: the
// output of an operation has those of a type of the SDK's beside others.
func As[O any](value any) *O {
	var out O
	from, to := reflect.Indirect(reflect.ValueOf(value)), reflect.ValueOf(&out).Elem()
	for i := range to.NumField() {
		field := to.Type().Field(i)
		if source := from.FieldByName(field.Name); field.IsExported() && source.IsValid() && source.Type() == field.Type {
			to.Field(i).Set(source)
		}
	}
	return &out
}
