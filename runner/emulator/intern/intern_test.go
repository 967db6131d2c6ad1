package intern_test

import (
	"slices"
	"testing"

	"awslab/runner/emulator/intern"
)

func TestEachValueStandsOnce(t *testing.T) {
	t.Parallel()
	a, b, twin := new(string), new(string), new(string) // equal texts, three values
	var l intern.List[string]
	places := l.Places([]*string{a, b, a})
	if !slices.Equal(places, []int{0, 1, 0}) || l.Place(b) != 1 || l.Place(twin) != 2 || len(l.Values) != 3 {
		t.Errorf("%v, then %d values", places, len(l.Values))
	}
	if got := intern.At(l.Values, []int{2, 0, 2}); !slices.Equal(got, []*string{twin, a, twin}) {
		t.Errorf("the values at places: %v", got)
	}
}
