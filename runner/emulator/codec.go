package emulator

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// largeMember is from how many bytes on a blob in an input is kept in a file of
// its own beside the journal.
const largeMember = 4 << 10

type blobs interface {
	Put(data []byte) (sum string, err error)
	Get(sum string) ([]byte, error)
}

// marshalInput writes an input for the journal; large members become blobs,
// named by their path in the input.
func marshalInput(input any, store blobs) (json.RawMessage, map[string]string, error) {
	refs := map[string]string{}
	var restore []func()
	defer func() {
		for _, back := range restore {
			back()
		}
	}()
	err := eachBytes(reflect.ValueOf(input), "", func(path string, v reflect.Value) error {
		if v.Len() <= largeMember {
			return nil
		}
		data := v.Bytes()
		sum, err := store.Put(data)
		if err != nil {
			return err
		}
		refs[path] = sum
		v.SetBytes(nil)
		restore = append(restore, func() { v.SetBytes(data) })
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if len(refs) == 0 {
		refs = nil
	}
	data, err := json.Marshal(input)
	return data, refs, err
}

// asRecorded gives the input that a replay will read: what a call is carried out
// with, so that nothing that JSON cannot tell (bytes that are no UTF-8, say)
// makes the call and its replay differ.
func asRecorded(data json.RawMessage, refs map[string]string, input any) (any, error) {
	large := held{}
	err := eachBytes(reflect.ValueOf(input), "", func(path string, v reflect.Value) error {
		if sum, ok := refs[path]; ok {
			large[sum] = v.Bytes()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	again := reflect.New(reflect.TypeOf(input).Elem()).Interface()
	return again, unmarshalInput(data, refs, again, large)
}

// held are blobs at hand.
type held map[string][]byte

// Get gives one.
func (h held) Get(sum string) ([]byte, error) { return h[sum], nil }

// unmarshalInput reads what marshalInput wrote into a pointer to an input.
func unmarshalInput(data json.RawMessage, refs map[string]string, into any, store interface {
	Get(sum string) ([]byte, error)
},
) error {
	if err := json.Unmarshal(data, into); err != nil {
		return err
	}
	found := 0
	err := eachBytes(reflect.ValueOf(into), "", func(path string, v reflect.Value) error {
		sum, ok := refs[path]
		if !ok {
			return nil
		}
		found++
		content, err := store.Get(sum)
		if err != nil {
			return err
		}
		v.SetBytes(content)
		return nil
	})
	if err == nil && found != len(refs) {
		err = fmt.Errorf("the input has no place for %d of its blobs", len(refs)-found)
	}
	return err
}

// eachBytes visits every []byte of a value: in structs, behind pointers.
func eachBytes(v reflect.Value, path string, visit func(path string, v reflect.Value) error) error {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return eachBytes(v.Elem(), path, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "ResultMetadata" {
				if err := eachBytes(v.Field(i), path+"/"+field.Name, visit); err != nil {
					return err
				}
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.CanSet() {
			return visit(path, v)
		}
	}
	return nil
}
