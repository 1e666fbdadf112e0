package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxProblems is how many things to correct are told at once.
const maxProblems = 50

// reader takes a YAML document apart and collects what is wrong with it. It
// never quotes a value, which may be a secret in the wrong place, except where
// said.
type reader struct {
	file, dir string
	problems  []string
	warnings  []string
}

// fields says what to do with the value of each key of a mapping.
type fields map[string]func(*yaml.Node)

func (r *reader) failAt(line int, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, r.at(line, format, args...))
	}
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) { r.failAt(n.Line, format, args...) }

func (r *reader) warnAt(line int, format string, args ...any) {
	if len(r.warnings) < maxProblems {
		r.warnings = append(r.warnings, r.at(line, format, args...))
	}
}

func (r *reader) at(line int, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", r.file, line, fmt.Sprintf(format, args...))
}

func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b string) int { return lineOf(a) - lineOf(b) })
	return errors.New(strings.Join(r.problems, "\n"))
}

var lineNumber = regexp.MustCompile(`:(\d+): `)

func lineOf(problem string) int {
	if m := lineNumber.FindStringSubmatch(problem); m != nil {
		n, err := strconv.Atoi(m[1])
		if err == nil {
			return n
		}
	}
	return 0
}

var (
	yamlLine   = regexp.MustCompile(`^yaml: line (\d+): (.*)`)
	yamlQuotes = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// syntax tells of text that is no YAML, without what the library quotes of it.
func (r *reader) syntax(err error) {
	line, text := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		text = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	text, _, _ = strings.Cut(yamlQuotes.ReplaceAllString(text, "…"), "\n")
	r.failAt(line, "this is not YAML: %s", text)
}

// resolve follows an alias; the YAML library has refused loops.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!null":
		return "empty"
	case "!!bool":
		return "yes or no"
	case "!!int", "!!float":
		return "a number"
	}
	return "text"
}

// object reads a mapping. Nothing at all is an empty one.
func (r *reader) object(n *yaml.Node, what string, known fields) {
	n = resolve(n)
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s must be keys and values, not %s", what, shape(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		do, ok := known[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !ok:
			r.fail(key, "unknown key %q%s", shorten(key.Value), suggest(key.Value, known))
		case seen[key.Value]:
			r.fail(key, "%s is there twice: remove one", key.Value)
		default:
			seen[key.Value] = true
			do(value)
		}
	}
}

// list reads at most most items. Nothing at all is an empty list.
func (r *reader) list(what string, most int, each func(int, *yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		n = resolve(n)
		switch {
		case isNull(n):
		case n.Kind != yaml.SequenceNode:
			r.fail(n, "%s must be a list, not %s", what, shape(n))
		case len(n.Content) > most:
			r.fail(n, "%s has %d entries: at most %d", what, len(n.Content), most)
		default:
			for i, item := range n.Content {
				each(i, item)
			}
		}
	}
}

// text reads one text, and says whether it could. A whole number is taken as
// it is written, as codes of areas are.
func (r *reader) text(dst *string) func(*yaml.Node) bool {
	return func(n *yaml.Node) bool {
		line := n.Line
		n = resolve(n)
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!int" {
			r.failAt(line, "this must be text, not %s%s", shape(n), map[bool]string{true: ": put it in quotes"}[n.Kind == yaml.ScalarNode])
			return false
		}
		*dst = n.Value
		return true
	}
}

func (r *reader) textField(dst *string) func(*yaml.Node) {
	return func(n *yaml.Node) { r.text(dst)(n) }
}

// path reads a file's name, relative to the configuration's directory.
func (r *reader) path(dst *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var s string
		if !r.text(&s)(n) {
			return
		}
		if s == "" || strings.ContainsRune(s, 0) {
			r.fail(n, "this must be the name of a file or directory")
			return
		}
		*dst = r.absolute(s)
	}
}

func (r *reader) absolute(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.dir, name)
}

func (r *reader) texts(what string, dst *[]string) func(*yaml.Node) {
	return r.list(what, 10_000, func(_ int, n *yaml.Node) {
		var s string
		if r.text(&s)(n) {
			*dst = append(*dst, s)
		}
	})
}

func (r *reader) number(dst *int, least, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var v int
		if m := resolve(n); m.Kind != yaml.ScalarNode || m.Tag != "!!int" || m.Decode(&v) != nil || v < least || v > most {
			r.fail(n, "this must be a whole number from %d to %d", least, most)
			return
		}
		*dst = v
	}
}

func (r *reader) duration(dst *time.Duration, least, most time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(resolve(n).Value)
		if err != nil || d < least || d > most {
			r.fail(n, "this must be a duration from %v to %v, such as 15s", least, most)
			return
		}
		*dst = d
	}
}

// days reads a number of days, such as 400d.
func (r *reader) days(dst *time.Duration, least, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		text, ok := strings.CutSuffix(resolve(n).Value, "d")
		days, err := strconv.Atoi(text)
		if !ok || err != nil || days < least || days > most {
			r.fail(n, "this must be a number of days from %dd to %dd, such as 400d", least, most)
			return
		}
		*dst = time.Duration(days) * 24 * time.Hour
	}
}

func (r *reader) boolean(dst *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if m := resolve(n); m.Kind != yaml.ScalarNode || m.Tag != "!!bool" || m.Decode(dst) != nil {
			r.fail(n, "this must be true or false")
		}
	}
}

func shorten(s string) string {
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:64], "") + "…"
	}
	return s
}

// suggest finds the known key that a wrong one was probably meant to be.
func suggest(key string, known fields) string {
	best, least := "", 3
	for k := range known {
		if d := distance(key, k); d < least || d == least && k < best {
			best, least = k, d
		}
	}
	if best == "" || len(key) > 64 {
		keys := make([]string, 0, len(known))
		for k := range known {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		return " (there are: " + strings.Join(keys, ", ") + ")"
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// distance is how many letters must be added, removed or replaced to make b of a.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
