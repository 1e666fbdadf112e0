package sheet

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"matthan/gateway"
)

// maxNodes bounds what a YAML file may be taken apart into, by the characters
// that part it: a node takes some 200 bytes.
const maxNodes = 2_000_000

// readYAML reads areas and cameras as the configuration has them.
func (in *reader) readYAML(text string) {
	if len(text) > MaxYAML {
		in.end(Message{Code: FileLarge, Params: []string{"8"}})
		return
	}
	parts := 0
	for i := range len(text) {
		if strings.IndexByte("\n,:[]{}-?&*", text[i]) >= 0 {
			parts++
		}
	}
	if parts > maxNodes {
		in.end(Message{Code: FileParts, Params: []string{number(maxNodes)}})
		return
	}
	var document, second yaml.Node
	d := yaml.NewDecoder(strings.NewReader(text))
	err := d.Decode(&document)
	if errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0 {
		in.end(Message{Code: FileEmpty})
		return
	}
	if err != nil {
		in.end(syntax(err))
		return
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		m := Message{Row: second.Line, Code: YAMLDocuments}
		if err != nil {
			m = syntax(err)
		}
		in.end(m)
		return
	}
	var places [fields]place
	for f := range fields {
		places[f].column = fieldNames[f]
	}
	places[latField].column, places[lngField].column = "position", "position"
	in.object(document.Content[0], keys{
		"areas":   func(n *yaml.Node) { in.list(n, gateway.MaxAreas, func(n *yaml.Node) { in.yamlArea(n, &places) }) },
		"cameras": func(n *yaml.Node) { in.list(n, gateway.MaxCameras, func(n *yaml.Node) { in.yamlCamera(n, &places) }) },
	}, in.fail)
}

var (
	yamlLine   = regexp.MustCompile(`^yaml: line (\d+): (.*)`)
	yamlQuotes = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// syntax tells of text that is no YAML, without what the library quotes of it.
func syntax(err error) Message {
	m := Message{Code: YAMLSyntax}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if found := yamlLine.FindStringSubmatch(err.Error()); found != nil {
		text = found[2]
		if line, err := strconv.Atoi(found[1]); err == nil {
			m.Row = line
		}
	}
	text, _, _ = strings.Cut(yamlQuotes.ReplaceAllString(text, "…"), "\n")
	m.Params = []string{text}
	return m
}

// keys says what to do with the value of each key of a mapping.
type keys map[string]func(*yaml.Node)

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// object reads a mapping. It quotes no key, which may be a secret in the wrong
// place.
func (in *reader) object(n *yaml.Node, known keys, fail func(Message)) {
	line := n.Line
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		fail(Message{Row: line, Code: YAMLObject})
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		do, ok := known[k.Value]
		switch {
		case k.Kind == yaml.ScalarNode && k.Value == "password_file":
			fail(Message{Row: k.Line, Column: k.Value, Code: YAMLPasswordFile})
		case k.Kind != yaml.ScalarNode || !ok:
			fail(Message{Row: k.Line, Code: YAMLKey, Params: []string{listOf(known)}})
		case seen[k.Value]:
			fail(Message{Row: k.Line, Column: k.Value, Code: YAMLTwice})
		default:
			seen[k.Value] = true
			do(value)
		}
	}
}

func listOf(known keys) string {
	list := make([]string, 0, len(known))
	for k := range known {
		list = append(list, k)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (in *reader) list(n *yaml.Node, most int, each func(*yaml.Node)) {
	line := n.Line
	switch n = resolve(n); {
	case isNull(n):
	case n.Kind != yaml.SequenceNode:
		in.fail(Message{Row: line, Code: YAMLList})
	case len(n.Content) > most:
		in.end(Message{Row: line, Code: RowsMany, Params: []string{number(most)}})
	default:
		for _, item := range n.Content {
			each(item)
		}
	}
}

func (in *reader) yamlArea(n *yaml.Node, places *[fields]place) {
	r := &areaRow{row: row{number: n.Line, lines: map[field]int{}, places: places, in: in}}
	in.object(n, keys{"id": r.value(idField), "name": r.value(nameField), "parent": r.value(parentField)}, r.add)
	if id := r.text[idField]; id != "" && !goodID(id) {
		r.fail(idField, IDBad)
		r.text[idField] = ""
	}
	r.text[nameField] = clean(r.text[nameField])
	in.areas = append(in.areas, r)
}

func (in *reader) yamlCamera(n *yaml.Node, places *[fields]place) {
	r := &row{number: n.Line, lines: map[field]int{}, places: places, in: in}
	in.object(n, keys{
		"id": r.value(idField), "name": r.value(nameField), "area": r.value(areaField), "kind": r.value(kindField),
		"main": r.value(mainField), "sub": r.value(subField), "transport": r.value(transportField),
		"position": r.yamlPosition, "keep_warm": r.yamlBool(warmField), "any_certificate": r.yamlBool(certificateField), "sound": r.yamlBool(soundField), "marked": r.yamlBool(markedField), "masks": r.yamlMasks,
		"onvif": func(n *yaml.Node) {
			for _, f := range [...]field{onvifField, identityField, profileField, ptzField} {
				r.lines[f], r.said[f] = n.Line, true
			}
			if !isNull(resolve(n)) {
				in.object(n, keys{"address": r.value(onvifField), "identity": r.value(identityField), "profile": r.value(profileField),
					"ptz": r.yamlBool(ptzField)}, r.add)
			}
		},
		"login": func(n *yaml.Node) {
			r.said[userField] = true
			if !isNull(resolve(n)) {
				in.object(n, keys{"user": r.value(userField), "password": r.value(passwordField)}, r.add)
			}
		},
	}, r.add)
	r.parse()
	in.cameras = append(in.cameras, r)
}

// value reads a text. A whole number is taken as it is written, and nothing as
// an empty text.
func (r *row) value(f field) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.lines[f], r.said[f] = n.Line, true
		n = resolve(n)
		switch {
		case isNull(n):
		case n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!int":
			r.fail(f, YAMLText)
		case len(n.Value) > MaxCell:
			r.fail(f, CellLong, number(MaxCell))
		case f == passwordField:
			r.text[f] = n.Value
		default:
			r.text[f] = strings.TrimSpace(n.Value)
		}
	}
}

func (r *row) yamlBool(f field) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var v bool
		r.lines[f], r.said[f] = n.Line, true
		if n = resolve(n); n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&v) != nil {
			r.fail(f, YAMLBool)
			return
		}
		r.text[f] = strconv.FormatBool(v)
	}
}

func (r *row) yamlPosition(n *yaml.Node) {
	for _, f := range [...]field{latField, lngField} {
		r.lines[f], r.said[f] = n.Line, true
	}
	if n = resolve(n); isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		r.fail(latField, YAMLPosition)
		return
	}
	for i, f := range [...]field{latField, lngField} {
		v := resolve(n.Content[i])
		if v.Kind != yaml.ScalarNode || v.Tag != "!!int" && v.Tag != "!!float" || len(v.Value) > 64 {
			r.fail(latField, YAMLPosition)
			r.text[latField] = ""
			r.said[latField] = false
			return
		}
		r.text[f] = v.Value
	}
}

// yamlMasks reads polygons. What is none of them is refused, so that a slip hides
// no less than was meant.
func (r *row) yamlMasks(n *yaml.Node) {
	r.lines[masksField], r.said[masksField] = n.Line, true
	var pairs [][][]float64
	list := resolve(n)
	wrong := list.Kind != yaml.SequenceNode || len(list.Content) > gateway.MaxMasks || list.Decode(&pairs) != nil
	for _, line := range pairs {
		var m gateway.Mask
		for _, p := range line {
			if wrong = wrong || len(p) != 2 || !(p[0] >= 0 && p[0] <= 1 && p[1] >= 0 && p[1] <= 1); wrong {
				break
			}
			m = append(m, gateway.Point{X: p[0], Y: p[1]})
		}
		wrong = wrong || len(m) < 3 || len(m) > gateway.MaxMaskPoints
		r.masks = append(r.masks, m)
	}
	if wrong {
		r.fail(masksField, YAMLMasks, number(gateway.MaxMasks), number(gateway.MaxMaskPoints))
		r.said[masksField] = false
	}
}
