// Package sheet reads inventories from the files that people keep them in, and
// writes them back: CSV as Excel and LibreOffice save it, and YAML with the
// areas and cameras of the configuration.
//
// Read compares a file with what there is and says for every row what would
// happen; nothing happens before Preview.Apply. An import adds and changes; it
// never removes. What a file does not speak of stays: a column or key that is
// not there leaves that field of a known camera alone, an empty cell empties it.
//
// A row is about the camera with its id. Where it gives none, it is about the
// camera with its main address, else about the one with its area and name, else
// about a new one, whose id is made from the name. An id that nobody has is a
// new camera's, for an id is part of links and never changes.
//
// The package has no clock and touches nothing but the reader and the writer it
// is given.
package sheet

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"matthan/gateway"
)

// Bounds of a file.
const (
	MaxBytes    = 32 << 20
	MaxYAML     = 8 << 20 // of a YAML file: about 25,000 cameras, which take some hundred MiB to read
	MaxColumns  = 200
	MaxCell     = 4 << 10 // bytes
	MaxProblems = 1000    // that one reading reports

	maxRows = gateway.MaxCameras
)

// Format is the form of a file.
type Format string

const (
	CSV  Format = "csv"
	YAML Format = "yaml"
)

// FormatOf finds a file's form by the end of its name; "" for one that is neither.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return CSV
	case ".yaml", ".yml":
		return YAML
	}
	return ""
}

// State is an inventory that gateway.NewList takes.
type State struct {
	Areas   []gateway.Area
	Cameras []gateway.Camera
}

// Options of Read.
type Options struct {
	IgnoreUnknownColumns bool // of CSV: report them as warnings, not as problems

	// Lent says of a camera, under the id that it has or is to have, whether a
	// citizen's of another id is, or was, at its addresses: it is refused. nil: none is.
	Lent func(gateway.Camera) bool
}

// Read reads a file of areas and cameras and compares it with now. The name
// says the form. The error is of type Problems where the file cannot be taken
// apart into rows, else the reader's own; all else that is wrong stands in the
// preview. Neither ever holds a password, nor any text of a file in which
// one may stand.
func Read(name string, r io.Reader, now State, o Options) (*Preview, error) {
	format := FormatOf(name)
	if format == "" {
		return nil, Problems{{Code: FileFormat}}
	}
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the sheet: %w", err)
	}
	if len(b) > MaxBytes {
		return nil, Problems{{Code: FileLarge, Params: []string{"32"}}}
	}
	text, problem := decode(b)
	if problem != nil {
		return nil, Problems{*problem}
	}
	in := &reader{options: o, left: MaxProblems}
	if format == YAML {
		in.readYAML(text)
	} else {
		in.readCSV(text)
	}
	if in.fatal {
		return nil, Problems(in.problems)
	}
	return plan(format, in, now), nil
}

// reader collects what a file says.
type reader struct {
	options  Options
	areas    []*areaRow
	cameras  []*row
	problems []Message // of the file as a whole
	warnings []Message
	fatal    bool // the file cannot be taken apart
	left     int  // problems that may still be noted
	more     int  // problems that were not
}

// note says whether one more problem may be noted, and counts it.
func (in *reader) note() bool {
	if in.left == 0 {
		in.more++
		return false
	}
	in.left--
	return true
}

// fail notes a problem of the file as a whole.
func (in *reader) fail(m Message) {
	if in.note() {
		in.problems = append(in.problems, m)
	}
}

// end notes what makes the file unreadable.
func (in *reader) end(m Message) {
	in.fatal = true
	in.problems = append(in.problems, m)
}

// warn keeps few: they are one a column, or one a file.
func (in *reader) warn(m Message) {
	if len(in.warnings) < MaxColumns {
		in.warnings = append(in.warnings, m)
	}
}
