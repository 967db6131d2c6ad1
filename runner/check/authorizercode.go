package check

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// maxCode bounds what is read of a function's code: of the zip file, and of what is
// in it, in bytes.
const (
	maxCode     = 4 << 20
	maxUnpacked = 32 << 20
	maxZips     = 64
)

// functionCode is what a function's zip file holds.
type functionCode struct{ files [][]byte }

func (c *functionCode) contains(text string) bool {
	for _, file := range c.files {
		if bytes.Contains(file, []byte(text)) {
			return true
		}
	}
	return false
}

// code reads the function's code: a zip file of the workspace that is just what was
// uploaded, or what AWS gives. It is nil where it cannot be read.
func (w *authorizerWhy) code(ctx context.Context) (*functionCode, verdict) {
	sum := aws.ToString(w.links.config.CodeSha256)
	if data := w.uploaded(sum); data != nil {
		return unpacked(data), verdict{}
	}
	op, _ := operation("lambda.GetFunction")
	input := map[string]any{"FunctionName": w.links.target.name}
	if w.links.target.qualifier != "" {
		input["Qualifier"] = w.links.target.qualifier
	}
	out, err := w.p.ask(ctx, op, input)
	if err != nil {
		if v, ok := undecidable(err); ok {
			return nil, v
		}
		return nil, verdict{}
	}
	code := out.(*lambda.GetFunctionOutput).Code
	if code == nil || aws.ToString(code.Location) == "" {
		return nil, verdict{}
	}
	// The address works as a key, and is no evidence.
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, *code.Location, http.NoBody)
	if err != nil {
		return nil, verdict{}
	}
	response, err := w.p.client().Do(request)
	if err != nil {
		return nil, verdict{}
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxCode+1))
	_ = response.Body.Close() // it was read as far as it counts
	if err != nil || len(data) > maxCode || digest(data) != sum {
		return nil, verdict{}
	}
	return unpacked(data), verdict{}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// uploaded finds the zip file of the workspace that has a digest.
func (w *authorizerWhy) uploaded(sum string) []byte {
	if w.p.Workspace == nil {
		return nil
	}
	files := w.p.Workspace.FS()
	var found []byte
	tried := 0
	_ = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error { // what cannot be read is not it
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(path, ".zip") {
			if tried++; tried > maxZips {
				return fs.SkipAll
			}
			if data := small(files, path); data != nil && digest(data) == sum {
				found = data
				return fs.SkipAll
			}
		}
		return nil
	})
	return found
}

// small reads a file, nil where it is too large or cannot be read.
func small(files fs.FS, path string) []byte {
	file, err := files.Open(path)
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(file, maxCode+1))
	_ = file.Close() // it was read
	if err != nil || len(data) > maxCode {
		return nil
	}
	return data
}

// unpacked reads a zip file; nil where it is none, or holds too much.
func unpacked(data []byte) *functionCode {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	code, left := &functionCode{}, int64(maxUnpacked)
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			return nil
		}
		content, err := io.ReadAll(io.LimitReader(r, left+1))
		_ = r.Close() // it was read
		if left -= int64(len(content)); err != nil || left < 0 {
			return nil
		}
		code.files = append(code.files, content)
	}
	return code
}
