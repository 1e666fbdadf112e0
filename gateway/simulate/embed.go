package simulate

import (
	"embed"
	"io/fs"
)

// clipFiles is a variable of the package because go:embed asks for one; nothing
// changes it.
//
//go:embed clips/clips.json clips/*.h264
var clipFiles embed.FS

// embedded holds the clips that "make clips" drew.
func embedded() (fs.FS, error) { return fs.Sub(clipFiles, "clips") }
