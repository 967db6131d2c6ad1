package awscli

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"reflect"
	"time"

	"awslab/runner/awsmodel"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// perform makes the call, or the calls, and prints the answer.
func (r *run) perform(ctx context.Context, c *command, p parsed, params *awsmodel.Object) error {
	if err := r.prepare(ctx, c, params); err != nil {
		return err
	}
	if c.page != nil && r.pagesItself(c, params) {
		return r.paginate(ctx, c, p, params)
	}
	answer, err := r.call(ctx, c, params)
	if err != nil {
		return err
	}
	if outfile, ok := p.text("outfile"); ok && c.stream != "" {
		if err := r.saveStream(c, answer, outfile); err != nil {
			return err
		}
	}
	if method, ok := p.text("bootstrap-method"); ok {
		if err := r.saveSecret(p, method, answer); err != nil {
			return err
		}
	}
	return r.print(c.operation.Name, answer)
}

// prepare does what comes before a call: is there a region, are the parameters
// in order, are there credentials.
func (r *run) prepare(ctx context.Context, c *command, params *awsmodel.Object) error {
	if r.cfg.AWS.Region == "" {
		return errNoRegion
	}
	if _, err := decodeBlobs(params, c.input, r.globals.rawBlobs); err != nil {
		return err
	}
	if err := validate(params, c.input); err != nil {
		return err
	}
	return r.needCredentials(ctx, c.operation)
}

// needCredentials asks for them early, so that their lack has its own words.
func (r *run) needCredentials(ctx context.Context, operation *awsmodel.Operation) error {
	switch operation.Name {
	case "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity":
		return nil // not signed
	}
	if r.cfg.AWS.Credentials == nil {
		return errNoCredentials
	}
	if aws.IsCredentialsProvider(r.cfg.AWS.Credentials, aws.AnonymousCredentials{}) {
		return nil
	}
	if _, err := r.cfg.AWS.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errNoCredentials
	}
	return nil
}

// call makes one call and gives the answer as the AWS CLI would print it.
func (r *run) call(ctx context.Context, c *command, params *awsmodel.Object) (*awsmodel.Object, error) {
	timed, cancel := ctx, context.CancelFunc(func() {})
	if r.globals.readTimeout > 0 {
		timed, cancel = context.WithTimeout(ctx, r.globals.readTimeout)
	}
	defer cancel()
	answer, err := r.callRaw(timed, c, params)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if timed.Err() != nil {
			return nil, generalError("Read timeout on endpoint URL: \"%s\"", aws.ToString(r.cfg.AWS.BaseEndpoint))
		}
		return nil, callFailure(c.operation.Name, r.cfg.AWS, err)
	}
	return answer, nil
}

// callRaw is call with the SDK's own errors.
func (r *run) callRaw(ctx context.Context, c *command, params *awsmodel.Object) (*awsmodel.Object, error) {
	input := reflect.New(c.operation.Input)
	cfg, params := emptyLabels(r.cfg.AWS, c.operation, params)
	if err := c.operation.Service.FromTree(wireValues(params, c.input), input.Elem()); err != nil {
		return nil, badParameter("Parameter validation failed:\n%s", err)
	}
	body := []byte(nil)
	listen := c.operation.Service.Protocol != awsmodel.Query && c.stream == ""
	if listen {
		cfg = eavesdrop(cfg, &body)
	}
	output, err := c.operation.Call(ctx, cfg, input.Interface())
	if err != nil {
		return nil, err
	}
	tree, _ := c.operation.Service.ToTree(output).(*awsmodel.Object)
	if tree == nil {
		tree = &awsmodel.Object{}
	}
	if listen {
		sent, err := decodeJSON(string(body))
		if err != nil {
			sent = nil // an empty body
		}
		asSent(tree, c.output, sent)
	}
	ordered, _ := arrange(tree, c.output).(*awsmodel.Object)
	return ordered, nil
}

// wireValues spells blobs and times as awsmodel reads them.
func wireValues(v any, s shape) any {
	switch s.kind {
	case kindBlob:
		if data, ok := v.([]byte); ok {
			return base64.StdEncoding.EncodeToString(data)
		}
	case kindTimestamp:
		if t, ok := parseTimestamp(v); ok {
			return t.Format(time.RFC3339Nano)
		}
	case kindStructure:
		if o, ok := v.(*awsmodel.Object); ok {
			copied := &awsmodel.Object{}
			for _, k := range o.Keys() {
				e, _ := o.Get(k)
				if m, ok := s.member(k); ok {
					e = wireValues(e, m.shape)
				}
				copied.Set(k, e)
			}
			return copied
		}
	case kindList:
		if list, ok := v.([]any); ok {
			copied := make([]any, len(list))
			for i, e := range list {
				copied[i] = wireValues(e, s.element())
			}
			return copied
		}
	case kindMap:
		if o, ok := v.(*awsmodel.Object); ok {
			copied := &awsmodel.Object{}
			for _, k := range o.Keys() {
				e, _ := o.Get(k)
				copied.Set(k, wireValues(e, s.element()))
			}
			return copied
		}
	}
	return v
}

// arrange puts the members of an answer into the order of the API, and decodes
// policy documents.
func arrange(v any, s shape) any {
	switch s.kind {
	case kindStructure:
		o, ok := v.(*awsmodel.Object)
		if !ok {
			return v
		}
		arranged := &awsmodel.Object{}
		for _, m := range s.members() {
			e, ok := o.Get(m.name)
			if !ok {
				continue
			}
			e = arrange(e, m.shape)
			if text, ok := e.(string); ok && m.policy {
				e = decodePolicy(text)
			}
			arranged.Set(m.name, e)
		}
		for _, k := range o.Keys() {
			if _, ok := arranged.Get(k); !ok {
				e, _ := o.Get(k)
				arranged.Set(k, e)
			}
		}
		return arranged
	case kindList:
		if list, ok := v.([]any); ok {
			for i, e := range list {
				list[i] = arrange(e, s.element())
			}
		}
	case kindMap:
		if o, ok := v.(*awsmodel.Object); ok {
			for _, k := range o.Keys() {
				e, _ := o.Get(k)
				o.Set(k, arrange(e, s.element()))
			}
		}
	}
	return v
}

func decodePolicy(text string) any {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	if document, err := decodeJSON(plain); err == nil {
		return document
	}
	return text
}

// saveStream writes the body of an answer to OUTFILE and takes it out of what
// is printed.
func (r *run) saveStream(c *command, answer *awsmodel.Object, outfile string) error {
	body, _ := answer.Get(c.stream)
	text, _ := body.(string)
	answer.Delete(c.stream)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return r.save(outfile, data)
}

// mfaSecrets are the two forms of a virtual MFA device's secret.
var mfaSecrets = []string{"QRCodePNG", "Base32StringSeed"}

// saveSecret writes a virtual MFA device's secret to OUTFILE and takes both of
// its forms out of what is printed (awscli/customizations/iamvirtmfa.py).
func (r *run) saveSecret(p parsed, method string, answer *awsmodel.Object) error {
	device, ok := valueOf(answer, "VirtualMFADevice").(*awsmodel.Object)
	if !ok {
		return nil
	}
	text, ok := valueOf(device, method).(string)
	if !ok {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	for _, secret := range mfaSecrets {
		device.Delete(secret)
	}
	outfile, _ := p.text("outfile")
	return r.save(outfile, data)
}

// save writes data to a file that the user named.
func (r *run) save(outfile string, data []byte) error {
	var err error
	switch outfile {
	case "/dev/stdout":
		_, err = r.cfg.Stdout.Write(data)
		return err
	case "/dev/stderr":
		_, err = r.cfg.Stderr.Write(data)
		return err
	case "/dev/null":
		_, err = io.Discard.Write(data)
		return err
	}
	if r.cfg.WriteFile == nil {
		return errors.New("files cannot be written here")
	}
	if err := r.cfg.WriteFile(outfile, data); err != nil {
		return generalError("%s", pyOSError(err, outfile))
	}
	return nil
}
