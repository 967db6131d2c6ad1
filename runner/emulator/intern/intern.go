// Package intern stores values that are shared once each. A service whose values
// are never changed but replaced (apigateway, apigatewayv2) has the same ones in
// many deployments: a snapshot holds a list of them, and places in it.
//
// Imported: nothing of awslab.
package intern

// List is the values met so far, in that order; two pointers are one value only
// if they are equal. Its zero value is empty.
type List[T any] struct {
	Values []*T

	places map[*T]int
}

// Place is where a value stands; one that is new is put at the end.
func (l *List[T]) Place(value *T) int {
	if at, ok := l.places[value]; ok {
		return at
	}
	if l.places == nil {
		l.places = map[*T]int{}
	}
	l.places[value] = len(l.Values)
	l.Values = append(l.Values, value)
	return len(l.Values) - 1
}

// Places is Place for each of several values.
func (l *List[T]) Places(values []*T) []int {
	places := make([]int, len(values))
	for i, value := range values {
		places[i] = l.Place(value)
	}
	return places
}

// At gives the values that stand at places of a list.
func At[T any](list []*T, places []int) []*T {
	values := make([]*T, len(places))
	for i, at := range places {
		values[i] = list[at]
	}
	return values
}
