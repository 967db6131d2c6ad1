package awscli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"awslab/runner/awsmodel"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// eavesdrop keeps the body of the answer as it came. The SDK's types cannot
// tell a number or a boolean that AWS did not send from a zero that it did,
// nor the order of a map's keys; the AWS CLI prints what came.
func eavesdrop(cfg aws.Config, body *[]byte) aws.Config {
	listen := middleware.DeserializeMiddlewareFunc("awslab.Eavesdrop", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		answer, ok := out.RawResponse.(*smithyhttp.Response)
		if err != nil || !ok || answer.Body == nil {
			return out, metadata, err
		}
		data, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // it was read to the end
		if err != nil {
			return out, metadata, err
		}
		*body = data
		answer.Body = io.NopCloser(bytes.NewReader(data))
		return out, metadata, nil
	})
	return with(cfg, func(stack *middleware.Stack) error { return stack.Deserialize.Add(listen, middleware.After) })
}

// absent stands for an empty text in a path: no argument can hold it.
const absent = "\x00"

// emptyLabels lets an empty text into a request's path, where botocore sends it
// and the SDK refuses it: the call gets a mark instead, which is taken out of the
// path before it is signed.
func emptyLabels(cfg aws.Config, operation *awsmodel.Operation, params *awsmodel.Object) (aws.Config, *awsmodel.Object) {
	marked := &awsmodel.Object{}
	found := false
	for _, k := range params.Keys() {
		v, _ := params.Get(k)
		if v == "" && inPath(operation, k) {
			v, found = absent, true
		}
		marked.Set(k, v)
	}
	if !found {
		return cfg, params
	}
	unmark := middleware.BuildMiddlewareFunc("awslab.EmptyLabels", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
		if request, ok := in.Request.(*smithyhttp.Request); ok {
			request.URL.Path = strings.ReplaceAll(request.URL.Path, absent, "")
			request.URL.RawPath = strings.ReplaceAll(request.URL.RawPath, url.PathEscape(absent), "")
		}
		return next.HandleBuild(ctx, in)
	})
	// AWS checks the signature of the path without empty parts (botocore, utils.py).
	var path, rawPath string
	shorten := func(u *url.URL) {
		path, rawPath = u.Path, u.RawPath
		u.Path, u.RawPath = slashes.ReplaceAllString(path, "/"), slashes.ReplaceAllString(rawPath, "/")
	}
	restore := func(u *url.URL) { u.Path, u.RawPath = path, rawPath }
	return with(cfg, func(stack *middleware.Stack) error {
		return errors.Join(
			stack.Build.Add(unmark, middleware.After),
			stack.Finalize.Insert(onURL("awslab.Shorten", shorten), "Signing", middleware.Before),
			stack.Finalize.Insert(onURL("awslab.Restore", restore), "Signing", middleware.After),
		)
	}), marked
}

var slashes = regexp.MustCompile("//+")

func onURL(id string, change func(*url.URL)) middleware.FinalizeMiddleware {
	return middleware.FinalizeMiddlewareFunc(id, func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if request, ok := in.Request.(*smithyhttp.Request); ok {
			change(request.URL)
		}
		return next.HandleFinalize(ctx, in)
	})
}

// inPath reports whether a member of the input stands in the request's path.
func inPath(operation *awsmodel.Operation, member string) bool {
	field, ok := fieldOf(operation.Input, member)
	if !ok {
		return false
	}
	binding, _ := operation.HTTP()
	return slices.Contains(binding.Members, awsmodel.Binding{Field: field.Name, Place: awsmodel.InPath, Name: field.Name})
}

// with is a configuration with one thing more to be done at each call.
func with(cfg aws.Config, option func(*middleware.Stack) error) aws.Config {
	copied := cfg.Copy()
	copied.APIOptions = append(slices.Clone(cfg.APIOptions), option)
	return copied
}

// asSent takes the zeros out of an answer that AWS did not send, and puts the
// keys of maps into the order in which they came.
func asSent(v any, s shape, wire any) any {
	switch s.kind {
	case kindStructure:
		o, ok := v.(*awsmodel.Object)
		if !ok {
			return v
		}
		sent, _ := wire.(*awsmodel.Object)
		if sent == nil {
			sent = &awsmodel.Object{}
		}
		for _, k := range o.Keys() {
			field, ok := fieldOf(s.typ, k)
			if !ok {
				continue
			}
			e, _ := o.Get(k)
			came, has := sent.Get(s.service.WireName(s.typ, field))
			switch {
			case has:
				o.Set(k, asSent(e, newShape(s.service, s.facts, field.Type), came))
			case field.Type.Kind() != reflect.Pointer && isZero(e):
				o.Delete(k)
			}
		}
	case kindList:
		list, ok := v.([]any)
		sent, same := wire.([]any)
		if !ok || !same || len(sent) != len(list) {
			return v
		}
		for i, e := range list {
			list[i] = asSent(e, s.element(), sent[i])
		}
	case kindMap:
		o, ok := v.(*awsmodel.Object)
		sent, same := wire.(*awsmodel.Object)
		if !ok || !same {
			return v
		}
		ordered := &awsmodel.Object{}
		for _, k := range append(sent.Keys(), o.Keys()...) {
			if e, ok := o.Get(k); ok {
				came, _ := sent.Get(k)
				ordered.Set(k, asSent(e, s.element(), came))
			}
		}
		return ordered
	}
	return v
}

func isZero(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case json.Number:
		return v == "0" || v == "0.0"
	}
	return false
}
