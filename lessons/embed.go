// Package lessons is the built-in course: course.yaml and one folder a lesson,
// in the format that runner/lesson reads. The Go here only carries the files
// inside the program; whoever wants them calls [Files].
package lessons

import (
	"embed"
	"io/fs"
)

//go:embed course.yaml lambda
var files embed.FS

// Files is the course's folder as it was when the program was built.
func Files() fs.FS { return files }
