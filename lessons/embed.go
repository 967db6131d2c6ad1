// Package lessons is the built-in course: course.yaml and one folder a lesson,
// in the format that runner/lesson reads. The Go here only carries the files
// inside the program; see [Files].
package lessons

import "embed"

// Files is the course's folder as it was when the program was built.
//
//go:embed course.yaml lambda http-api canary cors authorizer
var Files embed.FS
